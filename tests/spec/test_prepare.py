"""All rules and names together, on documents of one or two operations."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.openapi.errors import PipelineError
from scripts.spec.apply_rules import apply_rules
from scripts.spec.assign_names import assign_names
from scripts.spec.finish_document import document_bytes, finished
from scripts.spec.validate_document import validate
from tests.spec.build import REF, document, merged, operation, prepared


def one(
    details: dict[str, Any], method: str = "get", path: str = "/api/v1/things/{thing}", **schemas: Any
) -> dict[str, Any]:
    """The one operation of a document, prepared."""
    result, *_ = prepared(document(path, method, details, schemas))
    found: dict[str, Any] = result["paths"][path][method]
    return found


def test_an_operation_as_a_whole() -> None:
    found = one(
        operation(
            parameters=[
                {"name": "page", "in": "query", "description": "Page.", "schema": {"type": "int", "default": 1}}
            ]
        )
    )
    assert list(found) == [
        "tags",
        "summary",
        "description",
        "operationId",
        "x-sdk-namespace",
        "x-sdk-method",
        "x-pages",
        "parameters",
        "responses",
    ]
    assert found["parameters"] == [
        {"name": "thing", "in": "path", "schema": {"type": "string"}, "required": True},
        {
            "name": "page",
            "in": "query",
            "description": "Page.",
            "schema": {"type": "integer", "description": "Page. Default: 1."},
        },
    ]


def test_shared_parts_are_put_in_place() -> None:
    components = {
        "schemas": {"Error": {"type": "object"}},
        "parameters": {"Page": {"$ref": "#/components/parameters/Number"}, "Number": {"name": "page", "in": "query"}},
        "requestBodies": {"Body": {"content": {"application/json": {"schema": {"type": "bool"}}}}},
        "responses": {"Ok": {"description": "ok", "headers": {"X": {"$ref": "#/components/headers/X"}}}},
        "headers": {"X": {"schema": {"type": "string"}}},
        "examples": {"E": {"value": 1}},
    }
    details = {
        "summary": "Set Thing",
        "tags": ["Things"],
        "parameters": [{"$ref": "#/components/parameters/Page"}],
        "requestBody": {"$ref": "#/components/requestBodies/Body"},
        "responses": {"200": {"$ref": "#/components/responses/Ok"}},
    }
    result, *_ = prepared(document("/a", "put", details, components=components))
    found = result["paths"]["/a"]["put"]
    assert found["parameters"][0]["name"] == "page"
    assert found["requestBody"] == {"content": {"application/json": {"schema": {"type": "boolean"}}}}
    assert found["responses"] == {"200": {"description": "ok", "content": {"application/json": {"schema": {}}}}}
    assert result["components"].keys() == {"schemas"}


def test_the_body_of_a_get_is_its_query() -> None:
    body = {
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["from"],
                    "properties": {"from": {"type": "string", "description": "Start."}, "ids": {"type": "array"}},
                }
            }
        }
    }
    found = one(operation(requestBody=body), path="/a")
    assert "requestBody" not in found
    assert [(p["name"], p["required"], p.get("description"), p.get("explode")) for p in found["parameters"]] == [
        ("from", True, "Start.", None),
        ("ids", False, None, False),
    ]
    by_name = {"content": {"application/json": {"schema": {"$ref": REF + "Things"}}}}
    assert [p["name"] for p in one(operation(requestBody=by_name), path="/a")["parameters"]] == ["id", "name"]
    assert "parameters" not in one(operation(requestBody={"content": {}}), path="/a")


def test_fields_that_are_answered_are_told_by_their_names() -> None:
    fields = {"updated_at": {"type": "string"}, "parts_count": {"type": "array"}, "user_id": {"type": "object"}}
    resource = {"type": "object", "properties": fields}
    inline = {"type": "object", "properties": {"data": {"type": "object", "properties": dict(fields)}}}
    request = {"type": "object", "properties": dict(fields)}
    body = {"content": {"application/json": {"schema": {"$ref": REF + "ThingsStoreRequest"}}}}
    details = operation(requestBody=body)
    details["responses"]["202"] = {"description": "later", "content": {"application/json": {"schema": inline}}}
    result, _, repairs = prepared(
        document(method="post", details=details, schemas={"Things": resource, "ThingsStoreRequest": request})
    )
    schemas = result["components"]["schemas"]
    right = {
        "updated_at": {"type": "string", "format": "date-time"},
        "parts_count": {"type": "integer"},
        "user_id": {"type": "integer"},
    }
    assert schemas["Thing"]["properties"] == right
    (request_model,) = (schema for name, schema in schemas.items() if name.endswith("Request"))
    assert request_model["properties"]["updated_at"] == {"type": "string"}
    found = result["paths"]["/api/v1/things/{thing}"]["post"]["responses"]["202"]["content"]["application/json"][
        "schema"
    ]
    assert found["properties"]["data"]["properties"] == right
    assert repairs["date_by_name"] == 2
    assert repairs["number_by_name"] == 4


def test_texts_are_plain() -> None:
    found = one(operation("Get\u202e Thing\r", description="a\x1b[0m\rb"))
    assert (found["summary"], found["description"]) == ("Get Thing", "a[0m\nb")


def test_flags_of_required_that_belong_to_nothing_are_dropped() -> None:
    found = one(
        operation(parameters=[{"name": "q", "in": "query", "schema": {"type": "string", "required": True}}]), path="/a"
    )
    assert found["parameters"][0]["schema"] == {"type": "string"}


def test_a_document_that_is_not_valid_names_the_block() -> None:
    with pytest.raises(PipelineError) as caught:
        prepared(
            document(), document(method="put", details=operation("Put Thing"), schemas={"Others": {"type": "nonsense"}})
        )
    assert caught.value.pointer.startswith("#/components/schemas/Others")
    assert caught.value.heading == 'block 2 "H"'
    assert "\n" not in str(caught.value)


def test_a_complaint_about_a_schema_names_the_block_too() -> None:
    """The validator gives the path from the schema, not from the document."""
    found = merged(
        document(), document(method="put", details=operation("Put Thing"), schemas={"Part": {"type": "object"}})
    )
    apply_rules(found)
    assign_names(found, {})
    result = finished(found.document)
    result["components"]["schemas"]["Part"]["properties"] = {"a": {"type": "string", "pattern": "("}}
    with pytest.raises(PipelineError) as caught:
        validate(result, found)
    assert caught.value.pointer == "#/components/schemas/Part/properties/a/pattern"
    assert caught.value.heading == 'block 2 "H"'


def test_a_part_of_our_own_making_that_is_not_valid() -> None:
    found = merged(document())
    apply_rules(found)
    assign_names(found, {})
    result = finished(found.document)
    result["components"]["schemas"]["Ours"] = {"type": 1}
    with pytest.raises(PipelineError, match=r"^patchworks-core\.json, #/components/schemas/Ours"):
        validate(result, found)


def test_the_finished_document_has_one_order() -> None:
    contents = [document(f"/{letter}", method) for letter in "bac" for method in ("put", "get")]
    texts = {document_bytes(prepared(*order)[0]) for order in (contents, contents[::-1])}
    assert len(texts) == 1
    result, *_ = prepared(*contents)
    assert list(result) == ["openapi", "info", "servers", "security", "tags", "paths", "components"]
    assert list(result["paths"]) == ["/a", "/b", "/c"]
    assert list(result["paths"]["/a"]) == ["get", "put"]
    assert result["tags"] == [{"name": "Things"}]
