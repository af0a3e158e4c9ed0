"""A value for any schema of a block, and what a client has to send of it."""

from __future__ import annotations

from typing import Any

from tests.real_input.openapi_3_0 import Node

MAX_DEPTH = 6
_TEXTS = {
    "date": "2026-01-02",
    "date-time": "2026-01-02T03:04:05Z",
    "uuid": "00000000-0000-0000-0000-000000000001",
    "byte": "eA==",
    "binary": "x",
}
_SIMPLE: dict[str, Any] = {"boolean": True, "integer": 7, "number": 1.5, "null": None}


class Samples:
    """Makes values for the schemas of one block.

    Args:
        schemas: what a reference leads to.

    Attributes:
        examples: how many documented examples the values so far are made of.
    """

    def __init__(self, schemas: dict[str, Node]) -> None:
        self.examples = 0
        self._schemas = schemas

    def resolved(self, schema: Any) -> Node:
        """The schema that a reference leads to."""
        for _ in range(MAX_DEPTH):
            if not isinstance(schema, dict) or "$ref" not in schema:
                break
            schema = self._schemas.get(schema["$ref"].rpartition("/")[2].replace("~1", "/").replace("~0", "~"), {})
        return schema if isinstance(schema, dict) else {}

    def of(self, schema: Any, depth: int = 0) -> Any:
        """A value that the schema describes, its example if it has one; what is nested too deep is left out."""
        schema = self.resolved(schema)
        if _is_usable(schema.get("example"), schema):
            self.examples += 1
            return schema["example"]
        values = [value for value in schema.get("enum", ()) if value is not None]
        if values:
            return values[0]
        for key in ("oneOf", "anyOf"):
            if schema.get(key):
                return self.of({**_without(schema, key), **self.resolved(schema[key][0])}, depth)
        if schema.get("allOf"):
            return self._all(schema, depth)
        kind = str(schema.get("type", "")).lower()
        if kind == "array" or "items" in schema:
            return [] if depth > MAX_DEPTH else [self.of(schema.get("items", {}), depth + 1)]
        if kind == "object" or schema.get("properties"):
            fields = schema.get("properties") or {}
            return {} if depth > MAX_DEPTH else {name: self.of(part, depth + 1) for name, part in fields.items()}
        return _SIMPLE.get(kind, _TEXTS.get(schema.get("format", ""), "text"))

    def _all(self, schema: Node, depth: int) -> Any:
        parts = [_without(schema, "allOf"), *map(self.resolved, schema["allOf"])]
        values = [
            self.of(part, depth) for part in parts if {"type", "properties", "allOf", "enum", "items"} & part.keys()
        ]
        objects = [value for value in values if isinstance(value, dict)]
        if objects:
            return {name: value for part in objects for name, value in part.items()}
        return values[0] if values else "text"


def _is_usable(example: Any, schema: Node) -> bool:
    """Whether an example is at least an object for an object, a list for a list: many are the text of one."""
    kind = str(schema.get("type", "")).lower()
    holder = dict if kind == "object" or "properties" in schema else list if kind == "array" else (str, int, float)
    return example is not None and isinstance(example, holder) and example not in ("", [], {})


def _without(schema: Node, key: str) -> Node:
    return {name: value for name, value in schema.items() if name != key}
