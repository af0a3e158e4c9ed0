"""Every request that the description allows, as arguments of the SDK's methods."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[2] / "openapi" / "patchworks-core.json"
METHODS = ("get", "post", "put", "delete")

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call of a method of the SDK."""

    namespace: str
    method: str
    ids: tuple[int | str, ...]
    arguments: Json
    is_list: bool

    def __str__(self) -> str:
        return f"{self.namespace}.{self.method}({', '.join(self.arguments)})"


def document() -> Json:
    """The merged document."""
    read: Json = json.loads(DOCUMENT.read_text())
    return read


def calls() -> list[Call]:
    """Each operation with as little as it takes, with everything, and with null wherever null is documented."""
    made: list[Call] = []
    described = document()
    for item in described["paths"].values():
        for method in METHODS:
            if method in item:
                made += operation_calls(described, item[method])
    return made


def operation_calls(described: Json, operation: Json) -> list[Call]:
    """The calls of one operation."""
    parameters = operation.get("parameters", [])
    places = [parameter for parameter in parameters if parameter["in"] == "path"]
    queries = [parameter for parameter in parameters if parameter["in"] == "query"]
    fields, required = body(described, operation)
    names = {resolved(described, parameter["schema"]).get("type") for parameter in queries}
    least = {name: sample(described, fields[name]) for name in required}
    everything = {name: sample(described, schema) for name, schema in fields.items()}
    nulls = {name: None for name, schema in fields.items() if schema.get("nullable")}
    variants = [least, everything | {argument(query["name"]): sample(described, query["schema"]) for query in queries}]
    if nulls:
        variants.append(least | nulls)
    if "array" in names:
        variants += [{query["name"]: choice} for query in queries for choice in choices(described, query["schema"])]
    return [
        Call(
            namespace=operation["tags"][0].lower().replace(" ", "_"),
            method=operation["x-sdk-method"],
            # An id may be a number or a text, with whatever in it but a slash.
            ids=tuple(7 if index % 2 else "a b%é" for index, _ in enumerate(places, number)),
            arguments=arguments,
            is_list=operation["x-sdk-method"].startswith("list"),
        )
        for number, arguments in enumerate(variants)
    ]


def body(described: Json, operation: Json) -> tuple[Json, list[str]]:
    """The fields of the body, and which of them are required."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = resolved(described, content.get("application/json", {}).get("schema", {}))
    return schema.get("properties", {}), schema.get("required", [])


def argument(name: str) -> str:
    """The name of a parameter in Python: `filter[hasDeployedVersion]` is `filter_has_deployed_version`."""
    flat = name.replace("[", "_").replace("]", "")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", flat).lower()


def resolved(described: Json, schema: Json) -> Json:
    """The schema behind a reference."""
    reference: str | None = schema.get("$ref")
    if reference is None:
        return schema
    found: Json = described["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def choices(described: Json, schema: Json) -> list[Any]:
    """Each documented name by itself, where a parameter takes names."""
    items = resolved(described, schema.get("items", {}))
    return list(items.get("enum", []))


def sample(described: Json, schema: Json) -> Any:
    """A value that a schema allows, as long as it may be."""
    schema = resolved(described, schema)
    if "anyOf" in schema:
        return sample(described, schema["anyOf"][0])
    kind = schema["type"]
    if kind == "array":
        named = choices(described, schema)
        return named or [sample(described, schema["items"])]
    if kind == "object":
        return {name: sample(described, inner) for name, inner in schema.get("properties", {}).items()}
    text = "ä,&=%/ \U0001f600"
    longest = text.ljust(schema["maxLength"], "x") if "maxLength" in schema else text
    return {"integer": schema.get("maximum", 3), "boolean": True, "string": longest}[kind]
