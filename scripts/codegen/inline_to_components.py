"""Classes inside of components, moved to components of their own, where the generator would make them twice.

The generator reads a component that is no plain object (a choice, a list, an object or null) anew as often as something
in it is not known yet, and takes a class inside of it, met again, for a second one of the same name.
"""

from __future__ import annotations

from scripts.openapi.references import parse, reference
from scripts.openapi.structure import Kind, Node, is_reference, transform


def move_inline_classes(document: Node) -> None:
    """Let every component that is no plain object hold references in place of classes, in place.

    A component that is an object or null becomes the object, and each reference to it the one that may be null.
    """
    schemas: dict[str, Node] = document.get("components", {}).get("schemas", {})
    nullable: set[str] = set()
    for name, schema in list(schemas.items()):
        if not _is_class(schema):
            schemas[name] = _with_references(schema, schemas)
        elif schema.pop("nullable", False):
            nullable.add(name)

    def follow(kind: Kind, node: Node) -> Node:
        if kind == "schema" and is_reference(node) and parse(node["$ref"])[1] in nullable:
            return _or_null(node)
        return node

    transform(document, follow)


def _with_references(schema: Node, schemas: dict[str, Node]) -> Node:
    """Return the schema with its outermost classes moved to `schemas`, under the names that they have been given."""
    if _is_class(schema):
        name = schema.pop("title")
        is_nullable = schema.pop("nullable", False)
        schemas[name] = schema
        return _or_null(reference("schemas", name)) if is_nullable else reference("schemas", name)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            schema[key] = _with_references(schema[key], schemas)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            schema[key] = [_with_references(part, schemas) for part in schema[key]]
    return schema


def _is_class(schema: Node) -> bool:
    return bool(schema.get("properties")) and not {"anyOf", "oneOf", "allOf"} & schema.keys()


def _or_null(node: Node) -> Node:
    return {"oneOf": [node], "nullable": True}
