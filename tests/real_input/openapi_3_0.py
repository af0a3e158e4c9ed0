"""A document of OpenAPI 3.1 in the words of 3.0, which is what the pages are published in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Node = dict[str, Any]

# What 3.0 has no word for; none of it says what type a value has.
_UNKNOWN = frozenset(
    {
        "$anchor",
        "$comment",
        "$defs",
        "$dynamicAnchor",
        "$dynamicRef",
        "$id",
        "$schema",
        "contains",
        "contentSchema",
        "definitions",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "id",
        "if",
        "maxContains",
        "minContains",
        "patternProperties",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
_MAPS, _LISTS, _ONES = ("properties",), ("allOf", "anyOf", "oneOf"), ("items", "additionalProperties", "not")


def schema_3_0(schema: Any) -> Node:
    """Return a schema of 3.1 as one of 3.0, with all that is in it."""
    if not isinstance(schema, dict):
        return {}
    if "$ref" in schema:
        return _reference(schema)
    result = {key: value for key, value in schema.items() if key not in _UNKNOWN}
    for rule in _RULES:
        rule(result)
    for key in _MAPS:
        if isinstance(result.get(key), dict):
            result[key] = {name: schema_3_0(part) for name, part in result[key].items()}
    for key in _LISTS:
        if isinstance(result.get(key), list):
            result[key] = [schema_3_0(part) for part in result[key]]
    for key in _ONES:
        if isinstance(result.get(key), dict):
            result[key] = schema_3_0(result[key])
    return result


def _reference(schema: Node) -> Node:
    """3.1 reads what stands beside a reference, 3.0 does not."""
    beside = {key: value for key, value in schema.items() if key not in {"$ref", "summary"}}
    reference = {"$ref": schema["$ref"]}
    return schema_3_0({**beside, "allOf": [reference]}) if beside else reference


def _nullable(schema: Node) -> None:
    """`null` as a type, alone or among others."""
    types = schema.get("type")
    if types in ("null", ["null"]):
        del schema["type"]
        schema["nullable"] = True
    elif isinstance(types, list):
        others = [name for name in types if name != "null"]
        if len(others) < len(types):
            schema["nullable"] = True
        if len(others) == 1:
            schema["type"] = others[0]
        else:
            del schema["type"]
            schema["anyOf"] = [{"type": name} for name in others]
    for key in ("anyOf", "oneOf"):
        options = schema.get(key)
        if isinstance(options, list) and {"type": "null"} in options:
            schema["nullable"] = True
            schema[key] = [option for option in options if option != {"type": "null"}]
            if len(schema[key]) == 1:
                schema["allOf"] = [*schema.get("allOf", ()), *schema.pop(key)]


def _constant(schema: Node) -> None:
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]


def _bounds(schema: Node) -> None:
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        limit = schema.get(exclusive)
        if isinstance(limit, int | float) and not isinstance(limit, bool):
            schema.update({bound: limit, exclusive: True})


def _examples(schema: Node) -> None:
    examples = schema.pop("examples", None)
    if isinstance(examples, list) and examples:
        schema.setdefault("example", examples[0])


def _encoding(schema: Node) -> None:
    media, encoding = schema.pop("contentMediaType", None), schema.pop("contentEncoding", None)
    if encoding == "base64":
        schema.setdefault("format", "byte")
    elif media == "application/octet-stream":
        schema.setdefault("format", "binary")


def _items(schema: Node) -> None:
    """A tuple, and a list of which nothing or anything is said, hold anything."""
    if schema.pop("prefixItems", None) is not None or isinstance(schema.get("items"), bool):
        schema["items"] = {}


_RULES: tuple[Callable[[Node], None], ...] = (_nullable, _constant, _bounds, _examples, _encoding, _items)
