"""Compare two prepared documents: what changed of operations and models, as Markdown by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scripts.openapi.operations import PAGES_KEY, operation_key, operations
from scripts.openapi.references import reachable
from scripts.openapi.structure import Node
from scripts.release.markdown import code, codes
from scripts.release.parameters_and_fields import Part, Parts, operation_parts, schema_parts
from scripts.spec.naming.operations import METHOD_KEY, NAMESPACE_KEY, PUBLISHED_TAG_KEY
from scripts.spec.retired_parts import RETIRED_KEY

Pages = tuple[str, ...]

_OTHERWISE = "in a way that is not shown here; see the document"


class DocumentChange(NamedTuple):
    """One operation or model that is not as it was.

    Attributes:
        pages: where it is published.
        kind: `operation` or `model`.
        change: what became of it, in a word or two.
        subject: what it is, as Markdown.
        details: what changed about it, as Markdown.
    """

    pages: Pages
    kind: str
    change: str
    subject: str
    details: list[str]


def document_changes(old: Node, new: Node) -> list[DocumentChange]:
    """Return everything that differs, by page, the operations first."""
    found = [*_operations(old, new), *_models(old, new)]
    return sorted(found, key=lambda difference: (difference.pages, difference.kind == "model"))


def _operations(old: Node, new: Node) -> Iterator[DocumentChange]:
    before, after = (
        {operation_key(method, path): (path, method, node) for path, method, node in operations(document)}
        for document in (old, new)
    )
    for key in sorted({*before, *after}, key=lambda key: (key[1], key[0])):
        path, method, operation = after.get(key) or before[key]
        subject = f"{code(f'{method.upper()} {path}')}, {code(_name(operation))}"
        pages = tuple(operation.get(PAGES_KEY, ()))
        if key not in before:
            yield DocumentChange(pages, "operation", "added", subject, [])
        elif key not in after:
            yield DocumentChange(pages, "operation", "removed", subject, [])
        else:
            was_path, _, was = before[key]
            details = [*_changed_operation(was_path, was, path, operation)]
            if details or was != operation:
                details = details or [_OTHERWISE]
                yield DocumentChange(pages, "operation", _change(was, operation), subject, details)


def _changed_operation(was_path: str, was: Node, path: str, now: Node) -> Iterator[str]:
    if RETIRED_KEY in now and RETIRED_KEY not in was:
        yield f"stays as it was, deprecated, until version {code(now[RETIRED_KEY])}"
        return
    if _name(was) != _name(now):
        yield f"its method was {code(_name(was))}, is {code(_name(now))}"
    if was_path != path:
        yield f"its path was {code(was_path)}"
    if _tag(was) != _tag(now):
        yield f"its tag was {code(_tag(was))}, is {code(_tag(now))}"
    if was.get(PAGES_KEY) != now.get(PAGES_KEY):
        yield f"it was on {codes(was.get(PAGES_KEY, ()))}, is on {codes(now.get(PAGES_KEY, ()))}"
    for key in ("summary", "description"):
        if was.get(key) != now.get(key):
            yield f"{key} was {code(was.get(key, ''))}, is {code(now.get(key, ''))}"
    yield from _changed_parts(operation_parts(was), operation_parts(now))


def _models(old: Node, new: Node) -> Iterator[DocumentChange]:
    before, after = (document.get("components", {}).get("schemas", {}) for document in (old, new))
    pages = {**_pages_of_schemas(old), **_pages_of_schemas(new)}
    for name in sorted({*before, *after}):
        subject = code(name)
        where = pages.get(name, ())
        if name not in before:
            yield DocumentChange(where, "model", "added", subject, [])
        elif name not in after:
            yield DocumentChange(where, "model", "removed", subject, [])
        elif RETIRED_KEY in after[name] and RETIRED_KEY not in before[name]:
            details = [f"stays, deprecated, until version {code(after[name][RETIRED_KEY])}"]
            yield DocumentChange(where, "model", "no longer documented", subject, details)
        else:
            details = [*_changed_parts(schema_parts(before[name]), schema_parts(after[name]))]
            if before[name] != after[name]:
                details = details or [_OTHERWISE]
                yield DocumentChange(where, "model", _change(before[name], after[name]), subject, details)


def _changed_parts(before: Parts, after: Parts) -> Iterator[str]:
    for name in [*before, *(name for name in after if name not in before)]:
        kind, label = name
        what = f"{kind} {code(label)}" if kind != "it" else kind
        if name not in after:
            yield f"{what} removed"
        elif name not in before:
            part = after[name]
            values = f", one of {codes(part.values)}" if part.values else ""
            yield f"{what} added: {code(part.type)}{values}{', required' if part.required else ''}"
        else:
            yield from (f"{what}: {detail}" for detail in _changed_part(before[name], after[name]))


def _changed_part(was: Part, now: Part) -> Iterator[str]:
    if now.retired and not was.retired:
        yield f"no longer documented, stays until version {code(now.retired)}"
        return
    if was.retired and not now.retired:
        yield "documented again"
    if was.type != now.type:
        yield f"was {code(was.type)}, is {code(now.type)}"
    if was.required != now.required:
        yield "required now" if now.required else "no longer required"
    if added := [value for value in now.values if value not in was.values]:
        yield f"values added: {codes(added)}"
    if removed := [value for value in was.values if value not in now.values]:
        yield f"values removed: {codes(removed)}"
    if was.text != now.text and bool(was.retired) == bool(now.retired):
        yield f"description was {code(was.text)}, is {code(now.text)}"


def _change(was: Node, now: Node) -> str:
    if RETIRED_KEY in now and RETIRED_KEY not in was:
        return "no longer documented"
    return "documented again" if RETIRED_KEY in was and RETIRED_KEY not in now else "changed"


def _pages_of_schemas(document: Node) -> Mapping[str, Pages]:
    schemas = document.get("components", {}).get("schemas", {})
    pages: dict[str, set[str]] = {}
    for *_, operation in operations(document):
        for name in reachable(schemas, operation):
            pages.setdefault(name, set()).update(operation.get(PAGES_KEY, ()))
    return {name: tuple(sorted(where)) for name, where in pages.items()}


def _name(operation: Node) -> str:
    return f"{operation.get(NAMESPACE_KEY, '')}.{operation.get(METHOD_KEY, '')}"


def _tag(operation: Node) -> str:
    return str(operation.get(PUBLISHED_TAG_KEY) or ", ".join(operation.get("tags", ())))
