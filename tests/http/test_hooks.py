"""`on_request`, `on_response` and `auth`: what the caller may see and add, with each attempt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from typing import Any

import httpx
import pytest

from patchworks_core_client import APIConnectionError, AuthenticationError, PatchworksError, ServerError
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.fault_server import FaultServer
from tests.support.replies import RESET, reply


def test_each_attempt_is_shown(open_driver: Open, server: FaultServer, clock: FakeClock) -> None:
    seen: list[Any] = []
    driver = open_driver(server.url, on_request=seen.append, on_response=seen.append)
    server.script(reply(500, json={"message": "x"}, compressed=True), reply(json=["y"], compressed=True, chunked=True))
    driver.request("PUT", params={"a": "b"}, json={"c": "d"})
    first, failed, second, answered = seen
    assert [type(x) for x in seen] == [httpx.Request, httpx.Response] * 2
    assert (first.method, str(first.url), first.content) == ("PUT", f"{server.url}/api/v1/things?a=b", b'{"c":"d"}')
    assert first.headers["authorization"] == "key-of-the-tests"
    assert (failed.status_code, failed.json()) == (500, {"message": "x"})
    assert (answered.status_code, answered.json(), answered.text) == (200, ["y"], '["y"]')
    assert answered.request is second


def test_a_hook_can_add_a_header(open_driver: Open, server: FaultServer) -> None:
    def add(request: httpx.Request) -> None:
        request.headers["X-Trace"] = "abc"

    open_driver(server.url, on_request=add).request("GET")
    assert server.requests[0].header("x-trace") == "abc"


@cases("method", ["GET", "DELETE", "POST"])
def test_a_hook_can_take_headers_out(open_driver: Open, server: FaultServer, method: str) -> None:
    server.requests.clear()

    def take_out(request: httpx.Request) -> None:
        for name in ("Accept", "Accept-Encoding", "User-Agent", "Authorization"):
            del request.headers[name]

    open_driver(server.url, on_request=take_out).request(method)
    names = {name for name, _ in server.requests[0].headers}
    assert names == {"host"} | ({"content-length"} if method == "POST" else set())


def test_hooks_see_large_bodies(open_driver: Open, server: FaultServer) -> None:
    sizes: list[int] = []
    driver = open_driver(server.url, on_request=lambda request: sizes.append(len(request.content)))
    driver.request("POST", json="x" * 2_000_000)
    assert sizes == [2_000_002]


def test_nothing_is_shown_of_an_answer_that_never_came(open_driver: Open, server: FaultServer) -> None:
    seen: list[Any] = []
    driver = open_driver(server.url, on_request=seen.append, on_response=seen.append, max_retries=0)
    server.script([RESET])
    with pytest.raises(APIConnectionError):
        driver.request("GET")
    assert [type(x) for x in seen] == [httpx.Request]


@cases("which", ["on_request", "on_response"])
@cases("error", [KeyError("mine"), TimeoutError("mine"), OSError("mine")])
def test_what_a_hook_raises_is_the_callers(
    open_driver: Open, server: FaultServer, which: str, error: Exception
) -> None:
    server.requests.clear()

    def fail(_: object) -> None:
        raise error

    driver = open_driver(server.url, **{which: fail})
    with pytest.raises(type(error), match="mine") as caught:
        driver.request("GET")
    assert caught.value is error
    assert len(server.requests) == (0 if which == "on_request" else 1)


def test_asynchronous_hooks(open_driver: Open, server: FaultServer) -> None:
    seen: list[str] = []

    async def before(request: httpx.Request) -> None:
        await asyncio.sleep(0)
        seen.append(request.method)

    async def after(response: httpx.Response) -> None:
        await asyncio.sleep(0)
        seen.append(response.text)

    driver = open_driver(server.url)
    if driver.kind != "sync":
        driver = open_driver(server.url, on_request=before, on_response=after)
        driver.request("GET")
        assert seen == ["GET", '{"data": {"ok": true}}']


class Token(httpx.Auth):
    """Gets a token from the server, sends it, and gets another one when it is refused."""

    requires_response_body = True

    def __init__(self, url: str) -> None:
        self.url = url

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        for _ in range(2):
            answer = yield httpx.Request("POST", f"{self.url}/token", content=b"{}")
            request.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            response = yield request
            if response.status_code != 401:
                break


def test_an_auth_of_the_callers(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url, auth=httpx.BasicAuth("user", "pass"))
    driver.request("GET")
    assert server.requests[0].header("authorization") == "Basic dXNlcjpwYXNz"


def test_an_auth_that_sends_requests_of_its_own(open_driver: Open, server: FaultServer) -> None:
    with FaultServer() as elsewhere:
        tokens = iter(["one", "two"])
        elsewhere.default = lambda _: reply(json={"token": next(tokens)}, compressed=True)
        server.script(reply(401, json={"message": "no"}))
        driver = open_driver(server.url, auth=Token(elsewhere.url))
        assert driver.request("POST", json={"a": 1}) == {"data": {"ok": True}}
        assert [r.header("authorization") for r in server.requests] == ["Bearer one", "Bearer two"]
        assert [r.json for r in server.requests] == [{"a": 1}, {"a": 1}]
        assert len(elsewhere.requests) == 2


def test_an_auth_that_is_refused(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url, auth=Token(server.url))
    server.default = lambda r: reply(json={"token": "t"}) if r.path == "/token" else reply(401, json={"message": "no"})
    with pytest.raises(AuthenticationError):
        driver.request("GET")
    assert [r.path for r in server.requests] == ["/token", "/api/v1/things"] * 2


def test_a_credential_of_the_callers_is_not_shown_either(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url, auth=Token(server.url))
    server.default = lambda r: (
        reply(json={"token": "token-of-the-tests"})
        if r.path == "/token"
        else reply(403, json={"message": f"{r.header('authorization')} may not"})
    )
    with pytest.raises(PatchworksError, match=r"403 Bearer \*\*\* may not"):
        driver.request("GET")
    with pytest.raises(PatchworksError, match=r"403 \*\*\* may not"):
        open_driver(server.url).request("GET", headers={"Authorization": "other-key"})


def test_an_auth_whose_own_request_gets_lost(open_driver: Open, server: FaultServer, clock: FakeClock) -> None:
    driver = open_driver(server.url, auth=Token(server.url))
    server.default = [RESET]
    with pytest.raises(APIConnectionError):
        driver.request("GET")
    assert [r.path for r in server.requests] == ["/token"] * 3


def test_answers_to_an_auth_are_bounded_too(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url, auth=Token(server.url), max_response_bytes=1000)
    server.default = reply(json={"token": "t" * 10_000})
    with pytest.raises(PatchworksError, match="larger than 1000"):
        driver.request("GET")


def test_an_auth_flow_for_each_attempt(open_driver: Open, server: FaultServer, clock: FakeClock) -> None:
    driver = open_driver(server.url, auth=httpx.BasicAuth("user", "pass"))
    server.default = reply(500)
    with pytest.raises(ServerError):
        driver.request("GET")
    assert [r.header("authorization") for r in server.requests] == ["Basic dXNlcjpwYXNz"] * 3


def test_an_asynchronous_auth(open_driver: Open, server: FaultServer) -> None:
    class Slow(httpx.Auth):
        async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
            await asyncio.sleep(0)
            request.headers["Authorization"] = "slow"
            yield request

        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            request.headers["Authorization"] = "slow"
            yield request

    open_driver(server.url, auth=Slow()).request("GET")
    assert server.requests[0].header("authorization") == "slow"
