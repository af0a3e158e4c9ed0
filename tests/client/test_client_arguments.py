"""Arguments and the environment are checked when a client is made: by type and meaning, in words, without a secret."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from patchworks_core_client import AsyncPatchworks, FileTokenStore, Patchworks, PatchworksError, Token
from tests.support.cases import cases
from tests.support.fault_server import FaultServer

from .support import REFUSED, SECRET, Client, coroutine_function, frames_of_ours


def test_aiohttp_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(PatchworksError, match=r'pip install "patchworks-core-client\[aiohttp\]"'):
        AsyncPatchworks(api_key="k", transport="aiohttp")


@cases("value", ["", "  ", "\n"])
@cases("name", ["API_KEY", "USERNAME", "PASSWORD", "BASE_URL", "LOGIN_URL"])
def test_a_variable_that_is_set_and_empty_is_named(
    client: Client, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name.endswith("URL"):
        monkeypatch.setenv("PATCHWORKS_API_KEY", "k")
    monkeypatch.setenv(f"PATCHWORKS_{name}", value)
    with pytest.raises(PatchworksError, match=f"^PATCHWORKS_{name} is set and empty"):
        client()


def test_an_argument_silences_its_variable(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "USERNAME", "PASSWORD", "BASE_URL", "LOGIN_URL"):
        monkeypatch.setenv(f"PATCHWORKS_{name}", "")
    client(api_key="k", base_url="https://core.example.com", login_url="https://core.example.com/login")


@cases(
    "key", [f" {SECRET}", f"{SECRET} ", f"a {SECRET}", f"'{SECRET}'", f'"{SECRET}', f"Bearer {SECRET}", f"{SECRET}'"]
)
def test_a_key_with_something_round_it(client: Client, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"^api_key= (holds|begins)") as caught:
        client(api_key=key)
    assert SECRET not in str(caught.value)
    monkeypatch.setenv("PATCHWORKS_API_KEY", key)
    with pytest.raises(ValueError, match=r"^PATCHWORKS_API_KEY (holds|begins)"):
        client()


class LoadsOnly:
    def load(self, key: str) -> None:
        """What a store has."""


class AsyncStore(LoadsOnly):
    async def save(self, key: str, token: Token) -> None:
        """What has to be awaited."""


def test_a_token_store_of_coroutines(client: Client) -> None:
    with pytest.raises(TypeError, match=r"^save\(\) of token_store= takes a plain function here"):
        client(username="u", password="p", token_store=AsyncStore())  # type: ignore[arg-type]


@cases(
    "arguments",
    [
        {"username": "u", "password": f"{SECRET}\udcff"},
        {"username": "u\udcff", "password": SECRET},
        {"api_key": f"{SECRET}\udcff"},
        {"api_key": SECRET, "base_url": "https://core.example.com/\udcff"},
        {"username": "u", "password": SECRET, "login_url": "https://core.example.com/\udcff"},
    ],
)
def test_text_that_cannot_be_sent(client: Client, arguments: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    named = next(name for name, value in arguments.items() if "\udcff" in value)
    with pytest.raises(ValueError, match=f"^{named}") as caught:
        client(**arguments)  # type: ignore[arg-type]
    assert type(caught.value) is ValueError
    assert SECRET not in str(caught.value)
    for name, value in arguments.items():
        monkeypatch.setenv(f"PATCHWORKS_{name.upper()}", value)
    with pytest.raises(ValueError, match=f"^PATCHWORKS_{named.upper()}"):
        client()


@cases(
    "arguments",
    [
        {"strict": "yes"},
        {"strict": 1},
        {"strict": None},
        {"allow_http": "no"},
        {"allow_http": 1},
        {"on_request": "print"},
        {"on_response": 1},
        {"on_mismatch": []},
        {"on_mismatch": coroutine_function},
        {"max_retries": "2"},
        {"max_retries": None},
        {"max_connections": ""},
        {"max_connections": False},
        {"max_response_bytes": 1e6},
        {"timeout": "30"},
        {"timeout": True},
        {"timeout": httpx.Timeout},
        {"auth": httpx.BasicAuth},
        {"http_client": httpx.AsyncClient},
        {"http_client": httpx.Client},
        {"token_store": FileTokenStore},
        {"token_store": {}},
        {"token_store": LoadsOnly()},
        {"http_client": httpx.MockTransport(print)},
        {"http_client": httpx.HTTPTransport()},
        {"http_client": httpx.AsyncHTTPTransport()},
    ],
)
def test_arguments_of_another_type(client: Client, arguments: dict[str, Any]) -> None:
    credential = {} if "auth" in arguments else {"username": "u", "password": "p"}
    with pytest.raises(TypeError, match=f"^{next(iter(arguments))}="):
        client(**credential, **arguments)
    if arguments.keys() & {"strict", "on_mismatch", "timeout", "max_retries"} and None not in arguments.values():
        with pytest.raises(TypeError, match=f"^{next(iter(arguments))}="):
            client(api_key="k").with_options(**arguments)


@cases("headers", [0, "", [], (), b"", False, [("X", "y")]])
def test_headers_are_a_mapping_also_where_they_are_false(client: Client, headers: Any) -> None:
    with pytest.raises(TypeError, match=r"^headers= takes a mapping"):
        client(api_key="k").with_options(headers=headers)


@pytest.mark.parametrize("strict", ["yes", 1, []])
async def test_strict_of_one_call(server: FaultServer, strict: Any) -> None:
    async with AsyncPatchworks(api_key="k", base_url=server.url) as pw:
        with pytest.raises(TypeError, match=r"^strict= must be True or False"):
            await pw.virtual_environments.get(1, strict=strict)


def test_an_http_client_that_would_do_by_itself_what_is_done_here() -> None:
    with httpx.Client(auth=("u", "p")) as own, pytest.raises(ValueError, match="http_client= has an auth"):
        Patchworks(api_key="k", http_client=own)
    with httpx.Client(base_url="https://x.example") as own, pytest.raises(ValueError, match="has a base_url"):
        Patchworks(api_key="k", http_client=own)


@cases(
    "arguments",
    [
        {"api_key": SECRET, "max_retries": -1},
        {"api_key": f"{SECRET}\n"},
        {"api_key": f"Bearer {SECRET}"},
        {"api_key": SECRET.encode()},
        {"api_key": [SECRET]},
        {"username": "u", "password": SECRET, "timeout": 0},
        {"username": "u", "password": SECRET, "base_url": "http://127.0.0.1:1"},
        {"api_key": "k", "base_url": f"https://user:{SECRET}@core.example.com"},
        {"api_key": "k", "login_url": f"https://core.example.com?key={SECRET}"},
        {"api_key": "k", "proxy": f"ftp://user:{SECRET}@h:1"},
        {"api_key": "k", "fleet": f"redis://user:{SECRET}@h"},
        {"username": "u", "password": "p", "token_store": f"redis://user:{SECRET}@h"},
        {"auth": ("u", SECRET)},
    ],
)
def test_no_frame_of_a_refused_client_shows_a_secret(client: Client, arguments: dict[str, Any]) -> None:
    with pytest.raises(REFUSED) as caught:
        client(**arguments)
    ours = frames_of_ours(caught.value)
    assert ours
    assert [frame.name for frame in ours if SECRET in str(frame.locals)] == []
    assert any("not set up" in str(frame.locals) for frame in ours)


@pytest.mark.parametrize("options", [{"headers": {"X-A": f"{SECRET}\n"}}, {"headers": {"X-A": SECRET}, "timeout": -1}])
def test_no_frame_of_refused_options_shows_a_secret(client: Client, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the texts are tested elsewhere
        client(api_key="k").with_options(**options)
    assert [frame.name for frame in frames_of_ours(caught.value) if SECRET in str(frame.locals)] == []


def test_a_client_that_was_refused_can_be_looked_at(client: Client) -> None:
    refused = client.__new__(client)
    with pytest.raises(ValueError, match="max_retries="):
        refused.__init__(api_key="k", max_retries=-1)  # type: ignore[misc]
    assert repr(refused) == f"<{client.__name__}, not set up>"
    assert repr(refused.virtual_environments).endswith(f"of <{client.__name__}, not set up>>")


def test_a_client_that_was_refused_can_be_closed(client: Client) -> None:
    refused = client.__new__(client)
    if isinstance(refused, Patchworks):
        refused.close()
    else:
        asyncio.run(refused.aclose())
