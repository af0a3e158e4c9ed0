"""What is said twice alike is said once; what is said differently is an error that names both places."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from scripts.openapi.errors import PipelineError
from scripts.spec.merge_fragments import merge
from tests.spec.build import REF, SERVER, THINGS, document, fragment, merged, operation, relaxed
from tests.support.cases import cases


def error_of(*contents: dict[str, Any]) -> PipelineError:
    """The error of some blocks, which is the same in whatever order they come."""
    fragments = [fragment(content, heading=f"Block {n}", position=n) for n, content in enumerate(contents, 1)]
    texts = set()
    for order in itertools.permutations(fragments):
        with pytest.raises(PipelineError) as caught:
            merge(order)
        texts.add(str(caught.value))
    assert len(texts) == 1
    return caught.value


def test_the_same_twice_is_once() -> None:
    found = merge([fragment(page="b"), fragment(page="a"), fragment(page="B")])
    assert list(found.document["paths"]) == ["/api/v1/things/{thing}"]
    assert found.document["components"]["schemas"].keys() == {"Things", "ThingsResponse"}
    assert found.document["components"]["securitySchemes"].keys() == {"ApiKeyAuth"}
    get = found.document["paths"]["/api/v1/things/{thing}"]["get"]
    assert len(get["x-pages"]) == 3
    assert found.pages == set(get["x-pages"])


def test_the_order_of_keys_makes_no_difference() -> None:
    one = document()
    other = document(schemas={"Things": {"properties": dict(reversed(THINGS["properties"].items())), "type": "object"}})  # type: ignore[attr-defined]  # a schema
    both = [json.dumps(merged(*order).document) for order in ((one, other), (other, one))]
    assert both[0] == both[1]


@pytest.mark.untraced
@settings(relaxed, max_examples=30)
@given(st.permutations(range(6)))
def test_the_order_of_fragments_makes_no_difference(order: list[int]) -> None:
    fragments = [
        fragment(document(f"/api/v1/{name}", method, operation(tag=name)), page=name)
        for name in ("alphas", "betas", "gammas")
        for method in ("get", "post")
    ]
    assert json.dumps(merge(fragments[n] for n in order).document) == json.dumps(merge(fragments).document)


def test_two_schemas_of_one_name() -> None:
    changed = {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}
    error = error_of(document(), document(method="put", schemas={"Things": changed}))
    assert error.pointer == "#/components/schemas/Things/properties/id/type"
    assert error.heading == 'block 2 "Block 2"'
    assert 'things.md, block 1 "Block 1"' in error.message


def test_the_block_that_stands_alone_is_the_one_at_fault() -> None:
    odd = document(schemas={"Things": {"type": "object"}})
    error = error_of(odd, document(method="put"), document(method="post"))
    assert error.heading == 'block 1 "Block 1"'
    assert error.pointer == "#/components/schemas/Things/properties"


def test_two_versions_of_one_operation() -> None:
    other = operation(parameters=[{"name": "page", "in": "query", "schema": {"type": "integer"}}])
    error = error_of(document(), document(details=other))
    assert error.pointer == "#/paths/~1api~1v1~1things~1{thing}/get/parameters"


def test_one_endpoint_under_two_paths() -> None:
    error = error_of(document(), document("/api/v1/things/{id}"))
    assert "same endpoint" in error.message
    assert 'things.md, block 2 "Block 2"' in error.message


def test_two_security_schemes_of_one_name() -> None:
    other = document()
    other["components"]["securitySchemes"]["ApiKeyAuth"]["name"] = "X-Key"
    assert error_of(document(), other).pointer == "#/components/securitySchemes/ApiKeyAuth/name"


@cases(
    ("content", "pointer"),
    [
        (document(servers=[{"url": "https://elsewhere.example"}]), "#/servers/0/url"),
        (document(servers=[{"url": "https://one.example"}, {"url": "https://two.example"}]), "#/servers/0/url"),
        (document(servers=["x"]), "#/servers/0/url"),
        (document(servers=[{}]), "#/servers/0/url"),
        (
            document(details=operation(servers=[{"url": "https://elsewhere.example"}])),
            "#/paths/~1api~1v1~1things~1{thing}/get/servers/0/url",
        ),
        (document(paths={"/a": {"servers": [{"url": "//x"}], "get": operation()}}), "#/paths/~1a/servers/0/url"),
    ],
)
def test_another_server(content: dict[str, Any], pointer: str) -> None:
    assert error_of(content).pointer == pointer


def test_the_same_server_written_otherwise() -> None:
    one, other = document(servers=[{"url": SERVER + "/"}]), document(method="put")
    del other["servers"]
    assert merged(one, other).document["servers"] == [{"url": SERVER}]


@cases("url", ["https://core-staging.wearepatchworks.com", "http://127.0.0.1:8000", "/", "{host}"])
def test_a_second_server_is_no_fault(url: str) -> None:
    servers = [{"url": url, "description": "Staging"}, {"url": SERVER}]
    found = merged(document(servers=servers), document(method="put", details=operation(servers=servers)))
    assert found.document["servers"] == [{"url": SERVER}]


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


def test_the_faults_of_all_blocks_are_named() -> None:
    one, two = document(servers=[{"url": "https://x"}]), document(details=operation(responses={"200": {"$ref": "#/x"}}))
    error = error_of(one, document(method="put"), two)
    assert [(part.heading, part.pointer) for part in error.errors] == [
        ('block 1 "Block 1"', "#/servers/0/url"),
        ('block 3 "Block 3"', "#/paths/~1api~1v1~1things~1{thing}/get/responses/200/$ref"),
    ]


def test_a_dangling_reference() -> None:
    one = document()
    del one["components"]["schemas"]["Things"]
    error = error_of(one, document(method="put"))
    assert error.pointer == "#/components/schemas/ThingsResponse/properties/data/$ref"
    assert error.heading == 'block 1 "Block 1"'


def test_no_operation_at_all() -> None:
    components_alone = document()
    del components_alone["paths"]
    assert "not one operation" in str(error_of(components_alone))


def test_components_that_are_none() -> None:
    assert error_of(document(components={"examples": 1}, details={"responses": {}})).pointer == "#/components/examples"
    assert merged(document(components={"x-note": 1}, details={"responses": {}}))


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


def test_tags_keep_what_is_said_of_them() -> None:
    named = document(tags=[{"name": "Things", "description": "All things."}, {"x": 1}, "text"])
    assert merged(named, document(method="put")).document["tags"] == [{"name": "Things", "description": "All things."}]
    other = document(method="put", tags=[{"name": "Things", "description": "Other."}])
    assert error_of(named, other).pointer == "#/tags/Things/description"


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


def test_one_operation_on_two_pages_may_be_a_page_that_was_renamed() -> None:
    other = document(details=operation(description="Otherwise."))
    with pytest.raises(PipelineError, match=r"where a page was renamed, docs/releasing\.md has the steps"):
        merge([fragment(), fragment(other, page="items")])


def test_a_schema_that_is_only_another_name_is_skipped() -> None:
    chain = {f"C{number}": {"$ref": f"{REF}C{number + 1}"} for number in range(50)}
    found = merged(document(schemas={**chain, "C50": {"type": "object", "properties": {"a": {"$ref": f"{REF}C0"}}}}))
    schemas = found.document["components"]["schemas"]
    assert [schemas[name] for name in chain] == [{"$ref": f"{REF}C50"}] * 50
    assert schemas["C50"]["properties"]["a"] == {"$ref": f"{REF}C50"}
