"""Media types, bodies and responses."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.spec.rules.media_types import described_responses, json_body, one_media_type
from tests.support.cases import cases

STRING = {"type": "string"}
BINARY = {"type": "string", "format": "binary"}
OBJECT = {"type": "object"}


@cases(
    ("content", "expected"),
    [
        ({"application/json": {"schema": OBJECT, "example": 1}}, {"application/json": {"schema": OBJECT}}),
        ({"Application/JSON; charset=utf-8": {"schema": OBJECT}}, {"application/json": {"schema": OBJECT}}),
        ({"application/vnd.api+json": {}}, {"application/json": {"schema": {}}}),
        ({"*/*": {"schema": OBJECT}}, {"application/json": {"schema": OBJECT}}),
        ({"text/csv": {}, "application/json": {"schema": OBJECT}}, {"application/json": {"schema": OBJECT}}),
        ({"text/csv; header=present": {"schema": OBJECT}}, {"text/plain": {"schema": STRING}}),
        ({"application/xml": {}}, {"text/plain": {"schema": STRING}}),
        ({"text/csv": {"schema": BINARY}}, {"application/octet-stream": {"schema": BINARY}}),
        ({"application/json": {"schema": BINARY}}, {"application/octet-stream": {"schema": BINARY}}),
        ({"application/zip": {"schema": OBJECT}}, {"application/octet-stream": {"schema": BINARY}}),
    ],
)
def test_one_media_type(content: dict[str, Any], expected: dict[str, Any]) -> None:
    assert one_media_type(content) == expected


def test_responses() -> None:
    json_content = {"application/json": {"schema": OBJECT}}
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}
    found = described_responses(
        {
            "200": {"description": "ok", "content": json_content, "headers": {"X": {}}, "links": {}},
            "204": {"description": "none"},
            "401": {"description": "Unauthenticated"},
            "5XX": {},
            "302": {"description": "elsewhere", "content": {}},
        },
        {"ErrorResponse"},
    )
    assert found == {
        "200": {"description": "ok", "content": json_content},
        "204": {"description": "none"},
        "401": {"description": "Unauthenticated", "content": error},
        "302": {"description": "elsewhere"},
        "500": {"description": "", "content": error},
    }


def test_a_success_without_content_is_json() -> None:
    assert described_responses({"201": {"description": "made"}}, ())["201"]["content"] == {
        "application/json": {"schema": {}}
    }


def test_errors_without_a_described_form_stay_without_content() -> None:
    assert described_responses({"200": {}, "401": {"description": "no"}}, ())["401"] == {"description": "no"}


@pytest.mark.parametrize("responses", [{}, {"401": {"description": "no"}}])
def test_there_is_always_a_success(responses: dict[str, Any]) -> None:
    assert next(iter(described_responses(responses, ()))) == "200"


def test_a_default_is_the_success_when_there_is_no_other() -> None:
    assert described_responses({"default": {"description": "all"}}, ()).keys() == {"200"}
    assert (
        described_responses({"2XX": {"description": "all"}, "200": {"description": "ok"}}, ())["200"]["description"]
        == "ok"
    )


@cases(
    ("content", "expected"),
    [
        ({"application/json": {"schema": STRING}}, {"application/json": {"schema": STRING}}),
        ({"application/x-www-form-urlencoded": {"schema": OBJECT}}, {"application/json": {"schema": OBJECT}}),
        ({"multipart/form-data": {"schema": OBJECT}}, {"application/json": {"schema": OBJECT}}),
        ({"application/json": {}}, {"application/json": {"schema": OBJECT}}),
        ({}, {"application/json": {"schema": OBJECT}}),
        ({"application/pdf": {}}, {"application/pdf": {"schema": BINARY}}),
        ({"text/csv; charset=utf-8": {"schema": STRING}}, {"text/csv": {"schema": BINARY}}),
        ({"image/*": {}}, {"application/octet-stream": {"schema": BINARY}}),
        ({"application/vnd.api+json": {"schema": OBJECT}}, {"application/vnd.api+json": {"schema": OBJECT}}),
        ({"text/xml": {}, "*/*": {"schema": OBJECT}}, {"application/json": {"schema": OBJECT}}),
        ({"a/b+json": {}, "application/json": {"schema": OBJECT}}, {"application/json": {"schema": OBJECT}}),
    ],
)
def test_bodies(content: dict[str, Any], expected: dict[str, Any]) -> None:
    assert json_body({"required": True, "content": content}, {}) == {"required": True, "content": expected}


@pytest.mark.parametrize("field", [BINARY, {"type": "array", "items": BINARY}])
def test_a_file_needs_a_form(field: dict[str, Any]) -> None:
    schema = {"type": "object", "properties": {"file": field}}
    form = {"multipart/form-data": {"schema": schema}}
    assert json_body({"content": form}, {}) == {"content": form}
    by_name = {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/Upload"}, "encoding": {}}}
    assert json_body({"content": by_name}, {"Upload": schema})["content"].keys() == {"multipart/form-data"}
