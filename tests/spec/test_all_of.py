"""`allOf` becomes one schema, or an error that names both places."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.openapi.errors import PipelineError
from scripts.spec.apply_rules import apply_rules
from scripts.spec.rules import all_of
from tests.spec.build import REF, document, merged, operation
from tests.support.cases import cases

STATUS = {"type": "string", "enum": ["on", "off"]}
BASE = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "meta": {"properties": {"a": {}}}},
}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": REF + name}


def combined(schema: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    """The schema after all repairs, as a component, as a field of one and as the schema of a parameter."""
    parameter = {"name": "q", "in": "header", "schema": schema}
    holder = {"type": "object", "properties": {"value": schema}}
    block = document(
        details=operation(parameters=[parameter]),
        schemas={"Status": STATUS, "Base": BASE, "Tested": schema, "Holder": holder, **schemas},
    )
    found = merged(block)
    apply_rules(found)
    components = found.document["components"]["schemas"]
    result: dict[str, Any] = components["Tested"]
    assert components["Holder"]["properties"]["value"] == result
    return result


@cases(
    ("parts", "expected"),
    [
        ([ref("Status")], ref("Status")),
        ([ref("Status"), ref("Status")], ref("Status")),
        ([ref("Status"), {"description": "d"}], {"allOf": [ref("Status")], "description": "d"}),
        (
            [{"description": "d"}, ref("Base"), {"nullable": True}],
            {"allOf": [ref("Base")], "description": "d", "nullable": True},
        ),
        ([{"description": "d"}], {"description": "d"}),
        ([ref("Status"), {"enum": ["on", "paused"]}], {"type": "string", "enum": ["on"]}),
        ([{"type": "string", "nullable": True}, {"nullable": False}], {"type": "string", "nullable": False}),
        (
            [{"type": "string", "maxLength": 9}, {"maxLength": 5}, {"minLength": 2}],
            {"type": "string", "maxLength": 5, "minLength": 2},
        ),
        (
            [{"type": "string", "nullable": True}, {"maxLength": 5, "nullable": True}],
            {"type": "string", "nullable": True, "maxLength": 5},
        ),
        ([{"type": "number", "minimum": 1}, {"type": "integer", "minimum": 3}], {"type": "integer", "minimum": 3}),
        (
            [{"type": "array", "items": ref("Status")}, {"items": {"enum": ["on"]}}],
            {"type": "array", "items": {"type": "string", "enum": ["on"]}},
        ),
        (
            [{"type": "object", "additionalProperties": {"type": "string"}}, {"additionalProperties": True}],
            {"type": "object", "additionalProperties": {"type": "string"}},
        ),
        (
            [
                {"type": "object", "additionalProperties": {"type": "string"}},
                {"additionalProperties": {"maxLength": 2}},
            ],
            {"type": "object", "additionalProperties": {"type": "string", "maxLength": 2}},
        ),
        (
            [{"oneOf": [{"type": "string"}, {"type": "integer"}]}, {"description": "d"}],
            {"oneOf": [{"type": "string"}, {"type": "integer"}], "description": "d"},
        ),
        (
            [{"type": "string"}, {"anyOf": [{"enum": ["a"]}, {"maxLength": 2}]}],
            {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "maxLength": 2}]},
        ),
        ([{"oneOf": [{}, {"type": "string"}]}, {"anyOf": [{}, {"type": "integer"}]}], {}),
    ],
)
def test_parts_that_agree(parts: list[Any], expected: dict[str, Any]) -> None:
    found = combined({"allOf": parts})
    assert found == expected or {key: value for key, value in found.items() if key != "type"} == expected


def test_a_refinement_of_an_object() -> None:
    found = combined(
        {
            "allOf": [
                ref("Base"),
                {"properties": {"id": {"minimum": 1}, "name": {"type": "string"}}, "required": ["name"]},
            ],
            "description": "d",
        }
    )
    assert found["properties"]["id"] == {"type": "integer", "minimum": 1}
    assert list(found["properties"]) == ["id", "meta", "name"]
    assert (found["required"], found["description"], found["type"]) == (["id", "name"], "d", "object")


def test_an_object_inherited_twice() -> None:
    left, right = ({"allOf": [ref("Base"), {"properties": {name: {"type": "string"}}}]} for name in "lr")
    found = combined({"allOf": [ref("Left"), ref("Right")]}, Left=left, Right=right)
    assert list(found["properties"]) == ["id", "meta", "l", "r"]


def test_no_part_is_shared() -> None:
    """Each inline object gets a name of its own, also one that two schemas have from a third."""
    schemas = {"Base": BASE, "Left": {"allOf": [ref("Base"), {"required": ["id"]}]}}
    found = merged(document(schemas=schemas))
    apply_rules(found)
    components = found.document["components"]["schemas"]
    assert components["Left"]["properties"]["meta"] == components["Base"]["properties"]["meta"]
    assert components["Left"]["properties"]["meta"] is not components["Base"]["properties"]["meta"]


def test_objects_that_hold_each_other_have_an_end() -> None:
    one = {"type": "object", "properties": {"child": ref("One")}}
    two = {"type": "object", "properties": {"child": ref("Two")}}
    assert combined({"allOf": [ref("One"), ref("Two")]}, One=one, Two=two)["type"] == "object"


@pytest.mark.untraced
def test_a_ladder_is_climbed_once() -> None:
    steps = {
        f"A{n}": {"allOf": [ref(f"A{n - 1}"), ref(f"A{n - 1}"), {"properties": {f"p{n}": {}}}]} for n in range(1, 400)
    }
    assert len(combined({"allOf": [ref("A399")]}, A0=BASE, **steps)) == 1


@cases(
    ("one", "other", "key"),
    [
        ({"type": "string"}, {"type": "integer"}, "type"),
        ({"enum": ["a"]}, {"enum": ["b"]}, "enum"),
        ({"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}, "format"),
        ({"type": "array", "items": {}}, {"type": "object"}, "type"),
    ],
)
def test_what_contradicts_itself_names_both_places(one: dict[str, Any], other: dict[str, Any], key: str) -> None:
    block = document(
        schemas={"A": {"properties": {"s": one}}, "C": {"allOf": [ref("A"), {"properties": {"s": other}}]}}
    )
    with pytest.raises(PipelineError) as caught:
        apply_rules(merged(block))
    assert caught.value.page == "things.md"
    assert caught.value.heading == 'block 1 "H"'
    assert caught.value.pointer == f"#/components/schemas/C/allOf/1/properties/s/{key}"
    assert f"contradicts #/components/schemas/A/properties/s/{key}: " in caught.value.message


def test_the_number_of_merges_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_of, "MAX_MERGES", 3)
    with pytest.raises(PipelineError, match="more combinations"):
        combined({"allOf": [{"maxLength": number} for number in range(9)]})


def test_what_all_combined_schemas_repeat_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_of, "MAX_FIELDS", 3)
    with pytest.raises(PipelineError, match="more combinations"):
        combined({"allOf": [{"properties": {f"{part}{number}": {} for number in range(2)}} for part in "ab"]})
