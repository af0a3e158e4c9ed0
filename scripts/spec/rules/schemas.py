"""Rules for schemas: types, bounds and formats as OpenAPI has them, not as the scraped PHP code does.

Each rule takes a schema and gives a repaired copy, or the very same schema when it has nothing to do with it. Facts
about a particular field are no business of these rules; they stand in the overlay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.openapi.json_text import canonical

if TYPE_CHECKING:
    from scripts.openapi.structure import Node

SCALAR_TYPES = frozenset({"string", "integer", "number", "boolean"})
WILDCARD = "*"

# What PHP, its doc blocks and its validation rules call things.
_TYPE_NAMES: dict[str, Node] = {
    "int": {"type": "integer"},
    "long": {"type": "integer"},
    "float": {"type": "number"},
    "double": {"type": "number"},
    "decimal": {"type": "number"},
    "numeric": {"type": "number"},
    "bool": {"type": "boolean"},
    "str": {"type": "string"},
    "text": {"type": "string"},
    "uuid": {"type": "string", "format": "uuid"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "timestamp": {"type": "string", "format": "date-time"},
    "file": {"type": "string", "format": "binary"},
    "json": {"type": "object"},
    "collection": {"type": "array"},
    "list": {"type": "array"},
    "any": {},
    "mixed": {},
    "null": {"nullable": True},
    "": {},
}
_TYPE_OF_FORMAT = {
    **dict.fromkeys(("binary", "byte", "date", "date-time", "email", "password", "uri", "uuid"), "string"),
    **dict.fromkeys(("int32", "int64"), "integer"),
    **dict.fromkeys(("float", "double"), "number"),
}
_BOUNDS = {
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
    "object": (),
    "boolean": (),
}
# What a part of the SDK, or a reader of the document, makes use of; a page may say anything it likes under other keys.
_USED_KEYS = frozenset(
    {"$ref", "type", "format", "enum", "nullable", "description", "deprecated", "readOnly", "writeOnly"}
    | {"properties", "additionalProperties", "required", "items", "allOf", "anyOf", "oneOf", "not"}
    | {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}
)


def only_the_reference(schema: Node) -> Node:
    """Drop what stands beside a `$ref`: OpenAPI 3.0 has it ignored."""
    return {"$ref": schema["$ref"]} if "$ref" in schema and len(schema) > 1 else schema


def without_unused_keys(schema: Node) -> Node:
    """Drop what no part of the SDK uses, and what would let a page choose class names (`title`) or send defaults.

    A default that is a plain value is told in the description.
    """
    rest = {key: value for key, value in schema.items() if key in _USED_KEYS or key.startswith("x-")}
    if len(rest) == len(schema):
        return schema
    default = schema.get("default")
    if isinstance(default, (str, int, float)) and default != "":
        rest["description"] = f"{rest.get('description', '').rstrip()} Default: {canonical(default)}.".lstrip()
    return rest


def known_type(schema: Node) -> Node:
    """Give a type its OpenAPI name: `int`, `bool`, `datetime`, `mixed` and their like."""
    name = schema.get("type")
    if not isinstance(name, str) or name.lower() not in _TYPE_NAMES:
        return schema
    return {**{key: value for key, value in schema.items() if key != "type"}, **_TYPE_NAMES[name.lower()]}


def implied_type(schema: Node) -> Node:
    """Add the type that a schema with properties, with items, or with the format of a text or a number must have."""
    if "type" in schema:
        return schema
    for key, name in (("properties", "object"), ("items", "array")):
        if key in schema:
            return {"type": name, **schema}
    if schema.get("format") in _TYPE_OF_FORMAT and not {"allOf", "anyOf", "oneOf"} & schema.keys():
        return {"type": _TYPE_OF_FORMAT[schema["format"]], **schema}
    return schema


def wildcard_properties(schema: Node) -> Node:
    """`properties: {"*": S}` is the validation rule `field.*`: each entry is an S.

    For an array S describes the items; for an object it describes what has no name of its own.
    """
    properties = schema.get("properties")
    if not isinstance(properties, dict) or WILDCARD not in properties:
        return schema
    each, named = properties[WILDCARD], {key: value for key, value in properties.items() if key != WILDCARD}
    rest = {key: value for key, value in schema.items() if key != "properties"}
    if schema.get("type") == "array" and not named:
        return {**rest, "items": schema.get("items", each)}
    extra = {} if "additionalProperties" in rest else {"additionalProperties": each}
    return {**rest, "type": "object", **({"properties": named} if named else {}), **extra}


def named_array(schema: Node) -> Node:
    """An array whose entries have names is one of PHP, which is an object in JSON."""
    if schema.get("type") != "array" or not schema.get("properties"):
        return schema
    return {**{key: value for key, value in schema.items() if key != "items"}, "type": "object"}


def date_in_array(schema: Node) -> Node:
    """`type: array` with the format of a date is a date."""
    if schema.get("type") != "array" or schema.get("format") not in {"date", "date-time"}:
        return schema
    return {**{key: value for key, value in schema.items() if key != "items"}, "type": "string"}


def items_of_arrays_only(schema: Node) -> Node:
    """Drop `items` from what is no array, and say of an array without them that they can be anything."""
    if schema.get("type") == "array":
        return schema if "items" in schema else {**schema, "items": {}}
    return {key: value for key, value in schema.items() if key != "items"} if "items" in schema else schema


def format_of_scalars_only(schema: Node) -> Node:
    """Drop a format from what has parts."""
    if "format" not in schema or schema.get("type") in SCALAR_TYPES:
        return schema
    return {key: value for key, value in schema.items() if key != "format"}


def bounds_by_type(schema: Node) -> Node:
    """`max:1024` on a text bounds its length, on an array its items; on what has no size it means nothing."""
    names = _BOUNDS.get(schema.get("type", ""))
    if names is None or not ({"minimum", "maximum"} & schema.keys()):
        return schema
    rest = {key: value for key, value in schema.items() if key not in {"minimum", "maximum"}}
    for key, name in zip(("minimum", "maximum"), names, strict=False):
        bound = schema.get(key)
        if name not in rest and isinstance(bound, int) and not isinstance(bound, bool) and bound >= 0:
            rest[name] = bound
    return rest


def free_form_object(schema: Node) -> Node:
    """An object of which nothing is described is written in one way only."""
    if schema.get("type") != "object":
        return schema
    nothing = [key for key in ("properties", "additionalProperties") if schema.get(key) in ({}, True)]
    return {key: value for key, value in schema.items() if key not in nothing} if nothing else schema


def required_as_list(schema: Node) -> Node:
    """`required: true` on a field belongs into the list of its object; an empty list says nothing."""
    fields = schema.get("properties", {})
    flagged = [name for name, child in fields.items() if isinstance(child.get("required"), bool)]
    if not flagged and schema.get("required") != []:
        return schema
    names = dict.fromkeys(schema["required"] if isinstance(schema.get("required"), list) else ())
    names |= dict.fromkeys(name for name in flagged if fields[name]["required"])
    rest = {key: value for key, value in schema.items() if key != "required"}
    if fields:
        rest["properties"] = {name: _without(child, "required", bool) for name, child in fields.items()}
    return {**rest, "required": list(names)} if names else rest


def usable_enumeration(schema: Node) -> Node:
    """One type of value, each once; a null among them makes the field nullable; anything else is no enumeration."""
    values = schema.get("enum")
    if not isinstance(values, list):
        return schema
    distinct = list({canonical(value): value for value in values if value is not None}.values())
    usable = bool(distinct) and (
        all(isinstance(value, str) for value in distinct)
        or all(isinstance(value, int) and not isinstance(value, bool) for value in distinct)
    )
    rest = {key: value for key, value in schema.items() if key != "enum"}
    if None in values:
        rest["nullable"] = True
    if usable:
        rest["type"] = "string" if isinstance(distinct[0], str) else "integer"
        rest["enum"] = distinct
    return schema if canonical(rest) == canonical(schema) else rest


RULES = (
    only_the_reference,
    without_unused_keys,
    known_type,
    usable_enumeration,
    implied_type,
    required_as_list,
    wildcard_properties,
    named_array,
    date_in_array,
    items_of_arrays_only,
    format_of_scalars_only,
    bounds_by_type,
    free_form_object,
)
"""Every rule for schemas, in the order in which they apply."""


def _without(schema: Node, key: str, type_: type) -> Node:
    return {name: value for name, value in schema.items() if name != key or not isinstance(value, type_)}
