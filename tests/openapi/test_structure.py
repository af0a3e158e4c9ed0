"""Walking through a document."""

from __future__ import annotations

from typing import Any

from scripts.openapi.structure import walk


def test_outer_parts_come_first_each_with_its_kind_and_path() -> None:
    schema = {"properties": {"example": {"items": {"type": "string"}}}, "example": {"properties": {"no": {}}}}
    document: dict[str, Any] = {"paths": {"/a": {"get": {"parameters": [{"schema": schema}]}}}}
    parameter = ("paths", "/a", "get", "parameters", 0)
    assert [(kind, path) for kind, path, _ in walk(document)] == [
        ("document", ()),
        ("path", ("paths", "/a")),
        ("operation", ("paths", "/a", "get")),
        ("parameter", parameter),
        ("schema", (*parameter, "schema")),
        ("schema", (*parameter, "schema", "properties", "example")),
        ("schema", (*parameter, "schema", "properties", "example", "items")),
    ]


def test_siblings_come_in_order() -> None:
    parts = {"anyOf": [{"title": "1"}, {"title": "2"}], "properties": {"b": {"title": "3"}, "a": {"title": "4"}}}
    assert [part["title"] for _, _, part in walk(parts, "schema") if "title" in part] == ["3", "4", "1", "2"]


def test_what_is_not_built_as_it_must_be_is_passed_over() -> None:
    schema = {"properties": [{}], "allOf": {"a": {}}, "items": 1, "anyOf": [2], "not": {}}
    assert [path for _, path, _ in walk(schema, "schema")] == [(), ("not",)]
