"""Rules for fields of responses by their names: `..._at` is a date, `..._id` and `..._count` are numbers.

The documentation's types of response fields are guesses of its scraper. These rules put right the ones that are known
to be wrong for every resource; they apply to what is answered, not to what is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.openapi.structure import Node


def date_by_name(name: str, schema: Node) -> Node:
    """A text called `..._at` is the time of something, whether the page gives it a format or not."""
    if not name.endswith("_at") or schema.get("type") != "string" or {"format", "enum"} & schema.keys():
        return schema
    return {**schema, "format": "date-time"}


def number_by_name(name: str, schema: Node) -> Node:
    """A `..._count` or `..._id` declared as an object or an array, of which nothing is described, is a number."""
    if not name.endswith(("_count", "_id")) or not _says_nothing(schema):
        return schema
    return {**{key: value for key, value in schema.items() if key != "items"}, "type": "integer"}


RULES = (date_by_name, number_by_name)
"""Every rule for the fields of what is answered."""


def _says_nothing(schema: Node) -> bool:
    if schema.get("type") == "array":
        items = schema.get("items", {})
        return items == {} or _says_nothing(items)
    return schema.get("type") == "object" and not {"properties", "additionalProperties", "allOf"} & schema.keys()
