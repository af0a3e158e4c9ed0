"""What a field's name says of what is sent."""

from __future__ import annotations

from typing import Any

from scripts.spec.rules.fields import date_by_name, number_by_name
from tests.support.cases import cases

LIST = {"type": "array", "items": {"type": "object"}}
DATE = {"type": "string", "format": "date-time"}


@cases(
    ("name", "schema", "expected"),
    [
        ("updated_at", {"type": "string"}, DATE),
        ("updated_at", {"type": "string", "description": "d"}, {**DATE, "description": "d"}),
        ("updated_at", {"type": "string", "format": "date"}, None),
        ("started_at", {"type": "string", "enum": ["never"]}, None),
        ("updated_at", {"type": "integer"}, None),
        ("format", {"type": "string"}, None),
    ],
)
def test_dates(name: str, schema: dict[str, Any], expected: dict[str, Any] | None) -> None:
    assert date_by_name(name, schema) == (schema if expected is None else expected)


@cases(
    ("name", "schema", "expected"),
    [
        ("deployments_count", LIST, {"type": "integer"}),
        ("user_id", {"type": "object", "description": "d"}, {"type": "integer", "description": "d"}),
        ("user_id", {"type": "array", "items": {}}, {"type": "integer"}),
        ("flow_id", {"type": "string"}, None),
        ("user_id", {"type": "object", "properties": {"a": {}}}, None),
        ("user_id", {"type": "array", "items": {"type": "string"}}, None),
        ("deployments", LIST, None),
    ],
)
def test_numbers(name: str, schema: dict[str, Any], expected: dict[str, Any] | None) -> None:
    assert number_by_name(name, schema) == (schema if expected is None else expected)
