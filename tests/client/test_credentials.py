"""Which credential a client uses, what it says where there is none or too many, and where it sends it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from patchworks_core_client import AsyncPatchworks, MemoryTokenStore, Patchworks, PatchworksError
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.fault_server import FaultServer
from tests.support.plain_http import PLAIN_HTTP

from .support import CLIENTS, SECRET, Client

LOGIN = "https://login.example.com/login"


def test_the_key_is_sent_as_it_is(open_driver: Open, server: FaultServer) -> None:
    open_driver(server.url, api_key="k/e+y==").request("GET")
    assert server.requests[0].header("authorization") == "k/e+y=="


def test_the_key_of_the_environment(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATCHWORKS_API_KEY", SECRET + "\n")
    monkeypatch.setenv("PATCHWORKS_BASE_URL", server.url)
    with Patchworks() as pw:
        pw.request("GET", "/x")
    assert server.requests[0].header("authorization") == SECRET


def test_arguments_silence_the_environment(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATCHWORKS_USERNAME", "somebody")
    monkeypatch.setenv("PATCHWORKS_PASSWORD", SECRET)
    monkeypatch.setenv("PATCHWORKS_API_KEY", "other")
    assert repr(client(api_key="k")) == f"<{client.__name__} https://core.wearepatchworks.com, api_key>"
    assert repr(client(username="u", password="p")).endswith(", login>")
    assert repr(client(auth=httpx.BasicAuth("u", "p"))).endswith(", auth>")
    with pytest.raises(PatchworksError, match="PATCHWORKS_PASSWORD"):
        client(username="u")


def test_the_environment_is_read_when_a_client_is_made(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATCHWORKS_USERNAME", "somebody")
    monkeypatch.setenv("PATCHWORKS_PASSWORD", SECRET)
    assert "login" in repr(client())
    monkeypatch.delenv("PATCHWORKS_PASSWORD")
    with pytest.raises(PatchworksError, match="half there"):
        client()


@cases(
    ("arguments", "says"),
    [
        ({}, "There is no credential. Set api_key= "),
        ({"api_key": "k", "username": "u", "password": SECRET}, "more than one credential in the arguments"),
        ({"api_key": SECRET, "auth": httpx.BasicAuth("u", "p")}, "more than one"),
        ({"username": "u"}, "password= (or PATCHWORKS_PASSWORD) is missing"),
        ({"password": SECRET}, "username= (or PATCHWORKS_USERNAME) is missing"),
        ({"api_key": SECRET, "password": SECRET}, "more than one"),
        ({"api_key": ""}, "api_key= is empty. Set "),
        ({"api_key": "  "}, "api_key= is empty"),
        ({"username": "", "password": SECRET}, "username= is empty"),
        ({"username": "u", "password": ""}, "password= is empty"),
    ],
)
def test_what_is_missing_or_too_much(client: Client, arguments: dict[str, object], says: str) -> None:
    with pytest.raises(PatchworksError) as caught:
        client(**arguments)  # type: ignore[arg-type]
    assert says in str(caught.value)
    assert "api_key=" in str(caught.value) or "PATCHWORKS_" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_both_kinds_in_the_environment(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "USERNAME", "PASSWORD"):
        monkeypatch.setenv(f"PATCHWORKS_{name}", SECRET)
    with pytest.raises(PatchworksError, match="more than one credential in the environment"):
        client()
    for name in ("API_KEY", "USERNAME"):
        monkeypatch.delenv(f"PATCHWORKS_{name}")
    with pytest.raises(PatchworksError, match="half there"):
        client()


@cases("arguments", [{"api_key": 5}, {"username": b"u", "password": "p"}, {"auth": ("user", "password")}])
def test_credentials_of_another_type(client: Client, arguments: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        client(**arguments)  # type: ignore[arg-type]


@cases("end", ["\n", "\r\nX-Other: 1", "\x00", "\x7f", "ключ", "é", "\u2028"])
def test_a_key_that_cannot_be_sent(client: Client, end: str) -> None:
    with pytest.raises(ValueError, match="api_key") as caught:
        client(api_key=f"{SECRET}{end}x")
    assert SECRET not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"


@pytest.mark.parametrize(
    "credential", [{"api_key": SECRET}, {"username": "u", "password": SECRET}, {"auth": httpx.BasicAuth("u", SECRET)}]
)
def test_no_credential_over_plain_http(client: Client, credential: dict[str, object]) -> None:
    for url in ("http://core.example.com", "http://10.0.0.1", "http://127.0.0.1.evil.example", "http://0.0.0.0"):
        with pytest.raises(PatchworksError, match="allow_http=True") as caught:
            client(base_url=url, login_url=LOGIN, **credential)  # type: ignore[arg-type]
        assert SECRET not in str(caught.value)
        client(base_url=url, login_url=LOGIN, allow_http=True, **credential)  # type: ignore[arg-type]
    for url in (
        "http://127.0.0.1:8000",
        "http://localhost",
        "http://api.localhost:1",
        "http://[::1]:80",
        "http://127.8.9.1",
    ):
        client(base_url=url, login_url=LOGIN, **credential)  # type: ignore[arg-type]


def test_no_login_over_plain_http(client: Client) -> None:
    with pytest.raises(PatchworksError, match="login_url is http://login"):
        client(username="u", password=SECRET, login_url="http://login.example.com/login")
    client(username="u", password=SECRET, login_url="http://login.example.com/login", allow_http=True)
    client(api_key=SECRET, login_url="http://login.example.com/login")


def test_a_login_with_another_base_url_needs_to_know_where(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    local, login = "http://127.0.0.1:8300", "http://127.0.0.1:8300/login"
    client(username="u", password=SECRET, base_url=local, login_url=login)
    client(username="u", password=SECRET, base_url="https://core.wearepatchworks.com/")
    client(api_key=SECRET, base_url=local)
    with pytest.raises(PatchworksError, match=r"set login_url= \(or PATCHWORKS_LOGIN_URL\)") as caught:
        client(username="u", password=SECRET, base_url=local)
    assert SECRET not in str(caught.value)
    monkeypatch.setenv("PATCHWORKS_LOGIN_URL", login)
    client(username="u", password=SECRET, base_url=local)


@cases(
    ("url", "says"),
    [
        ("", "= is empty"),
        (" ", "= is empty"),
        ("core.example.com", "must start with https://"),
        ("ftp://core.example.com", "must start with https://"),
        ("https://", "must be a URL like"),
        (f"https://user:{SECRET}@core.example.com", "must not hold a user name"),
        (f"https://core.example.com?key={SECRET}", "must not hold a query"),
        ("https://core.example.com#a", "must not hold a query or a fragment"),
        ("https://core.example.com:99999", "a port"),
        ("https://core.example.com:0", "a port"),
        ("https://core.example.com:x", "a port"),
        (f"https://[::1:{SECRET}", "is not a URL"),
        ("https://core.example\n.com", "control characters"),
        ("https://core.example.com/a/../b", "must not hold '.'"),
        ("https://core.example.com/%2e%2e/b", "must not hold '.'"),
        ("https://\udcff.example", "UTF-8 cannot express"),
    ],
)
def test_a_base_url_that_is_none(client: Client, url: str, says: str) -> None:
    for name in ("base_url", "login_url"):
        with pytest.raises(ValueError, match=name) as caught:
            client(api_key="k", **{name: url})  # type: ignore[arg-type]
        assert says in str(caught.value)
        assert SECRET not in str(caught.value)


@cases("end", ["/api/v1", "/api/v1/", "/gateway/api/v1"])
def test_a_base_url_with_what_every_path_begins_with(client: Client, end: str) -> None:
    with pytest.raises(ValueError, match="must end where /api/v1 begins"):
        client(api_key="k", base_url=f"https://core.example.com{end}")
    client(api_key="k", base_url="https://core.example.com/api/v11")


def test_a_base_url_of_another_type(client: Client) -> None:
    with pytest.raises(TypeError, match="base_url must be a str"):
        client(api_key="k", base_url=b"https://x")  # type: ignore[arg-type]


@cases(
    ("arguments", "error"),
    [
        ({"max_retries": -1}, ValueError),
        ({"max_retries": 1.5}, TypeError),
        ({"max_retries": True}, TypeError),
        ({"max_connections": 0}, ValueError),
        ({"max_response_bytes": 0}, ValueError),
        ({"login_form": "phone"}, ValueError),
        ({"transport": "carrier pigeon"}, ValueError),
        ({"timeout": 0}, ValueError),
        ({"timeout": "soon"}, TypeError),
        ({"http_client": object()}, TypeError),
        ({"verify": "/nowhere/ca.pem"}, ValueError),
    ],
)
def test_arguments_that_cannot_be_used(client: Client, arguments: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        client(api_key="k", **arguments)  # type: ignore[arg-type]


@cases("store", ["tokens.json", Path("tokens.json"), 1, ""])
def test_what_is_no_token_store(client: Client, store: object) -> None:
    with pytest.raises(TypeError, match=r"such as FileTokenStore\(path\), not an? "):
        client(username="u", password=SECRET, token_store=store)  # type: ignore[arg-type]


@pytest.mark.parametrize("credential", [{"api_key": SECRET}, {"auth": httpx.BasicAuth("u", SECRET)}])
def test_a_token_store_without_a_login(
    client: Client, monkeypatch: pytest.MonkeyPatch, credential: dict[str, object]
) -> None:
    with pytest.raises(TypeError, match="token_store= keeps the token of a login"):
        client(token_store=MemoryTokenStore(), **credential)  # type: ignore[arg-type]
    # Which kind of credential there is may be for the environment to say.
    monkeypatch.setenv("PATCHWORKS_API_KEY", SECRET)
    assert "api_key" in repr(client(token_store=MemoryTokenStore()))


def test_aiohttp_is_for_the_asynchronous_client() -> None:
    with pytest.raises(ValueError, match="transport= of Patchworks takes 'httpx'"):
        Patchworks(api_key="k", transport="aiohttp")


async def test_a_client_of_httpx_of_the_wrong_kind() -> None:
    with pytest.raises(TypeError, match=r"takes an httpx\.AsyncClient"), httpx.Client() as own:
        AsyncPatchworks(api_key="k", http_client=own)  # type: ignore[arg-type]
    async with httpx.AsyncClient() as other:
        with pytest.raises(TypeError, match=r"takes an httpx\.Client"):
            Patchworks(api_key="k", http_client=other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "pool", [{"max_connections": 5}, {"verify": False}, {"proxy": "http://127.0.0.1:1"}, {"transport": "aiohttp"}]
)
async def test_what_your_own_client_has_to_be_told_itself(pool: dict[str, object]) -> None:
    async with httpx.AsyncClient(verify=PLAIN_HTTP) as own:
        with pytest.raises(TypeError, match="on your own http_client="):
            AsyncPatchworks(api_key="k", http_client=own, **pool)  # type: ignore[arg-type]


def test_both_clients_take_the_same_arguments() -> None:
    import inspect

    assert inspect.signature(AsyncPatchworks) == inspect.signature(Patchworks)
    public = [{name for name in dir(client) if not name.startswith("_")} for client in CLIENTS]
    assert public[0] - public[1] == {"aclose"}
    assert public[1] - public[0] == {"close"}
    for name in ("request", "paginate", "with_options"):
        own, other = (inspect.signature(getattr(client, name)) for client in CLIENTS)
        assert own.parameters == other.parameters
