"""Every operation, of both clients, with bodies as described and bodies that are not: tolerant and strict."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from patchworks_core_client import DecodeError, Mismatch, Page
from tests.support.cases import cases
from tests.support.driver import Driver

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "openapi" / "patchworks-core.json").read_text())
OPERATIONS = [
    pytest.param(operation, id=operation["operationId"])
    for item in DOCUMENT["paths"].values()
    for operation in item.values()
]

Operation = dict[str, Any]
Call = Callable[..., Any]


def described(schema: dict[str, Any], depth: int = 0) -> Any:
    """A value as the document describes it."""
    if "$ref" in schema:
        return described(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]], depth)
    if "anyOf" in schema:
        return described(schema["anyOf"][0], depth)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return {name: described(inner, depth + 1) for name, inner in schema.get("properties", {}).items() if depth < 4}
    if kind == "array":
        return [described(schema["items"], depth + 1)] if depth < 4 else []
    text = "2026-01-05T09:30:00.000000Z" if schema.get("format") == "date-time" else "text"
    return {"integer": 1, "number": 1.5, "boolean": True, "string": text}[kind or "string"]


def answer(operation: Operation) -> dict[str, Any]:
    body: dict[str, Any] = described(operation["responses"]["200"]["content"]["application/json"]["schema"])
    if isinstance(body.get("meta"), dict):
        body["meta"] = {"current_page": 1, "last_page": 1, "per_page": 15, "total": 1}
        body["links"] = {"next": None}
    return body


def broken(body: dict[str, Any]) -> dict[str, Any]:
    """The same with a value that is none of the described ones, where a reader looks first."""
    if "message" in body:
        return {"message": {"no": "text"}}
    data = body["data"]
    first = data[0] if isinstance(data, list) else data
    return {**body, "data": [{**first, "id": {"no": "number"}}] if isinstance(data, list) else {**first, "id": []}}


@pytest.fixture(params=["httpx", "sync"])
def call(request: pytest.FixtureRequest) -> Iterator[Call]:
    """Calls an operation that is answered with that body, with those options; gives of a list the first page."""
    answers: list[Any] = []
    transport = httpx.MockTransport(lambda _: httpx.Response(201, json=answers.pop()))
    http_client: Any = (httpx.Client if request.param == "sync" else httpx.AsyncClient)(transport=transport)
    driver = Driver(request.param, "https://core.example.com", http_client=http_client)

    def call(operation: Operation, body: Any, **options: Any) -> Any:
        answers.append(body)
        namespace = getattr(driver.pw.with_options(**options), operation["x-sdk-namespace"])
        method = getattr(namespace, operation["x-sdk-method"])
        parameters = inspect.signature(method).parameters.values()
        ids = [7 for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
        result = driver.run(method(*ids))
        return result.first_page() if hasattr(result, "first_page") else result

    yield call
    driver.run(http_client.close() if request.param == "sync" else http_client.aclose())
    driver.close()


@cases("operation", OPERATIONS)
def test_as_described_it_is_typed_and_nothing_is_reported(call: Call, operation: Operation) -> None:
    found: list[Mismatch] = []
    body = answer(operation)
    result = call(operation, body, strict=True, on_mismatch=found.append)
    assert not found
    if isinstance(result, Page):
        assert [item.to_dict() for item in result] == body["data"]
    else:
        assert result.to_dict() == body.get("data", body)


@cases("operation", OPERATIONS)
def test_otherwise_it_is_kept_and_reported(call: Call, operation: Operation) -> None:
    found: list[Mismatch] = []
    body = broken(answer(operation))
    result = call(operation, body, on_mismatch=found.append)
    assert len(found) == 1
    item = result.items[0] if isinstance(result, Page) else result
    assert item.to_dict() in (body, body.get("data"), *(body["data"] if isinstance(body.get("data"), list) else []))


@cases("operation", OPERATIONS)
def test_otherwise_it_is_an_error_in_strict_mode(call: Call, operation: Operation) -> None:
    with pytest.raises(DecodeError, match="is described"):
        call(operation, broken(answer(operation)), strict=True)


@pytest.mark.untraced
@cases("operation", OPERATIONS)
@cases("body", [None, [], {}, "text", 5, {"data": None}, {"data": 5}, {"data": [1, None]}])
def test_a_body_of_another_form_is_survived(call: Call, operation: Operation, body: object) -> None:
    call(operation, body)
