"""The parameters of an operation and the fields of a model, flat, each with its type as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from scripts.openapi.references import parse
from scripts.openapi.structure import Node

_LIMITS = ("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "pattern", "default")
_COMBINED = {"allOf": " and ", "anyOf": " or ", "oneOf": " or "}


class Part(NamedTuple):
    """One parameter, field or answer.

    Attributes:
        type: its type and limits.
        required: whether it must be there.
        values: of an enumeration.
        text: its description.
        retired: the version in which it goes, when it is no longer documented.
    """

    type: str
    required: bool = False
    values: tuple[str, ...] = ()
    text: str = ""
    retired: str = ""


Parts = dict[tuple[str, str], Part]
"""By what each is, in words of our own, and its name, which is the page's."""

_PLACES = {"path", "query", "header", "cookie"}


def operation_parts(operation: Node) -> Parts:
    """Return the parameters, the body's fields and the responses of an operation."""
    found: Parts = {}
    for parameter in operation.get("parameters", ()):
        kind = f"{parameter['in']} parameter" if parameter["in"] in _PLACES else "parameter"
        text = str(parameter.get("description", ""))
        found[kind, parameter["name"]] = _part(parameter.get("schema", {}), bool(parameter.get("required")), text)
    for media, schema in _contents(operation.get("requestBody", {})):
        found["body", media] = _part(schema, bool(operation["requestBody"].get("required")))
        found.update(_fields(schema, "body field"))
    for status, response in operation.get("responses", {}).items():
        for media, schema in _contents(response):
            found["answer", f"{status} {media}"] = _part(schema)
            found.update(_fields(schema, "answer field", f"{status} "))
    return found


def schema_parts(schema: Node) -> Parts:
    """Return the schema itself, and its fields."""
    return {("it", ""): _part(schema), **dict(_fields(schema, "field"))}


def type_text(schema: Node) -> str:
    """Return the type of a schema in a few words."""
    if "$ref" in schema:
        return parse(schema["$ref"])[1]
    for key, word in _COMBINED.items():
        if key in schema:
            return word.join(type_text(part) for part in schema[key])
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        kind = f"list of {type_text(schema.get('items', {}))}"
    elif isinstance(extra := schema.get("additionalProperties"), dict):
        kind = f"map of {type_text(extra)}"
    elif "format" in schema:
        kind = f"{kind} ({schema['format']})"
    limits = [f"{key} {schema[key]}" for key in _LIMITS if key in schema]
    return ", ".join([f"{kind} or null" if schema.get("nullable") else kind, *limits])


def _contents(holder: Node) -> Iterator[tuple[str, Node]]:
    for media, content in holder.get("content", {}).items():
        yield media, content.get("schema", {})


def _part(schema: Node, required: bool = False, text: str = "") -> Part:
    holder: Any = schema.get("items", {}) if schema.get("type") == "array" else schema
    values = tuple(str(value) for value in holder.get("enum", ()))
    retired = str(schema.get("x-retired", ""))
    return Part(type_text(schema), required, values, text or str(schema.get("description", "")), retired)


def _fields(schema: Node, kind: str, prefix: str = "") -> Iterator[tuple[tuple[str, str], Part]]:
    """Yield every field, and what is inside of it: `labels[].id`."""
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        yield (kind, f"{prefix}{name}"), _part(field, name in required)
        yield from _fields(field, kind, f"{prefix}{name}.")
    if isinstance(items := schema.get("items"), dict):
        yield from _fields(items, kind, f"{prefix.removesuffix('.')}[].")
