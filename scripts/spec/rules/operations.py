"""Apply the rules for parameters, bodies and responses to one operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.openapi.operations import placeholders
from scripts.openapi.references import parse
from scripts.spec.rules import media_types as content_rules, parameters as parameter_rules

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

    from scripts.openapi.structure import Node

WITHOUT_BODY = frozenset({"get", "head"})


def apply_operation_rules(
    path: str, method: str, operation: Node, schemas: Mapping[str, Node], repairs: Counter[str]
) -> None:
    """Apply every rule to an operation, in place, and count those that changed something."""
    body = operation.get("requestBody")
    if body is not None and method in WITHOUT_BODY:
        del operation["requestBody"]
        operation["parameters"] = [*operation.get("parameters", []), *body_as_parameters(body, schemas)]
        repairs["body_as_parameters"] += 1
    elif body is not None:
        operation["requestBody"] = content_rules.json_body(body, schemas)
        repairs["json_body"] += operation["requestBody"] != body
    names = placeholders(path)
    steps: tuple[tuple[str, Callable[[list[Node]], list[Node]]], ...] = (
        ("without_duplicates", parameter_rules.without_duplicates),
        ("that_can_be_sent", lambda parameters: parameter_rules.that_can_be_sent(parameters, names)),
        ("with_placeholders", lambda parameters: parameter_rules.with_placeholders(parameters, names)),
        ("with_schema", parameter_rules.with_schema),
        ("objects_spread", lambda parameters: parameter_rules.objects_spread(parameters, schemas)),
        ("styled_arrays", lambda parameters: parameter_rules.styled_arrays(parameters, schemas)),
        ("plain_headers", parameter_rules.plain_headers),
        ("described", parameter_rules.described),
    )
    parameters = operation.get("parameters", [])
    for name, step in steps:
        changed = step(parameters)
        repairs[name] += changed != parameters
        parameters = changed
    operation["parameters"] = parameters
    if not parameters:
        del operation["parameters"]
    responses = operation.get("responses", {})
    operation["responses"] = content_rules.described_responses(responses, schemas)
    repairs["described_responses"] += operation["responses"] != responses


def body_as_parameters(body: Node, schemas: Mapping[str, Node]) -> list[Node]:
    """Return the fields of a body as query parameters: the API reads the body of a GET from its query."""
    schema: Node = next((media.get("schema", {}) for media in body.get("content", {}).values()), {})
    schema = schemas.get(parse(schema.get("$ref", ""))[1], schema)
    required = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": child,
            **({"description": child["description"]} if "description" in child else {}),
        }
        for name, child in schema.get("properties", {}).items()
    ]


def response_model(operation: Node, schemas: Mapping[str, Node]) -> str:
    """Return the name of the schema in a success, inside its envelope if it has one; empty when it has no name."""
    status = min(status for status in operation["responses"] if status.startswith("2"))
    schema = operation["responses"][status].get("content", {}).get(content_rules.JSON, {}).get("schema", {})
    name = parse(schema.get("$ref", ""))[1]
    data = schemas.get(name, schema).get("properties", {}).get("data", {})
    return parse(data.get("$ref", ""))[1] or parse(data.get("items", {}).get("$ref", ""))[1] or name
