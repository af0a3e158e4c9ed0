"""A block has the shape of an OpenAPI document, or an error says where it has not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, strategies as st

from scripts.openapi.errors import PipelineError
from scripts.openapi.operations import placeholders
from scripts.openapi.structure import walk
from scripts.spec.fragment_checks import check_parameters, checked_fragment
from tests.openapi.test_json_text import json_values
from tests.spec.build import document, fragment, operation, relaxed
from tests.support.cases import cases


def error_of(content: dict[str, Any]) -> PipelineError:
    wrong = fragment(content, heading="Get Thing", position=3)
    with pytest.raises(PipelineError) as caught:
        check_parameters(checked_fragment(wrong), wrong.place)
    assert caught.value.heading == 'block 3 "Get Thing"'
    return caught.value


def test_a_good_block_is_copied() -> None:
    good = document()
    found = checked_fragment(fragment(good))
    assert found == good
    assert found["paths"] is not good["paths"]


def test_what_php_writes_for_nothing() -> None:
    odd = document(
        details={**operation(), "description": None, "requestBody": None, "responses": {"200": []}},
        schemas={"A": [], "N": None, "B": {"type": "object", "properties": [], "items": None}},
    )
    odd["paths"]["/api/v1/empty"] = []
    odd["info"] = []
    found = checked_fragment(fragment(odd))
    assert found["components"]["schemas"]["A"] == {}
    assert found["components"]["schemas"]["B"] == {"type": "object", "properties": {}}
    assert found["paths"]["/api/v1/empty"] == {}
    assert found["components"]["schemas"]["N"] == {}
    assert found["info"] == {}
    get = found["paths"]["/api/v1/things/{thing}"]["get"]
    assert "description" not in get
    assert get["responses"] == {"200": {}}


def test_what_php_writes_for_true() -> None:
    fields = {"a": {"type": "object", "additionalProperties": "true", "nullable": "false"}}
    details = {**operation(), "deprecated": "true", "parameters": [{"name": "a", "in": "query", "required": "true"}]}
    found = checked_fragment(
        fragment(document(details=details, schemas={"A": {"type": "object", "properties": fields}}))
    )
    get = found["paths"]["/api/v1/things/{thing}"]["get"]
    assert (get["deprecated"], get["parameters"][0]["required"]) == (True, True)
    assert found["components"]["schemas"]["A"]["properties"]["a"] == {
        "type": "object",
        "additionalProperties": True,
        "nullable": False,
    }


@cases("version", ["3.1.0", "2.0", "3.0", 3, None])
def test_other_versions(version: object) -> None:
    assert error_of(document(openapi=version)).pointer == "#/openapi"


@cases(
    ("change", "pointer", "message"),
    [
        ({"paths": 1}, "#/paths", "is a number, not an object"),
        ({"paths": {"/a": "x"}}, "#/paths/~1a", "is text, not an object"),
        ({"paths": {"/a": {"get": True}}}, "#/paths/~1a/get", "is true or false, not an object"),
        ({"paths": {"/a": {"get": {"parameters": {}}}}}, "#/paths/~1a/get/parameters", "is an object, not a list"),
        ({"paths": {"/a": {"get": {"parameters": [1]}}}}, "#/paths/~1a/get/parameters/0", "is a number"),
        ({"paths": {"/a": {"get": {"summary": 1.5}}}}, "#/paths/~1a/get/summary", "is a number, not text"),
        ({"paths": {"/a": {"get": {"tags": "x"}}}}, "#/paths/~1a/get/tags", "is text, not a list"),
        ({"components": {"schemas": {"A": {"$ref": 1}}}}, "#/components/schemas/A/$ref", "is no text"),
        ({"components": {"schemas": {"A": {"type": ["string"]}}}}, "#/components/schemas/A/type", "a list, not text"),
        (
            {"components": {"schemas": {"A": {"properties": {"x": 1}}}}},
            "#/components/schemas/A/properties/x",
            "is a number",
        ),
        ({"servers": {}}, "#/servers", "is an object, not a list"),
        ({"paths": {"/a": {"parameters": [{"name": "x"}], "get": {}}}}, "#/paths/~1a/parameters/0", "is no parameter"),
        (
            {"paths": {"/a": {"get": {"parameters": [{"in": "query"}]}}}},
            "#/paths/~1a/get/parameters/0",
            "is no parameter",
        ),
        (
            {"paths": {"/a": {"get": {"parameters": [{"name": "x", "in": "body"}]}}}},
            "#/paths/~1a/get/parameters/0",
            "is no parameter",
        ),
    ],
)
def test_other_shapes(change: dict[str, Any], pointer: str, message: str) -> None:
    error = error_of(document(**change))
    assert error.pointer == pointer
    assert message in error.message


@cases("paths", [{}, [], None, {"/a": {}}, {"/a": {"parameters": []}}])
def test_a_block_without_an_operation(paths: object) -> None:
    error = error_of(document(paths=paths))
    assert (error.pointer, error.message) == ("#/paths", "describes no operation")


def test_a_block_may_hold_components_alone() -> None:
    block = document()
    del block["paths"]
    assert checked_fragment(fragment(block)) == block
    del block["components"]
    assert error_of(block).pointer == "#/paths"


@pytest.mark.parametrize("key", ["frob", "GET", "$ref"])
def test_a_path_with_an_unknown_method(key: str) -> None:
    error = error_of(document(paths={"/a": {"x-note": "n", "summary": "s", "get": operation(), key: operation()}}))
    assert error.pointer == f"#/paths/~1a/{key}"


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ({"name": "session", "in": "cookie", "required": True}, "the parameter 'session' is a cookie"),
        ({"name": "X Team", "in": "header"}, "'X Team' is no name of a header"),
        ({"name": "X-Team\n", "in": "header"}, "is no name of a header"),
    ],
)
def test_parameters_that_cannot_be_sent(parameter: dict[str, Any], message: str) -> None:
    error = error_of(document(details=operation(parameters=[parameter])))
    assert error.pointer == "#/paths/~1api~1v1~1things~1{thing}/get/parameters/0"
    assert message in error.message
    shared = document(details=operation(parameters=[{"$ref": "#/components/parameters/P"}]))
    shared["components"]["parameters"] = {"P": parameter}
    assert error_of(shared).pointer == "#/components/parameters/P"


@pytest.mark.parametrize("name", ["X-Team", " "])
def test_headers_that_are_taken_or_dropped_later(name: str) -> None:
    assert checked_fragment(fragment(document(details=operation(parameters=[{"name": name, "in": "header"}]))))


@cases(
    "path",
    [
        "api/v1/things",
        "",
        "/api/../admin",
        "/api/./things",
        "/api/%2E%2e/admin",
        "/things?x=1",
        "/things#x?y",
        "/things#x#y",
        "/things/{a/b}",
        "/things/{a}/{a}",
        "/things/{}",
        "/things/{a'b}",
        "/th ings",
        "/things\n",
        "/things/'+x+'",
        "/{{ config }}",
        "https://elsewhere.example/x",
    ],
)
def test_paths_that_lead_elsewhere(path: str) -> None:
    assert error_of(document(path)).pointer.startswith("#/paths/")


@cases(
    "path", ["/", "/api/v1/things/{thing}", "/a/{x-y}/b.json", "/a:run/{b}.{c}", "/a%20b/", "/{größe}", "/a/{b}#add_c"]
)
def test_paths_of_an_api(path: str) -> None:
    assert list(checked_fragment(fragment(document(path)))["paths"]) == [path]


def test_a_parameter_twice() -> None:
    one = {"name": "q", "in": "query", "schema": {"type": "string"}}
    other = {**one, "schema": {"type": "integer"}}
    error = error_of(document(details=operation(parameters=[one, {**one, "description": "d"}, other])))
    assert error.pointer == "#/paths/~1api~1v1~1things~1{thing}/get/parameters/2"
    assert "is there twice" in error.message


@cases(
    ("path", "plain", "names"),
    [
        ("/a/{thing:slug}", "/a/{thing}", ["thing:slug"]),
        ("/a/{thing?}", "/a/{thing}", ["thing"]),
        ("/a/{thing:uuid?}/{other?}.{format}", "/a/{thing}/{other}.{format}", ["thing", "other?", "format"]),
        ("/a:run/{b}", "/a:run/{b}", ["b"]),
    ],
)
def test_what_laravel_writes_behind_a_name_in_braces(path: str, plain: str, names: list[str]) -> None:
    parameters = [{"name": name, "in": "path", "required": True, "schema": {}} for name in names]
    item = checked_fragment(fragment(document(path, details=operation(parameters=parameters))))["paths"][plain]
    assert [f"{{{parameter['name']}}}" for parameter in item["get"]["parameters"]] == re.findall(r"\{\w+\}", plain)


def test_two_spellings_of_one_endpoint() -> None:
    error = error_of(document(paths={"/a/{b}": {"get": operation()}, "/a/{b?}": {"get": operation()}}))
    assert (error.pointer, error.message) == ("#/paths/~1a~1{b?}", "is the same endpoint as #/paths/~1a~1{b}")


def test_all_faults_of_a_block_are_named() -> None:
    wrong = document(
        paths={"/a": {"get": {"summary": 1, "tags": "x", "parameters": [1]}}, "/b": {"jump": {}}, "c": {"get": {}}}
    )
    with pytest.raises(PipelineError) as caught:
        checked_fragment(fragment(wrong))
    assert [part.pointer for part in caught.value.errors] == [
        "#/paths/~1a/get/summary",
        "#/paths/~1a/get/tags",
        "#/paths/~1a/get/parameters/0",
    ]
    del wrong["paths"]["/a"]
    with pytest.raises(PipelineError) as caught:
        checked_fragment(fragment(wrong))
    assert [part.pointer for part in caught.value.errors] == ["#/paths/~1b/jump", "#/paths/c"]


def test_placeholders() -> None:
    assert placeholders("/a/{x}/b/{y}.{z}") == ["x", "y", "z"]


def test_additional_properties_may_be_a_word() -> None:
    schemas = {"A": {"additionalProperties": False}, "B": {"additionalProperties": {"type": "string"}}}
    assert checked_fragment(fragment(document(schemas=schemas)))["components"]["schemas"]["A"] == {
        "additionalProperties": False
    }


@pytest.mark.untraced
@relaxed
@given(st.dictionaries(st.sampled_from(["paths", "components", "tags", "servers", "info"]), json_values))
def test_any_content_is_well_shaped_or_one_error(top: dict[str, Any]) -> None:
    try:
        found = checked_fragment(fragment(document(**top)))
    except PipelineError as error:
        assert all("\n" not in str(part) for part in error.errors)  # noqa: PT017 - an error is one of two good ends
    else:
        assert all(isinstance(node, dict) for *_, node in walk(found))
