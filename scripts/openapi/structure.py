"""The structure of an OpenAPI document: which part holds which, and how to walk through them.

The table knows what is description and what is data, so that a property called `example` is seen as a property, and
the content of an `example` is not taken for a schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Node: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str | int, ...]
Container: TypeAlias = Literal["one", "list", "map"]
Kind: TypeAlias = Literal[
    "document",
    "components",
    "path",
    "operation",
    "parameter",
    "body",
    "response",
    "header",
    "media",
    "schema",
]

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")

CHILDREN: Mapping[Kind, Mapping[str, tuple[Container, Kind]]] = {
    "document": {"paths": ("map", "path"), "components": ("one", "components")},
    "components": {
        "schemas": ("map", "schema"),
        "parameters": ("map", "parameter"),
        "requestBodies": ("map", "body"),
        "responses": ("map", "response"),
        "headers": ("map", "header"),
    },
    "path": {"parameters": ("list", "parameter"), **dict.fromkeys(METHODS, ("one", "operation"))},
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "body"),
        "responses": ("map", "response"),
    },
    "parameter": {"schema": ("one", "schema"), "content": ("map", "media")},
    "header": {"schema": ("one", "schema"), "content": ("map", "media")},
    "body": {"content": ("map", "media")},
    "response": {"content": ("map", "media"), "headers": ("map", "header")},
    "media": {"schema": ("one", "schema")},
    "schema": {
        "properties": ("map", "schema"),
        "patternProperties": ("map", "schema"),
        "additionalProperties": ("one", "schema"),
        "items": ("one", "schema"),
        "allOf": ("list", "schema"),
        "anyOf": ("list", "schema"),
        "oneOf": ("list", "schema"),
        "not": ("one", "schema"),
    },
}

# What must be of this type where it stands; everything else is left to the validator.
SCALARS: Mapping[Kind, Mapping[str, tuple[type, ...]]] = {
    "document": {
        "openapi": (str,),
        "info": (dict,),
        "servers": (list,),
        "tags": (list,),
        "security": (list,),
    },
    "components": {"securitySchemes": (dict,)},
    "path": {"servers": (list,)},
    "operation": {
        "summary": (str,),
        "description": (str,),
        "operationId": (str,),
        "tags": (list,),
        "security": (list,),
        "servers": (list,),
        "deprecated": (bool,),
    },
    "parameter": {
        "name": (str,),
        "in": (str,),
        "description": (str,),
        "required": (bool,),
        "style": (str,),
        "explode": (bool,),
    },
    "header": {"description": (str,)},
    "body": {"description": (str,), "required": (bool,)},
    "response": {"description": (str,)},
    "media": {},
    "schema": {
        "type": (str,),
        "format": (str,),
        "title": (str,),
        "description": (str,),
        "enum": (list,),
        "nullable": (bool,),
        "required": (list, bool),
    },
}


def walk(node: Node, kind: Kind = "document", path: Path = ()) -> Iterator[tuple[Kind, Path, Node]]:
    """Yield every described part of a document, the outer ones first, each with its kind and where it is."""
    # Not one generator in another: each part would pass through as many of them as it is deep.
    waiting: list[tuple[Kind, Path, Node]] = [(kind, path, node)]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(reversed(_children(*part)))


def transform(node: Node, change: Callable[[Kind, Node], Node], kind: Kind = "document") -> Node:
    """Put every described part of a document through `change`, the inner ones first.

    The document is changed in place, its parts are replaced by what `change` gives for them.
    """
    for key, (container, child_kind) in CHILDREN[kind].items():
        value = node.get(key)
        if container == "one" and isinstance(value, dict):
            node[key] = transform(value, change, child_kind)
        elif container == "map" and isinstance(value, dict):
            node[key] = {name: transform(child, change, child_kind) for name, child in value.items()}
        elif container == "list" and isinstance(value, list):
            node[key] = [transform(child, change, child_kind) for child in value]
    return change(kind, node)


def is_reference(node: Node) -> bool:
    """Return whether a part is only a pointer to another one."""
    return isinstance(node.get("$ref"), str)


def _children(kind: Kind, path: Path, node: Node) -> list[tuple[Kind, Path, Node]]:
    found: list[tuple[Kind, Path, Any]] = []
    for key, (container, child_kind) in CHILDREN[kind].items():
        if key in node:
            found += [(child_kind, (*path, key, *below), child) for below, child in _held(node[key], container)]
    return [part for part in found if isinstance(part[2], dict)]


def _held(value: Any, container: Container) -> Iterable[tuple[Path, Any]]:
    if container == "one":
        return [((), value)]
    if container == "map" and isinstance(value, dict):
        return [((name,), child) for name, child in value.items()]
    if container == "list" and isinstance(value, list):
        return [((index,), child) for index, child in enumerate(value)]
    return []
