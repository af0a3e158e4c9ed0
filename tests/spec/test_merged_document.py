"""What a merged document holds: shared parts in their places, what was said for all said of each, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from tests.spec.build import REF, document, merged, operation
from tests.support.cases import cases

ODD_SCHEMES: list[Any] = [
    {"type": "oauth2", "in": "header", "flows": {"authorizationCode": {"authorizationUrl": "https://x/a"}}},
    {"type": "oauth2", "flows": []},
    {"type": "openIdConnect"},
    {"type": "apiKey", "name": 7},
    {"type": "passport"},
    "bearer",
]


@cases("asked", [[], [{"passport": []}], [{"passport": []}, {"ApiKeyAuth": []}]])
@cases("scheme", ODD_SCHEMES)
def test_a_scheme_that_the_client_does_not_know_is_no_fault(scheme: Any, asked: list[Any]) -> None:
    block = document(details=operation(security=asked))
    block["components"]["securitySchemes"]["passport"] = scheme
    found = merged(block).document
    assert list(found["components"]["securitySchemes"]) == ["ApiKeyAuth"]
    known = [entry for entry in asked if "passport" not in entry]
    assert found["paths"]["/api/v1/things/{thing}"]["get"].get("security") == (known if known or not asked else None)


def test_what_is_shared_is_put_in_place_before_anything_is_compared() -> None:
    """A parameter of all methods, a response, a body and a header: by reference in one block, spelt out in another."""
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    header = {"schema": {"type": "string"}}
    answer = {"description": "ok", "headers": {"X-A": header}}
    body = {"content": {"application/json": {"schema": {"type": "object"}}}}
    whole = document(
        paths={"/a": {"parameters": [limit], "post": operation(requestBody=body, responses={"200": answer})}}
    )
    shared = document(
        paths={
            "/a": {
                "parameters": [{"$ref": "#/components/parameters/limit"}],
                "post": operation(
                    requestBody={"$ref": "#/components/requestBodies/B"},
                    responses={"200": {"$ref": "#/components/responses/R"}},
                ),
            }
        }
    )
    shared["components"] |= {
        "parameters": {"limit": limit},
        "requestBodies": {"B": body},
        "responses": {"R": {"description": "ok", "headers": {"X-A": {"$ref": "#/components/headers/H"}}}},
        "headers": {"H": header},
    }
    found = merged(whole, shared).document
    assert found["paths"]["/a"]["post"]["parameters"] == [limit]
    assert found == merged(whole).document


def test_a_parameter_of_all_methods_gives_way_to_one_of_the_same_name() -> None:
    components = {"parameters": {"p": {"name": "q", "in": "query", "description": "shared"}}}
    own = {"name": "q", "in": "query", "description": "own"}
    item = {"parameters": [{"$ref": "#/components/parameters/p"}], "get": operation(parameters=[own])}
    block = document(paths={"/a": item})
    block["components"] |= components
    assert merged(block).document["paths"]["/a"]["get"]["parameters"] == [own]


def test_what_is_said_for_all_methods_of_a_path() -> None:
    shared = [{"name": "thing", "in": "path", "schema": {}}, {"name": "q", "in": "query", "schema": {}}]
    own = [{"name": "q", "in": "query", "description": "own"}]
    item = {"parameters": shared, "get": operation(parameters=own), "put": operation()}
    found = merged(document(paths={"/a/{thing}": item})).document["paths"]["/a/{thing}"]
    assert found["get"]["parameters"] == [shared[0], own[0]]
    assert found["put"]["parameters"] == shared


def test_security_that_differs_stays_with_its_operations() -> None:
    usual, bearer = [{"ApiKeyAuth": []}], [{"BearerAuth": []}]
    found = merged(
        document("/a"),
        document("/b"),
        document("/c", security=bearer),
        document("/d", details=operation(security=[]), security=bearer),
    ).document
    assert found["security"] == usual
    assert [found["paths"][path]["get"].get("security") for path in ("/a", "/b", "/c", "/d")] == [
        None,
        None,
        bearer,
        [],
    ]


def test_no_security_at_all() -> None:
    content = document()
    del content["security"]
    assert "security" not in merged(content).document


def test_the_newest_version_is_the_document_s() -> None:
    old = document(info={"title": "T", "version": "1.9.0"}, openapi="3.0.0")
    new = document(method="put", info={"title": "T", "version": "1.10.0"}, openapi="3.0.3")
    assert merged(old, new).document["info"]["version"] == "1.10.0"
    assert merged(new, old).document["openapi"] == "3.0.3"


def test_names_and_extensions_of_a_page_are_left_out() -> None:
    details = operation(operationId="os.system", **{"x-sdk-method": "__init__", "x-pages": ["other"], "callbacks": {}})
    get = merged(document(details=details)).document["paths"]["/api/v1/things/{thing}"]["get"]
    assert get.keys() == {"summary", "description", "tags", "responses", "x-pages"}
    assert get["x-pages"] == ["things"]


def test_where_a_part_was_published() -> None:
    found = merged(document(), document(method="put"))
    place = found.origin(("paths", "/api/v1/things/{thing}", "put", "summary"))
    assert place is not None
    assert place.position == 2
    assert found.origin(("components", "schemas", "Other")) is None


def test_a_reference_to_a_schema_is_followed_by_name_only() -> None:
    assert REF in json.dumps(merged(document()).document)


def test_a_schema_that_is_only_another_name_is_skipped() -> None:
    chain = {f"C{number}": {"$ref": f"{REF}C{number + 1}"} for number in range(50)}
    found = merged(document(schemas={**chain, "C50": {"type": "object", "properties": {"a": {"$ref": f"{REF}C0"}}}}))
    schemas = found.document["components"]["schemas"]
    assert [schemas[name] for name in chain] == [{"$ref": f"{REF}C50"}] * 50
    assert schemas["C50"]["properties"]["a"] == {"$ref": f"{REF}C50"}
