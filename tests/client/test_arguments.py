"""Arguments and the environment are checked when a client is made: by type and meaning, in words, without a secret."""

from __future__ import annotations

import asyncio
import functools
import re
import ssl
import traceback
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from patchworks_core_client import AsyncPatchworks, FileTokenStore, Patchworks, PatchworksError, Token
from tests.support.clients import Open
from tests.support.fault_server import CERTIFICATE, FaultServer, reply

SECRET = "s3cret-of-the-tests"
CLIENTS = [AsyncPatchworks, Patchworks]
Client = type[AsyncPatchworks] | type[Patchworks]
REFUSED = (TypeError, ValueError, PatchworksError)


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> Client:
    chosen: Client = request.param
    return chosen


def frames_of_ours(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames of the package, with their variables as a tool shows them that prints these."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    return [frame for frame in shown.stack if "/patchworks_core_client/" in frame.filename]


async def coroutine_function(_: object) -> None:
    """What has to be awaited."""


class AsyncHook:
    async def __call__(self, _: object) -> None:
        """What has to be awaited."""


@pytest.mark.parametrize("value", [None, 0, 1, b"", "", b"ca.pem", [], object(), 0.0, "/nowhere/ca.pem", "a\0b"])
def test_verify_takes_what_it_means_and_nothing_that_is_merely_false(client: Client, value: object) -> None:
    with pytest.raises(REFUSED, match="verify= "):
        client(api_key="k", verify=value)  # type: ignore[arg-type]


class PathOfBytes:
    def __fspath__(self) -> bytes:
        return b"ca.pem"


def test_verify_takes_a_path_of_either_type(client: Client) -> None:
    for value in (CERTIFICATE, str(CERTIFICATE), CERTIFICATE.parent, ssl.create_default_context(), True, False):
        client(api_key="k", verify=value)
    with pytest.raises(TypeError, match="a path of text"):
        client(api_key="k", verify=PathOfBytes())  # type: ignore[arg-type]


def test_certificates_that_cannot_be_read(server: FaultServer, tmp_path: Path) -> None:
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate")
    pw = Patchworks(api_key="k", base_url=server.url.replace("http:", "https:"), verify=broken)
    for use in (pw.prepare, lambda: pw.request("GET", "/x")):
        with pytest.raises(PatchworksError, match=r"the certificates that verify= \('.*ca.pem'\) names cannot be load"):
            use()


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_of_the_environment(
    client: Client, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(name, str(tmp_path / "gone"))
    with pytest.raises(PatchworksError, match=f"{name} names what is not there, '.*gone'"):
        client(api_key="k")
    client(api_key="k", verify=False)
    client(api_key="k", base_url="http://127.0.0.1:1")
    monkeypatch.setenv(name, str(CERTIFICATE if name == "SSL_CERT_FILE" else tmp_path))
    client(api_key="k")


def test_the_file_of_keys_that_cannot_be_written_is_named(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    pw = Patchworks(api_key="k", base_url=server.url.replace("http:", "https:"))
    monkeypatch.setenv("SSLKEYLOGFILE", "/nowhere/keys.log")
    with pytest.raises(PatchworksError, match=r"cannot be loaded: No such file or directory: '/nowhere/keys.log'"):
        pw.request("GET", "/x")


def test_certificates_that_go_away_after_the_client_was_made(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pw = Patchworks(api_key="k", base_url=server.url.replace("http:", "https:"))
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(PatchworksError, match="SSL_CERT_FILE, SSL_CERT_DIR or this system names cannot be loaded"):
        pw.request("GET", "/x")


@pytest.mark.parametrize(
    "proxy",
    [
        "localhost:3128",
        "",
        "proxy",
        "http://",
        "http:///x",
        "socks://127.0.0.1:1",
        "socks4://127.0.0.1:1",
        "ftp://h:1",
        "http://h:x",
        "http://h:99999",
        "http://h:1\n",
        f"http://user:{SECRET}#pw@h:1",
        f"http://user:{SECRET}?pw@h:1",
        f"http://user:{SECRET}/pw@h:1",
        f"http://[{SECRET}",
        {"https": f"http://u:{SECRET}@h:1"},
        0,
        False,
        b"http://h:1",
        httpx.Proxy,
        httpx.URL("ftp://h:1"),
        httpx.URL("http:///x"),
        httpx.URL("//h:1"),
        "http://h:0",
        "http://a..b:1",
        f"http://{'a' * 64}:1",
        "http://\u2603:1",
        "http://h\u202e:1",
        "http://[::1]x:1",
        "http://user:\udcff@h:1",
    ],
)
def test_a_proxy_that_is_none(client: Client, proxy: object) -> None:
    with pytest.raises(REFUSED, match="proxy= ") as caught:
        client(api_key="k", proxy=proxy)  # type: ignore[arg-type]
    assert SECRET not in str(caught.value)
    assert SECRET not in str([frame.locals for frame in frames_of_ours(caught.value)])


@pytest.mark.parametrize("proxy", ["http://h:1", "HTTPS://u:p%23@h", httpx.URL("http://h:1"), httpx.Proxy("http://h")])
def test_a_proxy_in_any_form_that_httpx_takes(client: Client, proxy: Any) -> None:
    client(api_key="k", proxy=proxy)


def test_socks_needs_its_package(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "socksio" else object())
    for proxy in ("socks5://h:1", "socks5h://h:1", httpx.URL("socks5://h:1")):
        with pytest.raises(PatchworksError, match=r'pip install "httpx\[socks\]"'):
            client(api_key="k", proxy=proxy, transport="httpx")
    with pytest.raises(ValueError, match='transport="aiohttp" cannot send'):
        AsyncPatchworks(api_key="k", proxy="socks5://h:1", transport="aiohttp")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    client(api_key="k", proxy="socks5://h:1", transport="httpx")


def test_aiohttp_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(PatchworksError, match=r'pip install "patchworks-core-client\[aiohttp\]"'):
        AsyncPatchworks(api_key="k", transport="aiohttp")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks://proxy.example:1"),
        ("https_proxy", "ftp://h:1"),
        ("HTTPS_PROXY", f"http://user:{SECRET}#pw@proxy.example:3128"),
        ("HTTPS_PROXY", f"user:{SECRET}/@proxy.example"),
    ],
)
def test_a_proxy_of_the_environment_that_is_none(
    client: Client, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(PatchworksError, match=f"^{name} ") as caught:
        client(api_key="k")
    assert SECRET not in str(caught.value)
    client(api_key="k", proxy="http://h:1")
    client(api_key="k", base_url="http://127.0.0.1:1")


def test_a_proxy_of_the_environment_that_changes_after_the_client_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    with Patchworks(api_key="k", base_url="https://core.example.com", max_retries=0) as pw:
        monkeypatch.setenv("HTTPS_PROXY", "ftp://h:1")
        with pytest.raises(PatchworksError, match="HTTPS_PROXY must begin with one of http://"):
            pw.request("GET", "/x")


@pytest.mark.parametrize("name", ["API_KEY", "USERNAME", "PASSWORD", "BASE_URL", "LOGIN_URL"])
@pytest.mark.parametrize("value", ["", "  ", "\n"])
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


@pytest.mark.parametrize(
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


def test_a_context_for_servers_verifies_none(client: Client) -> None:
    with pytest.raises(ValueError, match=r"^verify= is a context for servers"):
        client(api_key="k", verify=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))


@pytest.mark.parametrize(
    "arguments",
    [
        {"username": "u", "password": f"{SECRET}\udcff"},
        {"username": "u\udcff", "password": SECRET},
        {"api_key": f"{SECRET}\udcff"},
        {"api_key": SECRET, "base_url": "https://core.example.com/\udcff"},
        {"username": "u", "password": SECRET, "login_url": "https://core.example.com/\udcff"},
    ],
    ids=lambda arguments: list(arguments)[-1],
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


@pytest.mark.parametrize(
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


ASYNC = [coroutine_function, AsyncHook(), functools.partial(coroutine_function), functools.partial(AsyncHook())]


@pytest.mark.parametrize("hook", ASYNC)
def test_an_asynchronous_hook_is_for_the_asynchronous_client(hook: Any) -> None:
    for name in ("on_request", "on_response"):
        with pytest.raises(TypeError, match=f"^{name}= takes a plain function here"):
            Patchworks(api_key="k", **{name: hook})
        AsyncPatchworks(api_key="k", **{name: hook})


def generator(_: object) -> Iterator[int]:
    yield 1


async def async_generator(_: object) -> AsyncIterator[int]:
    yield 1


class Generating:
    def __call__(self, _: object) -> Iterator[int]:
        yield 1


@pytest.mark.parametrize("hook", [generator, async_generator, Generating(), functools.partial(async_generator)])
@pytest.mark.parametrize("name", ["on_request", "on_response", "on_mismatch"])
def test_a_generator_is_no_hook(client: Client, hook: Any, name: str) -> None:
    with pytest.raises(TypeError, match=f"^{name}= takes a plain function here"):
        client(api_key="k", **{name: hook})


def test_a_listener_that_only_turns_out_to_be_asynchronous(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url, on_mismatch=lambda mismatch: coroutine_function(mismatch or None))
    server.default = reply(json={"data": {"id": "one"}})
    with pytest.raises(TypeError, match=r"^on_mismatch= takes a plain function here"):
        driver.run(driver.pw.virtual_environments.get(1))


@pytest.mark.parametrize("headers", [0, "", [], (), b"", False, [("X", "y")]])
def test_headers_are_a_mapping_also_where_they_are_false(client: Client, headers: Any) -> None:
    with pytest.raises(TypeError, match=r"^headers= takes a mapping"):
        client(api_key="k").with_options(headers=headers)


class Awaitable:
    def __await__(self) -> Any:
        raise AssertionError("nobody awaits this")


@pytest.mark.parametrize("hook", [lambda request: coroutine_function(request or None), lambda _: Awaitable()])
@pytest.mark.parametrize("name", ["on_request", "on_response"])
def test_what_only_turns_out_to_be_asynchronous(server: FaultServer, hook: Any, name: str) -> None:
    with (
        Patchworks(api_key="k", base_url=server.url, **{name: hook}) as pw,
        pytest.raises(TypeError, match=f"^{name}= takes a plain function here"),
    ):
        pw.request("GET", "/x")
    assert len(server.requests) == (name == "on_response")


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


@pytest.mark.parametrize(
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


def test_the_time_out_of_an_http_client_holds_unless_another_is_given() -> None:
    with httpx.Client(timeout=httpx.Timeout(1, read=2)) as own:
        with Patchworks(api_key="k", http_client=own) as pw:
            limits = pw._calls.options.limits
            assert (limits.total, limits.steps["read"], limits.steps["connect"]) == (None, 2, 1)
        for timeout, total in ((30.0, 30.0), (7, 7.0), (None, None)):
            with Patchworks(api_key="k", http_client=own, timeout=timeout) as pw:
                limits = pw._calls.options.limits
                assert (limits.total, limits.steps["read"]) == (total, None)


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


def test_without_certificates_in_the_environment(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    client(api_key="k")


def test_a_proxy_of_the_environment_is_none_of_this_machines_business(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://[nobody")
    with Patchworks(api_key="k", base_url=server.url) as pw:
        assert pw.request("GET", "/x") == {"data": {"ok": True}}


@pytest.mark.parametrize("client", [AsyncPatchworks, Patchworks])
@pytest.mark.parametrize(
    ("timeout", "error", "message"),
    [
        (0, ValueError, "timeout= must be above 0 seconds, not 0; None is no limit"),
        (float("nan"), ValueError, "timeout= must be above 0 seconds, not nan"),
        ("5", TypeError, "timeout= takes seconds, an httpx.Timeout or None, not a str"),
        (httpx.Timeout, TypeError, "timeout= takes seconds, an httpx.Timeout or None, not the class Timeout"),
        (httpx.Timeout(5, read=-1), ValueError, "read= of timeout= must be above 0 seconds, not -1"),
        (httpx.Timeout(5, pool=0), ValueError, "pool= of timeout= must be above 0 seconds, not 0"),
        (httpx.Timeout(5, connect="1"), TypeError, "connect= of timeout= takes seconds or None, not a str"),  # type: ignore[arg-type]
        (httpx.Timeout(5, write=True), TypeError, "write= of timeout= takes seconds or None, not a bool"),
    ],
)
def test_a_time_out_that_is_none(client: Any, timeout: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=re.escape(message)):
        client(api_key="k", timeout=timeout)


@pytest.mark.parametrize("timeout", [None, float("inf"), 10**400, 0.001, httpx.Timeout(None), httpx.Timeout(5)])
def test_a_time_out_that_is_one(timeout: Any) -> None:
    Patchworks(api_key="k", timeout=timeout).close()


STEPS = [httpx.Timeout(1e20), httpx.Timeout(float("inf")), httpx.Timeout(5, read=1e12)]
LONG = [1e10, 1e300, 10**400, float("inf"), *STEPS]


@pytest.mark.parametrize("timeout", LONG, ids=range(len(LONG)))
def test_a_number_that_is_as_good_as_no_limit_is_none(open_driver: Open, server: FaultServer, timeout: Any) -> None:
    driver = open_driver(server.url, timeout=timeout, max_response_bytes=10**30)
    server.default = reply(json={"data": 1}, compressed=True)
    assert driver.request("POST", json={}) == {"data": 1}


def test_a_client_of_your_own_that_waits_for_ever(server: FaultServer) -> None:
    mine = httpx.Client(timeout=float("inf"))
    with mine, Patchworks(api_key="k", base_url=server.url, http_client=mine) as pw:
        assert pw.request("GET", "/x") == {"data": {"ok": True}}
