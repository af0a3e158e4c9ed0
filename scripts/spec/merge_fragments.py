"""Merge fragments into one document; where two say different things, that is an error which names both places.

The order in which the fragments come makes no difference to the result, nor to which error is reported.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from scripts.openapi.errors import ErrorCollector, PipelineError, Place
from scripts.openapi.identifiers import slugs
from scripts.openapi.json_text import canonical, difference, pointer
from scripts.openapi.operations import PAGES_KEY
from scripts.openapi.references import ReferenceProblem, check_references
from scripts.openapi.structure import METHODS, Node, Path
from scripts.spec.dereference import dereference
from scripts.spec.fragment_checks import check_parameters, checked_fragment
from scripts.spec.servers_and_security import SERVER, check_servers, drop_unused_schemes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scripts.spec.extract_fragments import Fragment

# What the SDK is made of. Names come from the summary, the overlay and the lock, so a page's operationId is no use.
OPERATION_KEYS = ("summary", "description", "tags", "deprecated", "security", "parameters", "requestBody", "responses")


class Statement(NamedTuple):
    """What one block says."""

    place: Place
    value: Any


@dataclass
class Merged:
    """One document, and where each of its operations and components was published."""

    document: Node
    pages: set[str]
    origins: dict[Path, Place] = field(default_factory=dict)

    def origin(self, path: Path) -> Place | None:
        """Return where the part at `path`, or what it belongs to, was published; `None` for one of our own making."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
        return None

    def error(self, path: Path, message: str) -> PipelineError:
        """Return an error at `path` of the document, with the place where it was published."""
        place = self.origin(path)
        return place.error(pointer(path), message) if place else PipelineError("", "", pointer(path), message)


def merge(fragments: Iterable[Fragment]) -> Merged:
    """Return one document of all fragments.

    Raises:
        PipelineError: two fragments disagree, one is for another server, or a `$ref` leads nowhere.
    """
    fragments = sorted(fragments, key=lambda fragment: fragment.place)
    folders = slugs(fragment.place.page for fragment in fragments)
    documents: list[Statement] = []
    errors = ErrorCollector()
    for fragment in fragments:
        with errors.collect():
            documents.append(Statement(fragment.place, _usable(fragment)))
    errors.raise_all()
    security = _common_security(documents)
    components: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    operations: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for place, document in documents:
        for section, entries in document.get("components", {}).items():
            for name, component in entries.items():
                components[section, name].append(Statement(place, component))
        for path, item in document.get("paths", {}).items():
            for method in METHODS:
                if method in item:
                    operation = _whole_operation(document, item, item[method], security)
                    operations[path, method].append(Statement(place, operation))
    if not operations:
        raise PipelineError(", ".join(sorted(folders)), "", "#/paths", "not one operation in any block")
    _check_paths(operations)
    merged = Merged(_head(documents, security), set(folders.values()))
    for (path, method), statements in sorted(operations.items(), key=lambda entry: _in_order(*entry[0])):
        with errors.collect():
            operation = _agreed(statements, ("paths", path, method))
            operation[PAGES_KEY] = sorted({folders[statement.place.page] for statement in statements})
            merged.document["paths"].setdefault(path, {})[method] = operation
            merged.origins["paths", path, method] = statements[0].place
    for (section, name), statements in sorted(components.items()):
        with errors.collect():
            merged.document["components"].setdefault(section, {})[name] = _agreed(
                statements, ("components", section, name)
            )
            merged.origins["components", section, name] = statements[0].place
    errors.raise_all()
    return merged


def merged_before(fragments: Iterable[Fragment]) -> Merged | None:
    """Merge what was documented last; `None` where that is nothing, or nothing that can be understood.

    The new documentation is what puts it right.
    """
    try:
        return merge(fragments)
    except PipelineError:
        return None


def _usable(fragment: Fragment) -> Node:
    """Return the document of a block: checked, dereferenced, and without what nobody needs."""
    document = checked_fragment(fragment)
    try:
        check_references(document)
    except ReferenceProblem as problem:
        raise fragment.place.error(pointer(problem.path), str(problem)) from problem
    check_servers(fragment.place, document)
    dereference(document)
    check_parameters(document, fragment.place)
    drop_unused_schemes(document)
    return document


def _common_security(documents: list[Statement]) -> Any:
    """Return what most blocks ask for; the operations of the others say for themselves what they ask for."""
    counts = Counter(canonical(document["security"]) for _, document in documents if "security" in document)
    if not counts:
        return None
    most = max(counts.values())
    return json.loads(min(text for text, count in counts.items() if count == most))


def _whole_operation(document: Node, item: Node, operation: Node, security: Any) -> Node:
    """Return the operation with what its block says of all methods of the path, and of all operations."""
    whole = {key: operation[key] for key in OPERATION_KEYS if key in operation}
    own = operation.get("parameters", [])
    known = {(parameter.get("in"), parameter.get("name")) for parameter in own}
    shared = [p for p in item.get("parameters", []) if (p.get("in"), p.get("name")) not in known]
    if own or shared:
        whole["parameters"] = [*shared, *own]
    if (
        "security" not in operation
        and "security" in document
        and canonical(document["security"]) != canonical(security)
    ):
        whole["security"] = document["security"]
    return whole


def _check_paths(operations: Mapping[tuple[str, str], list[Statement]]) -> None:
    """Refuse two paths that differ in nothing but the names in braces: one endpoint, published in two versions."""
    seen: dict[tuple[str, str], str] = {}
    for path, method in sorted(operations):
        key = re.sub(r"\{[^{}]*\}", "{}", path), method
        other = seen.setdefault(key, path)
        if other != path:
            first, second = operations[other, method][0], operations[path, method][0]
            message = f"is the same endpoint as {pointer(('paths', other, method))} in {first.place}"
            raise second.place.error(pointer(("paths", path, method)), message)


def _head(documents: list[Statement], security: Any) -> Node:
    """Return everything of the document but its paths and components."""
    # A tag that is only named says nothing; the ones that are in use are listed in the end.
    tags: dict[str, list[Statement]] = defaultdict(list)
    for place, document in documents:
        for tag in document.get("tags", []):
            if isinstance(tag, dict) and isinstance(tag.get("name"), str) and len(tag) > 1:
                tags[tag["name"]].append(Statement(place, tag))
    head: Node = {
        "openapi": max((document["openapi"] for _, document in documents), key=_version_key),
        "info": max((document.get("info", {}) for _, document in documents), key=_info_key),
        "servers": [{"url": SERVER}],
        "tags": [_agreed(statements, ("tags", name)) for name, statements in sorted(tags.items())],
    }
    if security is not None:
        head["security"] = security
    return {**head, "paths": {}, "components": {}}


def _agreed(statements: list[Statement], path: Path) -> Any:
    """Return what all statements say; of two that differ in the order of their keys always the same one.

    Raises:
        PipelineError: they differ; it names the block that stands against the most others, and one of those.
    """
    texts = [json.dumps(statement.value, ensure_ascii=False) for statement in statements]
    if len(set(texts)) == 1:
        return statements[0].value
    sides: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        sides[canonical(statement.value)].append(statement)
    if len(sides) == 1:
        return json.loads(min(texts))
    by_weight = sorted(sides.values(), key=lambda side: (-len(side), side[0].place))
    usual, odd = by_weight[0][0], by_weight[-1][0]
    where = pointer((*path, *difference(usual.value, odd.value)))
    # Two pages with one operation are most often one page under two names.
    renamed = path[0] == "paths" and usual.place.page != odd.place.page
    steps = "; where a page was renamed, docs/releasing.md has the steps" if renamed else ""
    raise odd.place.error(where, f"differs from what {usual.place} says of the same {_kind(path)}{steps}")


def _kind(path: Path) -> str:
    return {"paths": "operation", "tags": "tag"}.get(str(path[0]), "component")


def _in_order(path: str, method: str) -> tuple[str, int]:
    return path, METHODS.index(method)


def _version_key(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _info_key(info: Node) -> tuple[list[int], str]:
    return _version_key(str(info.get("version", ""))), canonical(info)
