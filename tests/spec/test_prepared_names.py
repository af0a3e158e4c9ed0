"""The names of what a document declares inside of its operations: enumerations, and what has no name of its own."""

from __future__ import annotations

from typing import Any

from scripts.spec.assign_names import assign_names
from tests.spec.build import REF, document, merged, operation, prepared


def test_enumerations_are_named_after_what_is_answered() -> None:
    def listing(path: str, summary: str, names: str, **more: Any) -> dict[str, Any]:
        parameters = [
            {"name": "include", "in": "query", "description": f"Available: {names}", "schema": {"type": "string"}},
            {"name": "sort", "in": "query", "description": "Available: id", "schema": {"type": "string"}},
        ]
        return document(path, details=operation(summary, parameters=parameters, **more))

    plain = {"200": {"description": "ok"}}
    result, names, _ = prepared(
        listing("/a", "List Things", "a, b"),
        listing("/b", "Find Things", "a, b"),
        listing("/c", "Seek Things", "c"),
        listing("/d", "List Other Parts", "d", responses=plain),
        listing("/e", "Go", "e", responses=plain),
    )
    schemas = result["components"]["schemas"]
    assert {name: schema["enum"] for name, schema in schemas.items() if "enum" in schema} == {
        "ThingInclude": ["a", "b"],
        "ThingSort": ["id", "-id"],
        "SeekThingsInclude": ["c"],
        "OtherPartInclude": ["d"],
        "OtherPartSort": ["id", "-id"],
        "GoInclude": ["e"],
    }
    assert names.enumerations == 6


def test_one_more_name_moves_the_type_of_no_other_operation() -> None:
    def listing(path: str, summary: str, names: str) -> dict[str, Any]:
        included = {"name": "include", "in": "query", "description": f"Available: {names}"}
        parameters = [{**included, "schema": {"type": "string"}}]
        return document(path, details=operation(summary, parameters=parameters))

    others = [listing("/b", "Find Things", "a"), listing("/c", "Seek Things", "a")]
    _, before, _ = prepared(listing("/a", "List Things", "a"), *others)
    assert {dict(entry.enumerations)["include"] for entry in before.lock.values()} == {"ThingInclude"}
    after = assign_names(merged(listing("/a", "List Things", "a, b"), *others), before.lock)
    assert {entry.name: dict(entry.enumerations)["include"] for entry in after.lock.values()} == {
        "list": "ListThingsInclude",
        "find": "ThingInclude",
        "seek": "ThingInclude",
    }


def test_what_is_inside_of_something_has_a_title_of_its_own() -> None:
    flow = {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "version": {"type": "object"},
            "status": {"type": "string", "enum": ["on", "off"]},
            "parts": {
                "type": "array",
                "items": {"type": "object", "properties": {"from": {"type": "object", "properties": {}}}},
            },
            "extra": {"type": "object", "additionalProperties": {"type": "object"}},
            "choice": {"oneOf": [{"type": "object"}, {"allOf": [{"$ref": REF + "FlowVersions"}]}]},
        },
    }
    details = operation(
        "Start Flow",
        parameters=[{"name": "mode", "in": "query", "schema": {"type": "string", "enum": ["a"]}}],
        requestBody={
            "content": {"application/json": {"schema": {"type": "object", "properties": {"x": {"type": "object"}}}}}
        },
        responses={
            "200": {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}},
            "400": {
                "description": "",
                "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
            },
        },
    )
    taken = {"type": "object", "properties": {"id": {}}}
    result, *_ = prepared(
        document("/a", "post", details, {"Flows": flow, "FlowVersions": taken, "FlowStatuses": taken})
    )
    fields = result["components"]["schemas"]["Flow"]["properties"]
    assert fields["version"]["title"] == "FlowVersionValue"
    assert fields["status"]["title"] == "StatusValue"
    assert fields["parts"]["items"]["title"] == "FlowPart"
    assert fields["parts"]["items"]["properties"]["from"]["title"] == "FlowPartFrom"
    assert fields["extra"]["additionalProperties"]["title"] == "FlowExtraValue"
    # A reference by itself has the name of what it leads to.
    assert fields["choice"]["oneOf"] == [
        {"type": "object", "title": "FlowChoiceOption1"},
        {"$ref": REF + "FlowVersion"},
    ]
    start = result["paths"]["/a"]["post"]
    assert start["parameters"][0]["schema"]["title"] == "Mode"
    body = start["requestBody"]["content"]["application/json"]["schema"]
    assert (body["title"], body["properties"]["x"]["title"]) == ("StartFlowRequest", "StartFlowRequestX")
    assert start["responses"]["200"]["content"]["application/json"]["schema"]["title"] == "StartFlowResponse"
    assert (
        start["responses"]["400"]["content"]["application/json"]["schema"]["items"]["title"] == "StartFlowResponse400"
    )
