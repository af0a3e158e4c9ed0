"""Every operation, of both clients, with bodies as described and bodies that are not: tolerant and strict."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from patchworks_core_client import AsyncPatchworks, DecodeError, Mismatch, Page, Patchworks

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "openapi" / "patchworks-core.json").read_text())
OPERATIONS = [
    pytest.param(operation["x-sdk-namespace"], operation["x-sdk-method"], operation, id=f"{operation['operationId']}")
    for item in DOCUMENT["paths"].values()
    for operation in item.values()
]


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


def answer(operation: dict[str, Any]) -> dict[str, Any]:
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


def call(body: Any, namespace: str, method: str, *, asynchronous: bool, **options: Any) -> Any:
    """What a call gives whose answer is `body`; of a list the first page."""
    (result,) = calls([body], namespace, method, asynchronous=asynchronous, **options)
    return result


def calls(bodies: Sequence[Any], namespace: str, method: str, *, asynchronous: bool, **options: Any) -> list[Any]:
    """What the calls of one client give that are answered with those bodies, one after the other."""
    answers = iter(bodies)
    transport = httpx.MockTransport(lambda _: httpx.Response(201, json=next(answers)))

    def arguments(function: Any) -> list[int]:
        parameters = inspect.signature(function).parameters.values()
        return [7 for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]

    if not asynchronous:
        with httpx.Client(transport=transport) as http, Patchworks(api_key="k", http_client=http, **options) as pw:
            function = getattr(getattr(pw, namespace), method)
            results = [function(*arguments(function)) for _ in bodies]
            return [result.first_page() if hasattr(result, "first_page") else result for result in results]

    async def run() -> list[Any]:
        async with (
            httpx.AsyncClient(transport=transport) as http,
            AsyncPatchworks(api_key="k", http_client=http, **options) as pw,
        ):
            function = getattr(getattr(pw, namespace), method)
            return [await function(*arguments(function)) for _ in bodies]

    return asyncio.run(run())


@pytest.mark.parametrize("asynchronous", [True, False], ids=["async", "sync"])
@pytest.mark.parametrize(("namespace", "method", "operation"), OPERATIONS)
class TestOperation:
    def test_as_described_it_is_typed_and_nothing_is_reported(
        self, namespace: str, method: str, operation: dict[str, Any], asynchronous: bool
    ) -> None:
        found: list[Mismatch] = []
        body = answer(operation)
        result = call(body, namespace, method, asynchronous=asynchronous, strict=True, on_mismatch=found.append)
        assert not found
        if isinstance(result, Page):
            assert [item.to_dict() for item in result] == body["data"]
        else:
            assert result.to_dict() == body.get("data", body)

    def test_otherwise_it_is_kept_and_reported(
        self, namespace: str, method: str, operation: dict[str, Any], asynchronous: bool
    ) -> None:
        found: list[Mismatch] = []
        body = broken(answer(operation))
        result = call(body, namespace, method, asynchronous=asynchronous, on_mismatch=found.append)
        assert len(found) == 1
        item = result.items[0] if isinstance(result, Page) else result
        assert item.to_dict() in (body, body.get("data"), *(body["data"] if isinstance(body.get("data"), list) else []))

    def test_otherwise_it_is_an_error_in_strict_mode(
        self, namespace: str, method: str, operation: dict[str, Any], asynchronous: bool
    ) -> None:
        with pytest.raises(DecodeError, match="is described"):
            call(broken(answer(operation)), namespace, method, asynchronous=asynchronous, strict=True)

    @pytest.mark.untraced
    def test_a_body_of_another_form_is_survived(
        self, namespace: str, method: str, operation: dict[str, Any], asynchronous: bool
    ) -> None:
        bodies = [None, [], {}, "text", 5, {"data": None}, {"data": 5}, {"data": [1, None]}]
        calls(bodies, namespace, method, asynchronous=asynchronous)
