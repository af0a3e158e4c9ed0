"""Follow `$ref`s: check that each leads somewhere, and find what is reachable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts.openapi.structure import CHILDREN, Node, is_reference, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PREFIX = "#/components/"


class ReferenceProblem(Exception):
    """A reference that cannot be followed; `path` is where it stands."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path


def check_references(document: Node) -> None:
    """Make sure that each `$ref` names a component of its own kind, and that none leads back to itself.

    Raises:
        ReferenceProblem: one does not.
    """
    components = {key: value for key, value in document.get("components", {}).items() if isinstance(value, dict)}
    for kind, path, node in walk(document):
        if not is_reference(node):
            continue
        section, name = parse(node["$ref"])
        where = (*path, "$ref")
        if not section:
            raise ReferenceProblem(where, f"{node['$ref']!r} is not a component of this document, and no other is read")
        if name not in components.get(section, {}):
            raise ReferenceProblem(where, f"{node['$ref']!r} leads nowhere")
        if CHILDREN["components"].get(section) != ("map", kind):
            raise ReferenceProblem(where, f"{node['$ref']!r} is no {kind}")
    for section, entries in components.items():
        if section in CHILDREN["components"]:
            _check_cycles(section, entries)


def reference(section: str, name: str) -> Node:
    """Return a pointer to a component."""
    return {"$ref": PREFIX + section + "/" + name.replace("~", "~0").replace("/", "~1")}


def parse(target: str) -> tuple[str, str]:
    """Return the section and the name of a component that is pointed to; two empty texts for any other pointer."""
    section, slash, name = target.removeprefix(PREFIX).partition("/")
    if not target.startswith(PREFIX) or not slash or "/" in name:
        return "", ""
    return section, name.replace("~1", "/").replace("~0", "~")


def schema_names(node: Any) -> Iterator[str]:
    """Yield the names of the schemas that a described part points to, however deep."""
    stack = [node]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            target = value.get("$ref")
            if isinstance(target, str) and parse(target)[0] == "schemas":
                yield parse(target)[1]
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def reachable(schemas: Mapping[str, Node], start: Any) -> set[str]:
    """Return the schemas that can be reached from a described part, through others too."""
    found: set[str] = set()
    waiting = list(schema_names(start))
    while waiting:
        name = waiting.pop()
        if name not in found and name in schemas:
            found.add(name)
            waiting.extend(schema_names(schemas[name]))
    return found


def _check_cycles(section: str, entries: Mapping[str, Node]) -> None:
    """Refuse a definition that consists of itself; an object may hold objects of its own kind."""
    done: set[str] = set()
    open_: set[str] = set()
    stack = [(name, False) for name in entries]
    while stack:
        name, leaving = stack.pop()
        if leaving:
            open_.discard(name)
            done.add(name)
        elif name in open_:
            raise ReferenceProblem(("components", section, name), "is defined by itself")
        elif name not in done:
            open_.add(name)
            stack.append((name, True))
            stack.extend((other, False) for other in _made_of(entries[name]))


def _made_of(node: Node) -> Iterator[str]:
    parts = [node]
    while parts:
        part = parts.pop()
        if is_reference(part):
            yield parse(part["$ref"])[1]
        for key in ("allOf", "anyOf", "oneOf"):
            parts.extend(child for child in part.get(key, ()) if isinstance(child, dict))
