"""Documented headers: arguments of the generated methods and functions, sent under their own names."""

from __future__ import annotations

import asyncio
import inspect
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import httpx
import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks
from scripts.codegen.generator import generate

from .documents import document, json_content, operation

TRACE = UUID(int=7)
PACKAGE = "patchworks_core_client.tried"

PAGE = json_content({"type": "object", "properties": {"data": {"type": "array", "items": {"type": "string"}}}})


def header(name: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "header", "schema": schema, **more}


PARAMETERS = [
    {"name": "X-Team", "in": "query", "schema": {"type": "string"}, "description": "The team that asks."},
    header("X-Team", {"type": "string"}, description="The team that answers."),
    header("X-Dry-Run", {"type": "boolean"}),
    header("X-Trace", {"type": "string", "format": "uuid"}),
    header("headers", {"type": "integer"}),
]


@pytest.fixture
def tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a generated package beside the committed one, with the runtime above it."""
    idempotent = header("Idempotency-Key", {"type": "string"}, required=True)
    create = operation("create_thing", verb="post", parameters=[idempotent])
    generate(document(operation(parameters=PARAMETERS, content=PAGE), create), tmp_path)
    package = ModuleType(PACKAGE)
    package.__path__ = [str(tmp_path)]
    for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, PACKAGE, package)
    return f"{PACKAGE}.api.things"


class Server:
    """Answers with an empty list, and keeps what it was sent."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, json={"data": []})

    def sent(self, *names: str) -> list[str | None]:
        """These headers of the last request."""
        return [self.requests[-1].headers.get(name) for name in names]


def test_a_header_is_an_argument(tried: str) -> None:
    module = import_module(f"{tried}._sync")
    method = module.ThingsApi.list
    found = inspect.signature(method).parameters
    assert [found[name].annotation for name in ("x_team", "x_team_", "x_dry_run", "x_trace", "headers_")] == [
        "str | None",
        "str | None",
        "bool | None",
        "UUID | None",
        "int | None",
    ]
    assert found["x_dry_run"].default is None
    assert "x_team: The team that asks." in method.__doc__
    assert "x_team_: The team that answers." in method.__doc__
    assert inspect.signature(module.ThingsApi.create).parameters["idempotency_key"].default is inspect.Parameter.empty


def test_a_method_sends_it_and_headers_win(tried: str) -> None:
    server = Server()
    with Patchworks(api_key="k", http_client=httpx.Client(transport=server.transport)) as pw:
        things = import_module(f"{tried}._sync").ThingsApi(pw)
        things.list(x_team="a", x_team_="b", x_dry_run=True, x_trace=TRACE, headers_=3).first_page()
        assert server.requests[-1].url.query == b"X-Team=a"
        assert server.sent("X-Team", "X-Dry-Run", "X-Trace", "headers") == ["b", "true", str(TRACE), "3"]
        things.list(x_team_="b", x_dry_run=False, headers={"x-team": "mine", "X-Other": "o"}).first_page()
        assert server.sent("X-Team", "X-Dry-Run", "X-Trace", "X-Other") == ["mine", "false", None, "o"]
        things.create(idempotency_key="i")
        assert server.sent("Idempotency-Key") == ["i"]
        with pytest.raises(TypeError, match="Idempotency-Key cannot be sent in a header as an object"):
            things.create(idempotency_key=object())


def test_the_functions_of_a_module_send_it(tried: str) -> None:
    server = Server()
    module = import_module(f"{tried}.list_things")
    with Patchworks(api_key="k", http_client=httpx.Client(transport=server.transport)) as pw:
        module.sync(client=pw, x_team_="b")
        assert server.sent("X-Team", "X-Dry-Run") == ["b", None]

    async def call() -> None:
        async with httpx.AsyncClient(transport=server.transport) as http:
            await module.asyncio(client=AsyncPatchworks(api_key="k", http_client=http), x_dry_run=True)

    asyncio.run(call())
    assert server.sent("X-Team", "X-Dry-Run") == [None, "true"]
