"""The check finds what a package does wrong, and nothing where it does all as described."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.real_input import __main__ as command
from tests.real_input.check import check
from tests.real_input.convert import blocks
from tests.real_input.expected import Reader
from tests.real_input.test_convert import DOCUMENT

FILE = {"type": "string", "format": "binary"}
PET = {"$ref": "#/components/schemas/Pet"}


def query(name: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


def body(media: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"required": True, "content": {media: {"schema": schema, **more}}}


INTEGERS = {"type": "array", "items": {"type": "integer"}}
ALL: dict[str, Any] = {
    **DOCUMENT,
    "paths": {
        **DOCUMENT["paths"],
        "/pets/search": {
            "get": {
                "parameters": [
                    query("plain", INTEGERS),
                    query("ids[]", INTEGERS),
                    query("pipes", INTEGERS, style="pipeDelimited"),
                    query("deep", {"type": "object", "properties": {"a": {"type": "boolean"}}}, style="deepObject"),
                    query("flat", {"type": "object", "properties": {"b": {"type": "string"}}}, style="form"),
                    query("rows", {"type": "array", "items": {"type": "object", "properties": {"c": INTEGERS}}}),
                    {"name": "X-Team", "in": "header", "schema": {"type": "string", "enum": ["red"]}},
                ],
                "responses": {"200": {"description": "", "content": {"text/plain": {"schema": {"type": "string"}}}}},
            }
        },
        "/pets/{id}/photo#first": {
            "put": {
                "requestBody": body(
                    "multipart/form-data",
                    {"type": "object", "properties": {"photo": FILE, "pet": PET, "tags": INTEGERS}},
                ),
                "responses": {"204": {"description": ""}},
            }
        },
        "/pets/{id}/raw": {
            "put": {"requestBody": body("image/png", FILE), "responses": {"200": {"description": ""}}},
            "post": {
                "requestBody": body("application/json", INTEGERS, example=[1, 2]),
                "responses": {
                    "200": {
                        "description": "",
                        "content": {
                            "application/json": {
                                "schema": {"type": "object", "properties": {"data": PET}},
                                "example": {"data": {"name": "Rex", "new": 1}},
                            }
                        },
                    }
                },
            },
        },
    },
}


def test_a_package_that_does_as_described() -> None:
    found = check(ALL, types=False)
    assert found.faults == []
    assert (found.operations, found.generated, found.calls) == (7, 7, 20)
    assert found.examples == 4
    assert found.works


def test_what_the_line_refuses_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = json.loads(json.dumps(DOCUMENT))
    broken["paths"]["/pets"]["post"]["responses"] = {"201": {"$ref": "#/components/schemas/Pet"}}
    (tmp_path / "broken.json").write_text(json.dumps(broken))
    assert command.main([str(tmp_path / "broken.json")]) == 1
    said = capsys.readouterr().out
    assert said.startswith("broken: 3 operations in, 0 out")
    assert "is no response" in said


def test_what_is_expected_of_a_call() -> None:
    by_heading = {(block.method, block.path): Reader(block).expected() for block in blocks(ALL)}
    found = by_heading["get", "/pets/search"]
    assert found.pairs == [
        ("plain", "7,7"),
        ("ids[]", "7"),
        ("ids[]", "7"),
        ("pipes", "7|7"),
        ("deep[a]", "true"),
        ("b", "text"),
        ("rows[0][c][]", "7"),
        ("rows[1][c][]", "7"),
    ]
    assert found.headers == {"X-Team": "red"}
    assert by_heading["put", "/pets/{id}/photo#first"].media == "multipart/form-data"
    assert by_heading["put", "/pets/{id}/photo#first"].status == 204
