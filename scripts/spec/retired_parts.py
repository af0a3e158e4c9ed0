"""Operations, models and fields that are no longer documented, and that the SDK keeps, deprecated, for a while.

`openapi/retired.json` holds each under the JSON pointer where it stood in the merged document. Grafted back in, it goes
through the same corrections, rules and names as everything else, so that a method keeps its name and its types; only
that it is marked as deprecated.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.openapi.errors import PipelineError
from scripts.openapi.input_files import read_json
from scripts.openapi.json_text import dumps, path_of, pointer
from scripts.openapi.operations import PAGES_KEY, operation_key, operations
from scripts.openapi.package_version import Version, parse_version, removal_version
from scripts.openapi.references import reachable
from scripts.openapi.structure import Node, Path as Parts, is_reference
from scripts.spec.merge_fragments import Merged

RETIRED_KEY = "x-retired"
"""On an operation, a schema or a field that is kept: the version in which it goes."""


@dataclass(frozen=True)
class RetiredPart:
    """One thing that is kept.

    Attributes:
        pages: the pages that it was published on.
        since: the version that first had to do without its documentation.
        value: the operation, the component or the field, as published.
    """

    pages: tuple[str, ...]
    since: Version
    value: Node

    @property
    def until(self) -> Version:
        """The version in which it goes."""
        return removal_version(self.since)


Retired = Mapping[Parts, RetiredPart]


def read_retired(file: Path) -> Retired:
    """Return what a file holds; nothing where there is no file.

    Raises:
        PipelineError: it cannot be read.
    """
    if not file.exists():
        return {}
    content = read_json(file)
    try:
        return {_parts(where): _kept(entry) for where, entry in content.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PipelineError(file.name, "", "", "is not what regenerating writes") from error


def retired_text(retired: Retired) -> str:
    """Return the content of the file."""
    entries = {
        pointer(where): {"since": str(kept.since), "pages": list(kept.pages), "value": kept.value}
        for where, kept in retired.items()
    }
    return dumps(dict(sorted(entries.items())))


def update_retired(retired: Retired, before: Merged | None, now: Merged, version: Callable[[], Version]) -> Retired:
    """Return what is kept from now on: what was kept, and what went since `before`, but nothing whose time is up.

    Args:
        retired: what is kept already.
        before: the documentation as it was last; `None` if it is the same.
        now: the documentation.
        version: gives that of the package; not called while there is nothing to keep.
    """
    gone = dict(_vanished(before, now)) if before else {}
    if not gone and not retired:
        return {}
    current, documented = version(), _Documented(now.document)
    kept = {**{where: RetiredPart(pages, current, value) for where, (pages, value) in gone.items()}, **retired}
    return {where: entry for where, entry in kept.items() if current < entry.until and where not in documented}


def graft(merged: Merged, retired: Retired, *, only_of_these_pages: bool) -> None:
    """Put what is kept back into a document, in place, marked as deprecated.

    Args:
        merged: what is documented; where it has something of its own, that counts.
        retired: what is kept.
        only_of_these_pages: leave out what was published on pages that the document is not made of.
    """
    documented = _Documented(merged.document)
    # A field goes into its schema, so the schemas come first.
    for where, kept in sorted(retired.items(), key=lambda item: len(item[0])):
        if where in documented or (only_of_these_pages and not merged.pages.issuperset(kept.pages)):
            continue
        if (parent := _parent(merged.document, where)) is not None:
            mark = _deprecated_operation if where[0] == "paths" else _deprecated_schema
            parent[str(where[-1])] = mark(where, kept)
            # The corrections of a page that is gone go on counting for what is kept of it.
            merged.pages.update(kept.pages)


def describe_retired(schemas: Node) -> None:
    """Begin the description of each schema and field that is kept with the version in which it goes.

    This comes after the corrections, some of which describe what nothing describes.
    """
    for schema in schemas.values():
        if RETIRED_KEY in schema:
            text = f"Deprecated: it is no longer documented, and goes in version {schema[RETIRED_KEY]}."
            schema["description"] = f"{text} {schema.get('description', '')}".rstrip()
        items = schema.get("items")
        describe_retired(_fields(schema) | ({"items": items} if isinstance(items, dict) else {}))


class _Documented:
    """What a document has, whatever the names in the braces of its paths are."""

    def __init__(self, document: Node) -> None:
        self._document = document
        self._endpoints = {operation_key(method, path) for path, method, _ in operations(document)}

    def __contains__(self, where: Parts) -> bool:
        if where[0] == "paths":
            return operation_key(str(where[2]), str(where[1])) in self._endpoints
        part: Any = self._document
        for key in where:
            if not isinstance(part, dict) or key not in part:
                return False
            part = part[key]
        return True


def _vanished(before: Merged, now: Merged) -> Iterator[tuple[Parts, tuple[tuple[str, ...], Node]]]:
    documented = _Documented(now.document)
    schemas = before.document["components"].get("schemas", {})
    pages_of: dict[str, set[str]] = {}
    for path, method, operation in operations(before.document):
        for name in reachable(schemas, operation):
            pages_of.setdefault(name, set()).update(operation[PAGES_KEY])
        where: Parts = ("paths", path, method)
        if where not in documented:
            yield where, (tuple(operation[PAGES_KEY]), _without_pages(operation))
    for section, entries in before.document["components"].items():
        current = now.document["components"].get(section, {})
        for name, component in entries.items():
            pages = tuple(sorted(pages_of.get(name, before.pages) if section == "schemas" else before.pages))
            if name not in current:
                yield ("components", section, name), (pages, component)
            elif section == "schemas":
                for where, field in _vanished_fields(component, current[name]):
                    yield ("components", section, name, *where), (pages, field)


def _vanished_fields(before: Node, now: Node) -> Iterator[tuple[Parts, Node]]:
    for name, field in _fields(before).items():
        current = _fields(now).get(name)
        if current is None:
            yield ("properties", name), field
        else:
            yield from ((("properties", name, *where), inner) for where, inner in _vanished_fields(field, current))
    items, current_items = before.get("items"), now.get("items")
    if isinstance(items, dict) and isinstance(current_items, dict):
        yield from ((("items", *where), inner) for where, inner in _vanished_fields(items, current_items))


def _fields(schema: Node) -> dict[str, Node]:
    # `*` is no field but the rule for each entry of a list.
    return {name: field for name, field in schema.get("properties", {}).items() if name != "*"}


def _parent(document: Node, where: Parts) -> Node | None:
    """Return what the thing at `where` goes into; `None` where that is no longer there."""
    part: Any = document
    for depth, key in enumerate(where[:-1]):
        # A path, a section of components and the list of fields may be missing; what they belong to may not.
        part = part.setdefault(key, {}) if depth == 1 or key == "properties" else part.get(key)
        if not isinstance(part, dict) or is_reference(part):
            return None
    parent: Node = part
    return parent


def _deprecated_operation(where: Parts, kept: RetiredPart) -> Node:
    text = f"{str(where[2]).upper()} {where[1]} is no longer documented; this method goes in version {kept.until}."
    marks = {"deprecated": True, "x-deprecated": text, RETIRED_KEY: str(kept.until), PAGES_KEY: list(kept.pages)}
    return {**copy.deepcopy(kept.value), **marks}


def _deprecated_schema(_: Parts, kept: RetiredPart) -> Node:
    schema = copy.deepcopy(kept.value)
    # Beside a reference nothing else would be read.
    inner = {"allOf": [schema]} if is_reference(schema) else schema
    return {**inner, RETIRED_KEY: str(kept.until)}


def _without_pages(operation: Node) -> Node:
    return {key: value for key, value in operation.items() if key != PAGES_KEY}


def _parts(where: str) -> Parts:
    parts = path_of(where)
    if not where.startswith("#/") or parts[0] not in {"paths", "components"} or len(parts) < 3:
        raise ValueError(where)
    return parts


def _kept(entry: Node) -> RetiredPart:
    since = parse_version(entry["since"])
    if since is None or not isinstance(entry["value"], dict):
        raise ValueError(entry)
    return RetiredPart(tuple(str(page) for page in entry["pages"]), since, entry["value"])
