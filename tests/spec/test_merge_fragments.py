"""What is said twice alike is said once; what is said differently is an error that names both places."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from scripts.openapi.errors import PipelineError
from scripts.spec.merge_fragments import merge
from tests.spec.build import SERVER, THINGS, document, fragment, merged, operation, relaxed
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


def test_tags_keep_what_is_said_of_them() -> None:
    named = document(tags=[{"name": "Things", "description": "All things."}, {"x": 1}, "text"])
    assert merged(named, document(method="put")).document["tags"] == [{"name": "Things", "description": "All things."}]
    other = document(method="put", tags=[{"name": "Things", "description": "Other."}])
    assert error_of(named, other).pointer == "#/tags/Things/description"


def test_one_operation_on_two_pages_may_be_a_page_that_was_renamed() -> None:
    other = document(details=operation(description="Otherwise."))
    with pytest.raises(PipelineError, match=r"where a page was renamed, docs/releasing\.md has the steps"):
        merge([fragment(), fragment(other, page="items")])
