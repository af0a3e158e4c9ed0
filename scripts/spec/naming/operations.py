"""Names of operations: a namespace, a method and a module for each, whatever the order of the pages.

By the contract the namespace is the tag; the method is the summary's verb and what is left of the summary without the
tag's own words. The overlay may name an operation (`x-sdk-namespace`, `x-sdk-method`, `operationId`), the lock keeps
what was named before, and of the rest those that come out alike are told apart by their paths.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from scripts.openapi.errors import PipelineError
from scripts.openapi.identifiers import MAX_NAME_LENGTH, identifier, unused, words
from scripts.openapi.json_text import pointer
from scripts.openapi.operations import PAGES_KEY, operation_key, operations, placeholders
from scripts.openapi.structure import Node
from scripts.spec.naming.locked_names import LockedName
from scripts.spec.naming.models import singular
from scripts.spec.naming.request_models import REQUEST_KEY, name_requests

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

METHOD_KEY: Literal["x-sdk-method"] = "x-sdk-method"
NAMESPACE_KEY = "x-sdk-namespace"
PUBLISHED_TAG_KEY = "x-published-tag"
"""On an operation whose tag is no longer the one that its namespace was named after: the tag of today."""
MODULE_KEY: Literal["operationId"] = "operationId"

RESERVED_NAMESPACES = frozenset(
    {"aclose", "api_key", "auth", "base_url", "client", "close", "headers", "http_client", "is_closed", "max_retries"}
    | {"on_mismatch", "paginate", "params", "request", "strict", "timeout", "token_store", "with_options"}
)
"""What the clients have, or may get, attributes for; a namespace of that name gets an underscore."""

_ARTICLES = frozenset({"a", "an", "the"})
_VERBS = {"get": "get", "post": "create", "put": "update", "patch": "update", "delete": "delete"}
_VERSIONED_ROOT = re.compile(r"/api/v\d+(?=/|$)")
# Short enough to be a folder, too, however it is put into snake case.
_PLAIN_TAG = re.compile(rf"[A-Za-z0-9][A-Za-z0-9 _-]{{,{MAX_NAME_LENGTH - 1}}}")


@dataclass
class _Named:
    """An operation on its way to its names."""

    path: str
    method: str
    node: Node
    namespace: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return operation_key(self.method, self.path)


@dataclass
class Names:
    """What became of the names.

    Attributes:
        lock: the lock as it should be from now on: what it had, and every operation there is.
        new: the operations that it did not have.
        skipped: its entries of pages that are not among the inputs.
        renamed: its entries of operations that answer with another model now, each with the new one.
        gone: its entries whose pages are among them, but not their operations.
        enumerations: how many enumerations operations share.
    """

    lock: dict[tuple[str, str], LockedName]
    new: list[LockedName] = field(default_factory=list)
    skipped: list[LockedName] = field(default_factory=list)
    renamed: list[tuple[LockedName, LockedName]] = field(default_factory=list)
    gone: list[LockedName] = field(default_factory=list)
    enumerations: int = 0


def name_operations(document: Node, lock: Mapping[tuple[str, str], LockedName], pages: set[str]) -> Names:
    """Name every operation of a document, in place.

    Writes `operationId` (the module), `x-sdk-method`, `x-sdk-namespace`, and the one tag that stands for the namespace.

    Raises:
        PipelineError: the overlay and the lock want one name for two operations.
    """
    named = [_Named(path, method, operation) for path, method, operation in operations(document)]
    _choose_namespaces(named, lock)
    by_namespace: dict[str, list[_Named]] = defaultdict(list)
    for operation in named:
        by_namespace[operation.namespace].append(operation)
    present = {operation.key for operation in named}
    absent = [entry for entry in lock.values() if entry.key not in present]
    # OpenAPI wants an operationId to be the only one in the whole document; a method is the only one in its namespace.
    _choose_names(named, lock, MODULE_KEY, {entry.module: entry.path for entry in absent})
    for namespace, group in by_namespace.items():
        others = {entry.name: entry.path for entry in absent if entry.namespace == namespace}
        _choose_names(group, lock, METHOD_KEY, others)
        tag = _common_tag(namespace, group)
        for operation in group:
            published = _tag(operation)
            operation.node.update({"tags": [tag], NAMESPACE_KEY: namespace})
            if published != tag:
                operation.node[PUBLISHED_TAG_KEY] = published
    name_requests(document, lock)
    return _compared(named, lock, pages)


def method_name(summary: str, tag: str) -> str:
    """Return the method's name: `Deploy Virtual Environment Version` of `Virtual Environments` is `deploy_version`."""
    verb, *rest = words(summary) or [""]
    own = {singular(word.lower()) for word in words(tag)}
    left = [word for word in rest if singular(word.lower()) not in own and word.lower() not in _ARTICLES]
    return identifier(" ".join([verb, *left]))


def operation_summary(method: str, path: str, node: Node) -> str:
    """Return the summary, or one made of the HTTP method and the path where the page has none."""
    summary = node.get("summary", "")
    if words(summary):
        return str(summary)
    listing = method == "get" and not path.endswith("}")
    return " ".join(["list" if listing else _VERBS.get(method, method), *_static(path)])


def _choose_namespaces(operations: list[_Named], lock: Mapping[tuple[str, str], LockedName]) -> None:
    locked_by_tag: dict[str, set[str]] = defaultdict(set)
    for operation in operations:
        if operation.key in lock:
            locked_by_tag[_tag(operation)].add(lock[operation.key].namespace)
    for operation in operations:
        tag = _tag(operation)
        given = operation.node.get(NAMESPACE_KEY)
        if given:
            operation.namespace = identifier(given, reserved=RESERVED_NAMESPACES)
        elif operation.key in lock:
            operation.namespace = lock[operation.key].namespace
        elif len(locked_by_tag[tag]) == 1:
            # A tag that was renamed keeps its namespace for what comes new, too.
            operation.namespace = next(iter(locked_by_tag[tag]))
        else:
            operation.namespace = identifier(tag, reserved=RESERVED_NAMESPACES)


def _choose_names(
    group: list[_Named],
    lock: Mapping[tuple[str, str], LockedName],
    key: Literal["x-sdk-method", "operationId"],
    absent: Mapping[str, str],
) -> None:
    """Give each operation of a group a name of one kind that no other has, nor a locked one that is absent."""
    fixed = dict(absent)
    free: list[_Named] = []
    for operation in group:
        given, locked = operation.node.get(key), lock.get(operation.key)
        if given:
            name = identifier(given)
        elif locked is not None and (key == MODULE_KEY or locked.namespace == operation.namespace):
            name = locked.name if key == METHOD_KEY else locked.module
        else:
            free.append(operation)
            continue
        if name in fixed:
            where = pointer(("paths", operation.path, operation.method, key))
            message = (
                f"{operation.namespace}.{name} is the name of {fixed[name]} already; name one of them in the overlay"
            )
            raise PipelineError(", ".join(operation.node[PAGES_KEY]), "", where, message)
        fixed[name] = operation.path
        operation.node[key] = name
    plain = {id(operation): _plain_name(operation, key) for operation in free}
    rivals: dict[str, list[str]] = defaultdict(list)
    for name, path in fixed.items():
        rivals[name].append(path)
    for operation in free:
        rivals[plain[id(operation)]].append(operation.path)
    common = {name: _common_words(paths) for name, paths in rivals.items()}
    choices = [_choices(operation, key, plain[id(operation)], common[plain[id(operation)]]) for operation in free]
    for operation, name in zip(free, _settled(choices, set(fixed)), strict=True):
        operation.node[key] = name


def _settled(choices: list[list[str]], taken: set[str]) -> list[str]:
    """Return one name of each list of choices, all different; where several want one, all take their next choice."""
    names = [options[0] for options in choices]
    for level in range(1, len(choices[0]) if choices else 0):
        counts = Counter(names)
        names = [
            options[level] if counts[name] > 1 or name in taken else name
            for name, options in zip(names, choices, strict=True)
        ]
    counts = Counter(names)
    used = taken | {name for name in names if counts[name] == 1}
    for index, name in enumerate(names):
        if counts[name] > 1 or name in taken:
            names[index] = unused(name, used.__contains__)
            used.add(names[index])
    return names


def _common_words(paths: Iterable[str]) -> set[str]:
    """Return the words that all of some paths have."""
    return set.intersection(*({singular(word.lower()) for word in _static(path)} for path in paths))


def _choices(operation: _Named, key: str, plain: str, common: set[str]) -> list[str]:
    """Return names for one operation, each longer than the one before; `common` are words that all others have, too."""
    summary = operation_summary(operation.method, operation.path, operation.node)
    known = common | {singular(word.lower()) for word in words(summary)}
    extra = [word for word in _static(operation.path) if singular(word.lower()) not in known]
    by_path = identifier(" ".join([plain, *extra]))
    names_in_path = " and ".join(placeholders(operation.path))
    by_name = identifier(f"{by_path} by {names_in_path}") if names_in_path else by_path
    is_collection = operation.method == "get" and not operation.path.endswith("}")
    as_list = re.sub(r"^get(?=_|$)", "list", plain) if is_collection and key == METHOD_KEY else plain
    whole = identifier(f"{operation.method} {operation.path}")
    return [plain, as_list, by_path, by_name, identifier(f"{by_name} {operation.method}"), whole]


def _plain_name(operation: _Named, key: str) -> str:
    summary = operation_summary(operation.method, operation.path, operation.node)
    return method_name(summary, _tag(operation)) if key == METHOD_KEY else identifier(summary)


def _tag(operation: _Named) -> str:
    tags = [tag for tag in operation.node.get("tags", []) if isinstance(tag, str) and words(tag)]
    return tags[0] if tags else next(iter(_static(operation.path)), "Default")


def _common_tag(namespace: str, group: list[_Named]) -> str:
    """Return the tag as documented, where it is plain text that gives the namespace; else one made of the namespace."""
    tags = {_tag(operation) for operation in group}
    plain = [tag for tag in tags if _PLAIN_TAG.fullmatch(tag) and identifier(tag) == namespace.rstrip("_")]
    return min(plain, default=namespace.rstrip("_").replace("_", " ").title())


def _static(path: str) -> list[str]:
    """Return the words of a path that are no parameter, without the root that all paths share."""
    segments = _VERSIONED_ROOT.sub("", path).split("/")
    return [word for segment in segments if "{" not in segment for word in words(segment)]


def _compared(operations: list[_Named], lock: Mapping[tuple[str, str], LockedName], pages: set[str]) -> Names:
    names = Names(dict(lock))
    for operation in operations:
        node = operation.node
        entry = LockedName(
            operation.method,
            operation.path,
            operation.namespace,
            node[METHOD_KEY],
            node[MODULE_KEY],
            tuple(node[PAGES_KEY]),
            node.get(REQUEST_KEY, ""),
        )
        names.lock[operation.key] = entry
        if operation.key not in lock:
            names.new.append(entry)
    present = {operation.key for operation in operations}
    for entry in lock.values():
        if entry.key not in present:
            (names.gone if pages.intersection(entry.pages) else names.skipped).append(entry)
    return names
