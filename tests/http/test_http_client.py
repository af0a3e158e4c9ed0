"""A client of the caller's own: `http_client=`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from patchworks_core_client import (
    APIConnectionError,
    APITimeoutError,
    AsyncPatchworks,
    ClientStateError,
    NotFoundError,
    Patchworks,
    PatchworksError,
    ResponseTooLargeError,
)
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.driver import Kind
from tests.support.fault_server import FaultServer
from tests.support.ports import closed_port
from tests.support.replies import STALL, head, reply

from .support import OfTheHook, close_own, own, own_client
from .test_deadlines import second_of_two


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
        driver.request("POST", timeout=httpx.Timeout(5.0, read=0.05))
    assert driver.request("GET") == {"data": {"ok": True}}
    close_own(driver, mine)
    with pytest.raises(ClientStateError, match="http_client= is closed"):
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
    first, second = second_of_two(driver, server, httpx.Timeout(5, pool=0.05))
    assert first == 1
    assert isinstance(second, APITimeoutError)
    assert second.may_have_taken_effect is False
    close_own(driver, mine)


@own
@cases(
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


@own
def test_the_time_out_of_your_own_client(open_driver: Open, kind: Kind, server: FaultServer) -> None:
    mine = own_client(kind, timeout=httpx.Timeout(5.0, read=0.05))
    driver = open_driver(server.url, http_client=mine, max_retries=0)
    server.default = [STALL]
    with pytest.raises(APITimeoutError, match="the answer took too long"):
        driver.request("POST")
    server.default = [0.1, *reply(json=1)]
    assert driver.request("POST", timeout=10) == 1, "that of a call goes before it"
    close_own(driver, mine)


@own
def test_a_time_out_that_is_given_goes_before_that_of_your_own_client(
    open_driver: Open, kind: Kind, server: FaultServer
) -> None:
    mine = own_client(kind, timeout=httpx.Timeout(5.0, read=0.05))
    driver = open_driver(server.url, http_client=mine, timeout=10)
    server.default = [0.1, *reply(json=1)]
    assert driver.request("POST") == 1
    close_own(driver, mine)


@own
def test_the_mounts_of_your_own_client(open_driver: Open, kind: Kind, server: FaultServer) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"host": request.url.host})

    mine = own_client(kind, mounts={"all://mounted.example": httpx.MockTransport(answer)})
    assert open_driver("https://mounted.example", http_client=mine).request("GET") == {"host": "mounted.example"}
    driver = open_driver(server.url, http_client=mine)
    assert driver.request("GET") == {"data": {"ok": True}}
    close_own(driver, mine)


@own
def test_your_own_client_that_is_closed_meanwhile(open_driver: Open, kind: Kind, server: FaultServer) -> None:
    mine = own_client(kind)
    driver = open_driver(server.url, http_client=mine, max_retries=0)
    close_own(driver, mine)
    for _ in range(2):
        with pytest.raises(ClientStateError, match="http_client= is closed"):
            driver.request("GET")


@own
def test_your_own_client_that_is_closed_while_it_sends(open_driver: Open, kind: Kind) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        mine.close()
        raise httpx.ReadError("gone")

    async def answer_async(request: httpx.Request) -> httpx.Response:
        await mine.aclose()
        raise httpx.ReadError("gone")

    transport = httpx.MockTransport(answer if kind == "sync" else answer_async)
    mine = own_client(kind, transport=transport)
    driver = open_driver("https://api.example.com", http_client=mine)
    with pytest.raises(ClientStateError, match="http_client= is closed"):
        driver.request("GET")


@own
def test_a_stream_of_your_own_client_that_knows_no_time_out(open_driver: Open, kind: Kind) -> None:
    def drip() -> Iterator[bytes]:
        while True:
            time.sleep(0.02)
            yield b" "

    async def drip_async() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.02)
            yield b" "

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=drip() if kind == "sync" else drip_async())

    mine = own_client(kind, transport=httpx.MockTransport(answer))
    driver = open_driver("https://api.example.com", http_client=mine, timeout=0.1)
    with pytest.raises(APITimeoutError):
        driver.request("GET")
    close_own(driver, mine)


def test_what_your_own_client_raises_while_it_builds_a_request_comes_through() -> None:
    class Refusing(httpx.Client):
        def build_request(self, *args: Any, **options: Any) -> httpx.Request:
            raise OfTheHook

    with Refusing() as mine:
        pw = Patchworks(api_key="k", base_url="http://127.0.0.1:9", http_client=mine)
        with pytest.raises(OfTheHook):
            pw.request("GET", "/x")


@own
def test_the_parameters_of_your_own_client_are_added_to_the_query(
    open_driver: Open, kind: Kind, server: FaultServer
) -> None:
    mine = own_client(kind, params={"tenant": "a&b", "sort": "id"})
    driver = open_driver(server.url, http_client=mine)
    driver.request("GET", "/x?ids[]=1&ids[]=2", params={"filter[a]": ["x", "y"], "q": "a+b=c&d", "sort": "-id"})
    driver.request("GET", "/x")
    first, second = (sorted(request.query) for request in server.requests)
    own_query = [("filter[a]", "x,y"), ("ids[]", "1"), ("ids[]", "2"), ("q", "a+b=c&d"), ("sort", "-id")]
    assert first == [*own_query, ("tenant", "a&b")]
    assert second == [("sort", "id"), ("tenant", "a&b")]
    close_own(driver, mine)
