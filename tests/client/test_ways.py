"""How the client gets to the server: TLS, proxies, aiohttp, and a client of the caller's own."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from patchworks_core_client import (
    APIConnectionError,
    APITimeoutError,
    AsyncPatchworks,
    NotFoundError,
    Patchworks,
    PatchworksError,
    ResponseTooLargeError,
)
from tests.support.clock import FakeClock
from tests.support.driver import Kind
from tests.support.fault_server import CERTIFICATE, STALL, FaultServer, Received, Steps, closed_port, head, reply

from .conftest import Open


@pytest.fixture
def secure() -> Iterator[FaultServer]:
    """A server with TLS, and a certificate that nobody trusts unless told to."""
    with FaultServer(tls=True) as running:
        yield running


def test_a_certificate_that_is_not_trusted(open_driver: Open, secure: FaultServer, clock: FakeClock) -> None:
    driver = open_driver(secure.url, max_retries=0)
    with pytest.raises(APIConnectionError, match="could not connect") as caught:
        driver.request("POST")
    assert caught.value.may_have_taken_effect is False
    assert "CERTIFICATE_VERIFY_FAILED" in str(caught.value)
    assert secure.requests == []


@pytest.mark.parametrize("form", ["file", "folder", "context", "none", "environment"])
def test_verify(
    open_driver: Open, secure: FaultServer, form: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify: object = True
    if form == "file":
        verify = str(CERTIFICATE)
    elif form == "folder":
        hashed = subprocess.run(
            ["openssl", "x509", "-hash", "-noout", "-in", CERTIFICATE],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        if hashed.returncode != 0:
            pytest.skip("openssl names the certificates of a folder")
        (tmp_path / f"{hashed.stdout.strip()}.0").write_bytes(CERTIFICATE.read_bytes())
        verify = str(tmp_path)
    elif form == "context":
        verify = ssl.create_default_context(cafile=CERTIFICATE)
    elif form == "none":
        verify = False
    else:
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    driver = open_driver(secure.url, verify=verify)
    assert driver.request("GET") == {"data": {"ok": True}}
    assert driver.request("GET") == {"data": {"ok": True}}
    assert secure.connections == 1


def test_a_server_that_is_not_there(open_driver: Open, clock: FakeClock) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    with pytest.raises(APIConnectionError, match=f"could not connect to {url}: "):
        open_driver(url).request("GET")


def test_a_server_without_tls(open_driver: Open) -> None:
    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(1)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as threads:
        answering = threads.submit(answer)
        driver = open_driver(f"https://127.0.0.1:{listening.getsockname()[1]}", max_retries=0)
        with pytest.raises(APIConnectionError, match=r"is the server plain http\?"):
            driver.request("GET")
        answering.result()


def test_the_name_is_verified(open_driver: Open, secure: FaultServer) -> None:
    assert open_driver(secure.url.replace("127.0.0.1", "localhost"), verify=str(CERTIFICATE)).request("GET")
    driver = open_driver(secure.url.replace("127.0.0.1", "127.0.0.2"), verify=str(CERTIFICATE), max_retries=0)
    with pytest.raises(APIConnectionError):
        driver.request("GET")


def test_no_tls_context_for_plain_http(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("certificates were loaded")

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", fail)
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", fail)
    with Patchworks(api_key="k", base_url=server.url) as pw:
        pw.request("GET", "/x")
    Patchworks(api_key="k").close()


def proxied(received: Received) -> Steps:
    """A forward proxy that answers by itself."""
    return reply(json={"target": received.target, "host": received.header("host")})


def test_a_proxy(open_driver: Open, server: FaultServer) -> None:
    server.default = proxied
    driver = open_driver("http://api.invalid:8080", proxy=server.url, allow_http=True)
    assert driver.request("GET", "/x") == {"target": "http://api.invalid:8080/x", "host": "api.invalid:8080"}


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_the_proxy_of_the_environment(
    open_driver: Open, server: FaultServer, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    server.default = proxied
    monkeypatch.setenv(variable, server.url.removeprefix("http://") if variable == "http_proxy" else server.url)
    driver = open_driver("http://api.invalid", allow_http=True)
    assert driver.request("GET", "/x")["target"] == "http://api.invalid/x"


def test_no_proxy_elsewhere_for_this_machine(
    open_driver: Open, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.invalid:3128")
    assert open_driver(server.url).request("GET") == {"data": {"ok": True}}
    server.default = proxied
    elsewhere = f"http://127.0.0.1:{closed_port()}"
    asked = open_driver(elsewhere, proxy=server.url).request("GET", "/x")
    assert asked["target"].endswith("/x"), "a proxy that is asked for is used"
    monkeypatch.setenv("ALL_PROXY", server.url.replace("127.0.0.1", "localhost"))
    assert open_driver(elsewhere).request("GET", "/x") == asked, "and so is one on this machine"


def test_no_proxy(open_driver: Open, server: FaultServer, monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> None:
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{closed_port()}")
    for hosts in ("example.com,127.0.0.1", f"127.0.0.1:{server.port}", "*"):
        monkeypatch.setenv("NO_PROXY", hosts)
        assert open_driver(server.url).request("GET") == {"data": {"ok": True}}
    monkeypatch.setenv("NO_PROXY", f"127.0.0.1:{server.port + 1},::1")
    with pytest.raises(APIConnectionError, match="through the proxy"):
        open_driver(server.url).request("GET")


def test_a_proxy_goes_before_that_of_the_environment(
    open_driver: Open, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.default = proxied
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{closed_port()}")
    driver = open_driver("http://api.invalid", proxy=httpx.URL(server.url), allow_http=True)
    assert driver.request("GET", "/x")["host"] == "api.invalid"


def test_a_proxy_that_refuses_a_tunnel(open_driver: Open, server: FaultServer, clock: FakeClock) -> None:
    server.default = reply(407, body=b"who are you")
    driver = open_driver("https://api.invalid", proxy=httpx.Proxy(server.url), max_retries=1)
    with pytest.raises(APIConnectionError, match="had no effect") as caught:
        driver.request("POST")
    assert caught.value.may_have_taken_effect is False
    assert [r.method for r in server.requests] == ["CONNECT", "CONNECT"]
    assert server.requests[0].header("authorization") is None, "the credential is for the server, not for the proxy"


def test_a_proxy_that_is_not_there(open_driver: Open, kind: Kind, clock: FakeClock) -> None:
    proxy = f"127.0.0.1:{closed_port()}"
    # aiohttp deprecates what httpx-aiohttp does with these.
    user = "" if kind == "aiohttp" else "user:pass@"
    driver = open_driver("http://api.invalid", proxy=f"http://{user}{proxy}", allow_http=True)
    with pytest.raises(APIConnectionError) as caught:
        driver.request("POST")
    assert f"could not connect to http://api.invalid through the proxy http://{proxy}: " in str(caught.value)
    assert caught.value.may_have_taken_effect is False


def own_client(kind: Kind, **options: Any) -> Any:
    return httpx.Client(**options) if kind == "sync" else httpx.AsyncClient(**options)


# With a client of the caller's, that decides how things are sent.
own = pytest.mark.parametrize("kind", ["async", "sync"], indirect=True)


def close_own(driver: Any, mine: Any) -> None:
    driver.run(mine.close() if driver.kind == "sync" else mine.aclose())


@own
def test_your_own_client(open_driver: Open, kind: Kind, server: FaultServer) -> None:
    mine = own_client(
        kind,
        headers={"X-Team": "a", "Accept": "text/plain", "Authorization": "wrong"},
        cookies={"c": "1"},
        follow_redirects=True,
    )
    driver = open_driver(server.url, http_client=mine)
    driver.request("POST", params={"a": "b"}, json={"c": "d"})
    (received,) = server.requests
    assert received.header("x-team") == "a"
    assert received.header("cookie") == "c=1"
    assert received.header("accept") == "application/json"
    assert received.header("authorization") == "key-of-the-tests"
    assert (received.query, received.json) == ([("a", "b")], {"c": "d"})
    server.script(reply(302, headers={"Location": "/elsewhere"}, json=None))
    with pytest.raises(PatchworksError):
        driver.request("GET")
    assert len(server.requests) == 2
    driver.close_client()
    assert mine.is_closed is False
    close_own(driver, mine)


@own
def test_the_rules_hold_with_your_own_client(
    open_driver: Open, kind: Kind, server: FaultServer, clock: FakeClock
) -> None:
    mine = own_client(kind)
    driver = open_driver(server.url, http_client=mine, max_response_bytes=1000, max_retries=1)
    server.script(reply(503, headers={"Retry-After": "2"}))
    driver.request("POST")
    assert clock.waits == [2.0]
    server.script(reply(body=b'"' + b"x" * 5000 + b'"', compressed=True))
    with pytest.raises(ResponseTooLargeError):
        driver.request("GET")
    server.script([STALL])
    with pytest.raises(APITimeoutError) as caught:
        driver.request("POST", timeout=0.2)
    assert caught.value.may_have_taken_effect is True
    server.script([head(200, {"Content-Length": "99"}), STALL])
    with pytest.raises(APITimeoutError):
        driver.request("POST", timeout=httpx.Timeout(0.1))
    assert driver.request("GET") == {"data": {"ok": True}}
    close_own(driver, mine)
    with pytest.raises(RuntimeError, match="closed"):
        driver.request("GET")


@own
def test_nothing_was_sent_by_your_own_client(open_driver: Open, kind: Kind, clock: FakeClock) -> None:
    mine = own_client(kind)
    driver = open_driver(f"http://127.0.0.1:{closed_port()}", http_client=mine, max_retries=0)
    with pytest.raises(APIConnectionError) as caught:
        driver.request("POST")
    assert caught.value.may_have_taken_effect is False
    close_own(driver, mine)


@own
def test_your_own_client_with_a_pool_that_is_full(open_driver: Open, kind: Kind, server: FaultServer) -> None:
    mine = own_client(kind, limits=httpx.Limits(max_connections=1))
    driver = open_driver(server.url, http_client=mine, max_retries=0)
    server.default = [0.3, *reply(json=1)]
    from .test_deadlines import both

    first, second = both(driver, httpx.Timeout(5, pool=0.05))
    assert first == 1
    assert isinstance(second, APITimeoutError)
    assert second.may_have_taken_effect is False
    close_own(driver, mine)


@own
@pytest.mark.parametrize(
    ("error", "words", "acted"),
    [
        (httpx.UnsupportedProtocol("what is this"), "a scheme that cannot be used: what is this", False),
        (httpx.LocalProtocolError("Illegal header value b'secret'"), "not valid HTTP", True),
        (httpx.WriteError("broken pipe"), "the connection broke: broken pipe", True),
        (httpx.WriteTimeout(""), "sending took too long", True),
        (httpx.ProxyError("403 Forbidden"), "the proxy refused: 403 Forbidden", False),
        (httpx.ReadError("on https://api.example.com/?q=secret"), "the connection broke", True),
        (ConnectionAbortedError(103, "Software caused connection abort"), "Software caused connection abort", True),
    ],
)
def test_what_is_said_of_a_loss(
    open_driver: Open, kind: Kind, clock: FakeClock, error: Exception, words: str, acted: bool
) -> None:
    attempts: list[httpx.Request] = []

    def fail(request: httpx.Request) -> httpx.Response:
        attempts.append(request)
        raise error

    mine = own_client(kind, transport=httpx.MockTransport(fail))
    driver = open_driver("https://api.example.com", http_client=mine)
    with pytest.raises(APIConnectionError) as caught:
        driver.request("GET", params={"q": "secret"})
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)
    assert caught.value.may_have_taken_effect is acted
    final = isinstance(error, (httpx.UnsupportedProtocol, httpx.LocalProtocolError))
    assert len(attempts) == (1 if final else 3)
    close_own(driver, mine)


@own
def test_a_mocked_transport(open_driver: Open, kind: Kind) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/missing":
            return httpx.Response(404, json={"message": "not here"})
        if request.url.path == "/broken":
            raise httpx.ReadError("gone")
        if request.url.path == "/bug":
            raise ZeroDivisionError
        return httpx.Response(200, json={"path": request.url.path, "key": request.headers["authorization"]})

    mine = own_client(kind, transport=httpx.MockTransport(answer))
    driver = open_driver("https://api.example.com", http_client=mine, max_retries=0)
    assert driver.request("GET", "/x") == {"path": "/x", "key": "key-of-the-tests"}
    with pytest.raises(NotFoundError, match="not here"):
        driver.request("GET", "/missing")
    with pytest.raises(APIConnectionError) as caught:
        driver.request("POST", "/broken")
    assert caught.value.may_have_taken_effect is True, "nobody can tell"
    with pytest.raises(ZeroDivisionError):
        driver.request("GET", "/bug")
    close_own(driver, mine)


async def test_an_app_in_process() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": b'{"path": "' + scope["path"].encode() + b'"}'})

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as mine:
        pw = AsyncPatchworks(api_key="k", base_url="http://127.0.0.1", http_client=mine)
        assert await pw.request("GET", "/x") == {"path": "/x"}
        calls = await asyncio.gather(*(pw.request("GET", f"/{n}") for n in range(20)))
        assert calls == [{"path": f"/{n}"} for n in range(20)]
        await pw.aclose()


def test_aiohttp_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx_aiohttp", None)
    pw = AsyncPatchworks(api_key="k", transport="aiohttp")
    with pytest.raises(PatchworksError, match=r"pip install .patchworks-core-client\[aiohttp\]"):
        asyncio.run(pw.request("GET", "/x"))


async def test_no_transport_keeps_cookies(server: FaultServer) -> None:
    for transport in ("httpx", "aiohttp"):
        url = server.url.replace("127.0.0.1", "localhost")
        server.default = reply(json=1, headers=[("Set-Cookie", "session=1; Path=/"), ("Set-Cookie", "x=2")])
        async with AsyncPatchworks(api_key="k", base_url=url, transport=transport) as pw:  # type: ignore[arg-type]
            await pw.request("GET", "/x")
            await pw.request("GET", "/x")
    assert [r.header("cookie") for r in server.requests] == [None] * 4


def modules_after(statement: str) -> set[str]:
    """The modules that a program has imported after this."""
    script = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


HEAVY = {"httpx", "httpcore", "asyncio", "anyio", "ssl", "attr", "logging", "email", "http", "aiohttp", "orjson"}


@pytest.mark.parametrize(
    "statement", ["import patchworks_core_client", "from patchworks_core_client import AsyncPatchworks"]
)
def test_what_an_import_imports(statement: str) -> None:
    assert modules_after(statement) & HEAVY == set()


def test_making_a_client_imports_no_httpx() -> None:
    modules = modules_after(
        "from patchworks_core_client import AsyncPatchworks, Patchworks; "
        "Patchworks(api_key='k'); AsyncPatchworks(api_key='k').virtual_environments"
    )
    assert modules & {"httpx", "asyncio", "ssl", "logging"} == set()
