"""Any OpenAPI document becomes pages of the published form, with all that each operation refers to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scripts.openapi.errors import ErrorCollector
from scripts.openapi.references import reachable
from scripts.spec.extract_fragments import extract
from scripts.spec.merge_fragments import merge
from tests.real_input.convert import blocks, count_operations, pages
from tests.real_input.openapi_3_0 import schema_3_0

REF = "#/components/"
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "7"},
    "servers": [{"url": "https://pets.example.com"}],
    "paths": {
        "/pets": {
            "parameters": [{"$ref": f"{REF}parameters/Page"}],
            "get": {
                "tags": ["Pets!"],
                "summary": "All\npets",
                "responses": {"200": {"$ref": f"{REF}responses/Pets"}},
                "servers": [{"url": "https://elsewhere.example.com"}],
            },
            "post": {
                "operationId": "addPet",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": f"{REF}schemas/Pet"}}}},
                "responses": {"201": {"description": ""}},
            },
        },
        "/pets/{id}": {"$ref": "#/x-items/pet"},
    },
    "x-items": {"pet": {"get": {"responses": {"200": {"$ref": "#/paths/~1pets/get/responses/200"}}}}},
    "components": {
        "parameters": {"Page": {"name": "page", "in": "query", "schema": {"type": ["integer", "null"]}}},
        "responses": {
            "Pets": {
                "description": "",
                "content": {
                    "application/json": {
                        "schema": {"type": "array", "items": {"$ref": f"{REF}schemas/Pet"}},
                        "examples": {"one": {"$ref": f"{REF}examples/One"}},
                    }
                },
            },
        },
        "examples": {"One": {"value": [{"name": "Rex"}]}},
        "schemas": {
            "Pet": {"properties": {"name": {"const": "Rex"}, "owner": {"$ref": f"{REF}schemas/Owner"}}},
            "Owner": {"properties": {"pets": {"type": "array", "items": {"$ref": f"{REF}schemas/Pet"}}}},
            "Nobody": {"type": "string"},
        },
    },
}


def test_as_many_blocks_as_operations() -> None:
    found = blocks(DOCUMENT)
    assert len(found) == count_operations(DOCUMENT) == 3
    assert [(block.page, block.heading, block.method, block.path) for block in found] == [
        ("pets", "All pets", "get", "/pets"),
        ("pets", "addPet", "post", "/pets"),
        ("pets", "get /pets/{id}", "get", "/pets/{id}"),
    ]


def test_a_block_has_what_its_operation_refers_to_and_no_more() -> None:
    listed, added, single = blocks(DOCUMENT)
    assert listed.document["components"].keys() == {
        "securitySchemes",
        "parameters",
        "responses",
        "schemas",
        "examples",
    }
    assert added.document["components"]["schemas"].keys() == {"Pet", "Owner"}
    assert single.operation["responses"]["200"] == {"$ref": f"{REF}responses/Pets"}
    for block in (listed, added, single):
        schemas = block.document["components"]["schemas"]
        assert reachable(schemas, block.document) == schemas.keys()
        assert "https://" not in json.dumps(block.document).replace("https://core.wearepatchworks.com", "")


def test_the_document_stays_as_it_is() -> None:
    before = json.dumps(DOCUMENT)
    blocks(DOCUMENT)
    assert json.dumps(DOCUMENT) == before


def test_the_line_reads_the_pages() -> None:
    fragments = [
        fragment for name, text in pages(blocks(DOCUMENT)).items() for fragment in extract(name, text).fragments
    ]
    assert len(fragments) == 3
    errors = ErrorCollector()
    with errors.collect():
        merged = merge(fragments)
    assert errors.found == []
    assert count_operations(merged.document) == 3


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"type": "null"}, {"nullable": True}),
        ({"type": ["string", "integer"]}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"nullable": True, "allOf": [{"type": "string"}]}),
        ({"const": 1}, {"enum": [1]}),
        ({"exclusiveMinimum": 3}, {"minimum": 3, "exclusiveMinimum": True}),
        ({"examples": ["a", "b"]}, {"example": "a"}),
        ({"contentEncoding": "base64"}, {"format": "byte"}),
        ({"contentMediaType": "application/octet-stream"}, {"format": "binary"}),
        ({"type": "array", "prefixItems": [{}, {}]}, {"type": "array", "items": {}}),
        ({"$ref": "#/a", "description": "d"}, {"description": "d", "allOf": [{"$ref": "#/a"}]}),
        ({"$ref": "#/a", "summary": "s"}, {"$ref": "#/a"}),
        ({"$defs": {}, "unevaluatedProperties": False, "type": "object"}, {"type": "object"}),
        (
            {"properties": {"a": True}, "items": {"type": "null"}},
            {"properties": {"a": {}}, "items": {"nullable": True}},
        ),
        (True, {}),
    ],
)
def test_words_that_3_0_has_not(schema: Any, expected: dict[str, Any]) -> None:
    assert schema_3_0(schema) == expected


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"openapi": "2.0"}, "OpenAPI 2.0"),
        ({"openapi": None}, "OpenAPI None"),
        ({"paths": {"/a": {"get": {"responses": {"200": {"$ref": "other.yaml#/x"}}}}}}, "other.yaml"),
    ],
)
def test_what_cannot_be_converted(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        blocks({**DOCUMENT, **change})
