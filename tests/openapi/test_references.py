"""Every `$ref` leads somewhere, and none in a circle."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.openapi.references import ReferenceProblem, check_references, parse, reachable, reference, schema_names
from tests.spec.build import REF, document, operation


def problem_of(schemas: dict[str, Any], **more: Any) -> ReferenceProblem:
    with pytest.raises(ReferenceProblem) as caught:
        check_references(document(schemas=schemas, **more))
    return caught.value


def test_good_ones() -> None:
    tree = {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": REF + "Tree"}}}}
    named_like_one = {"type": "object", "properties": {"$ref": {"type": "string"}}}
    diamond = {
        "A": {"allOf": [{"$ref": REF + "B"}, {"$ref": REF + "C"}]},
        "B": {"$ref": REF + "D"},
        "C": {"oneOf": [{"$ref": REF + "D"}]},
        "D": {},
    }
    data = {"type": "object", "example": {"$ref": "not one"}, "enum": [{"$ref": "data"}]}
    check_references(document(schemas={"Tree": tree, "N": named_like_one, "Data": data, "x~/y": {}, **diamond}))
    check_references(document(components={"x-note": "text"}, details={"responses": {}}))


@pytest.mark.parametrize(
    "target",
    [
        "#/components/schemas/Missing",
        "#/components/parameters/Things",
        "#/paths/~1a",
        "#/components/schemas/Things/properties/id",
        "#/components/schemas",
        "https://elsewhere.example/x.json#/A",
        "file:///etc/passwd",
        "other.json",
        "",
    ],
)
def test_ones_that_lead_nowhere(target: str) -> None:
    problem = problem_of({"A": {"properties": {"b": {"$ref": target}}}})
    assert problem.path == ("components", "schemas", "A", "properties", "b", "$ref")


def test_one_of_another_kind() -> None:
    details = operation(parameters=[{"$ref": REF + "Things"}])
    problem = problem_of({}, details=details)
    assert "is no parameter" in str(problem)
    assert problem.path == ("paths", "/api/v1/things/{thing}", "get", "parameters", 0, "$ref")


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": {"$ref": REF + "A"}},
        {"A": {"$ref": REF + "B"}, "B": {"$ref": REF + "A"}},
        {"A": {"allOf": [{"$ref": REF + "B"}]}, "B": {"anyOf": [{"oneOf": [{"$ref": REF + "A"}]}]}},
    ],
)
def test_circles(schemas: dict[str, Any]) -> None:
    assert "defined by itself" in str(problem_of(schemas))


def test_parse_and_reference_are_inverse() -> None:
    assert parse(reference("schemas", "a~b/c")["$ref"]) == ("schemas", "a~b/c")


def test_reachable() -> None:
    schemas: dict[str, Any] = {
        "A": {"items": {"$ref": REF + "B"}},
        "B": {"properties": {"a": {"$ref": REF + "A"}}},
        "C": {},
    }
    assert reachable(schemas, [{"x": {"$ref": REF + "A"}}]) == {"A", "B"}
    assert reachable(schemas, {"$ref": REF + "Gone"}) == set()
    assert list(schema_names({"a": [{"$ref": REF + "A"}, {"$ref": "#/components/parameters/P"}, {"$ref": 1}]})) == ["A"]
