"""Each rule for schemas: what it repairs, and what it leaves alone."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import given, strategies as st

from scripts.spec.rules import schemas as rules
from tests.spec.build import relaxed
from tests.support.cases import cases

Schema = dict[str, Any]
STRING: Schema = {"type": "string"}
OBJECT: Schema = {"type": "object"}

REPAIRS: list[tuple[Callable[[Schema], Schema], Schema, Schema]] = [
    (rules.only_the_reference, {"$ref": "#/x", "type": "object", "description": "d"}, {"$ref": "#/x"}),
    (rules.without_unused_keys, {"type": "string", "title": "Evil", "example": 1, "xml": {}}, STRING),
    (
        rules.without_unused_keys,
        {"type": "integer", "description": "Page. ", "default": 1},
        {"type": "integer", "description": "Page. Default: 1."},
    ),
    (rules.without_unused_keys, {"type": "string", "default": "x"}, {"type": "string", "description": 'Default: "x".'}),
    (
        rules.without_unused_keys,
        {"type": "boolean", "default": False},
        {"type": "boolean", "description": "Default: false."},
    ),
    (rules.without_unused_keys, {"type": "array", "items": {}, "default": []}, {"type": "array", "items": {}}),
    (rules.without_unused_keys, {"type": "string", "default": ""}, STRING),
    (rules.without_unused_keys, {"type": "string", "default": None}, STRING),
    (rules.known_type, {"type": "int", "minimum": 1}, {"type": "integer", "minimum": 1}),
    (rules.known_type, {"type": "DateTime"}, {"type": "string", "format": "date-time"}),
    (rules.known_type, {"type": "mixed", "description": "d"}, {"description": "d"}),
    (rules.known_type, {"type": "bool"}, {"type": "boolean"}),
    (rules.implied_type, {"properties": {}}, {"type": "object", "properties": {}}),
    (rules.implied_type, {"items": {}}, {"type": "array", "items": {}}),
    (rules.implied_type, {"format": "binary"}, {"type": "string", "format": "binary"}),
    (rules.implied_type, {"format": "int64"}, {"type": "integer", "format": "int64"}),
    (rules.wildcard_properties, {"type": "array", "properties": {"*": OBJECT}}, {"type": "array", "items": OBJECT}),
    (
        rules.wildcard_properties,
        {"type": "array", "items": STRING, "properties": {"*": OBJECT}},
        {"type": "array", "items": STRING},
    ),
    (
        rules.wildcard_properties,
        {"type": "object", "properties": {"*": STRING}},
        {"type": "object", "additionalProperties": STRING},
    ),
    (
        rules.wildcard_properties,
        {"type": "array", "properties": {"*": STRING, "id": OBJECT}},
        {"type": "object", "properties": {"id": OBJECT}, "additionalProperties": STRING},
    ),
    (
        rules.wildcard_properties,
        {"type": "object", "properties": {"*": STRING}, "additionalProperties": False},
        {"type": "object", "additionalProperties": False},
    ),
    (
        rules.named_array,
        {"type": "array", "items": {}, "properties": {"cron": STRING}},
        {"type": "object", "properties": {"cron": STRING}},
    ),
    (
        rules.date_in_array,
        {"type": "array", "items": OBJECT, "format": "date-time"},
        {"type": "string", "format": "date-time"},
    ),
    (rules.items_of_arrays_only, {"type": "string", "items": OBJECT}, STRING),
    (rules.items_of_arrays_only, {"type": "array"}, {"type": "array", "items": {}}),
    (rules.format_of_scalars_only, {"type": "object", "format": "json"}, OBJECT),
    (
        rules.bounds_by_type,
        {"type": "string", "minimum": 1, "maximum": 1024},
        {"type": "string", "minLength": 1, "maxLength": 1024},
    ),
    (rules.bounds_by_type, {"type": "string", "maximum": 9, "maxLength": 5}, {"type": "string", "maxLength": 5}),
    (rules.bounds_by_type, {"type": "array", "maximum": 3}, {"type": "array", "maxItems": 3}),
    (rules.bounds_by_type, {"type": "boolean", "maximum": 1}, {"type": "boolean"}),
    (rules.bounds_by_type, {"type": "string", "minimum": -1, "maximum": 1.5}, STRING),
    (rules.bounds_by_type, {"type": "string", "maximum": True}, STRING),
    (rules.free_form_object, {"type": "object", "properties": {}, "additionalProperties": True}, OBJECT),
    (rules.free_form_object, {"type": "object", "additionalProperties": {}}, OBJECT),
    (
        rules.required_as_list,
        {"required": ["b"], "properties": {"a": {"type": "string", "required": True}, "b": {"required": False}}},
        {"properties": {"a": STRING, "b": {}}, "required": ["b", "a"]},
    ),
    (rules.required_as_list, {"type": "object", "required": []}, OBJECT),
    (
        rules.required_as_list,
        {"required": True, "properties": {"a": {"required": False}}},
        {"properties": {"a": {}}},
    ),
    (rules.usable_enumeration, {"enum": ["a", "b", "a"]}, {"enum": ["a", "b"], "type": "string"}),
    (rules.usable_enumeration, {"type": "integer", "enum": ["1", "2"]}, {"type": "string", "enum": ["1", "2"]}),
    (
        rules.usable_enumeration,
        {"type": "string", "enum": ["a", None]},
        {"type": "string", "enum": ["a"], "nullable": True},
    ),
    (rules.usable_enumeration, {"enum": [1, "a"]}, {}),
    (rules.usable_enumeration, {"type": "boolean", "enum": [True, False]}, {"type": "boolean"}),
    (rules.usable_enumeration, {"type": "string", "enum": []}, STRING),
    (rules.usable_enumeration, {"enum": [None]}, {"nullable": True}),
    (rules.usable_enumeration, {"enum": [2, 1]}, {"enum": [2, 1], "type": "integer"}),
]

LEFT_ALONE: list[tuple[Callable[[Schema], Schema], Schema]] = [
    (rules.only_the_reference, {"$ref": "#/x"}),
    (rules.only_the_reference, STRING),
    (rules.without_unused_keys, {"type": "object", "properties": {"title": STRING}}),
    (rules.known_type, STRING),
    (rules.known_type, {"type": "nonsense"}),
    (rules.known_type, {}),
    (rules.implied_type, STRING),
    (rules.implied_type, {"oneOf": []}),
    (rules.implied_type, {"oneOf": [], "format": "uuid"}),
    (rules.implied_type, {"format": "of their own"}),
    (rules.wildcard_properties, {"type": "array", "items": {}}),
    (rules.wildcard_properties, {"type": "object", "properties": {"a": {}}}),
    (rules.named_array, {"type": "array", "items": {}}),
    (rules.date_in_array, {"type": "array", "items": {}, "format": "csv"}),
    (rules.date_in_array, {"type": "string", "format": "date"}),
    (rules.items_of_arrays_only, {"type": "array", "items": {}}),
    (rules.items_of_arrays_only, STRING),
    (rules.format_of_scalars_only, {"type": "string", "format": "date"}),
    (rules.bounds_by_type, {"type": "integer", "minimum": 1, "maximum": 100}),
    (rules.bounds_by_type, {"type": "string", "maxLength": 3}),
    (rules.free_form_object, {"type": "object", "additionalProperties": STRING}),
    (rules.free_form_object, {"type": "object", "properties": {"a": {}}}),
    (rules.free_form_object, {"additionalProperties": True}),
    (rules.required_as_list, {"type": "object", "properties": {"a": {}}, "required": ["a"]}),
    (rules.required_as_list, {"type": "string", "required": True}),
    (rules.usable_enumeration, {"type": "string", "enum": ["b", "a"]}),
    (rules.usable_enumeration, STRING),
]


@cases(("rule", "schema", "expected"), REPAIRS)
def test_repairs(rule: Callable[[Schema], Schema], schema: Schema, expected: Schema) -> None:
    before = copy.deepcopy(schema)
    assert rule(schema) == expected
    assert schema == before, "a rule gives a copy"
    assert rule(expected) == expected, "and has nothing to do with what it gave"


@cases(("rule", "schema"), LEFT_ALONE)
def test_left_alone(rule: Callable[[Schema], Schema], schema: Schema) -> None:
    assert rule(schema) is schema


def test_every_rule_is_in_use_and_tested() -> None:
    tested = {rule for rule, *_ in REPAIRS} & {rule for rule, _ in LEFT_ALONE}
    assert tested == set(rules.RULES)


schemas = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["string", "array", "object", "integer", "int", "mixed", "boolean"]),
            "format": st.sampled_from(["date-time", "binary"]),
            "maximum": st.integers() | st.floats(allow_nan=False),
            "minimum": st.integers(),
            "enum": st.lists(st.none() | st.text(max_size=2) | st.integers() | st.booleans(), max_size=3),
            "required": st.booleans() | st.just(["a"]) | st.just([]),
            "default": st.none() | st.text(max_size=3) | st.integers(),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["array", "object", "string"]),
            "items": inner,
            "properties": st.dictionaries(st.sampled_from(["*", "a", "b"]), inner),
            "additionalProperties": inner | st.booleans(),
        },
    ),
    max_leaves=6,
)


@relaxed
@given(schemas)
def test_all_rules_together_settle_at_once(schema: Schema) -> None:
    def through(given: Schema) -> Schema:
        for rule in rules.RULES:
            given = rule(given)
        return given

    once = through(schema)
    assert through(once) == once
    assert not (once.get("type") != "array" and "items" in once)
    assert not (once.get("type") == "array" and "items" not in once)
