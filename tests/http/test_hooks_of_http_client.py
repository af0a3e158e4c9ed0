"""The event hooks of a client of your own: what they may do to requests and answers."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import httpx
import pytest

from patchworks_core_client import (
    APIConnectionError,
    APIStatusError,
    ResponseTooLargeError,
)
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.driver import Kind
from tests.support.fault_server import FaultServer
from tests.support.replies import CLOSE, head, reply

from .support import OfTheHook, close_own, own, own_client


async def _read(response: httpx.Response) -> None:
    await response.aread()


async def _drain(response: httpx.Response) -> None:
    async for _ in response.aiter_raw():
        pass


async def _refuse(response: httpx.Response) -> None:
    response.raise_for_status()


async def _read_and_refuse(response: httpx.Response) -> None:
    await response.aread()
    response.raise_for_status()


def hooks(kind: Kind, name: str) -> dict[str, list[Any]]:
    """Hooks of a client of httpx for its responses."""
    sync: dict[str, Any] = {
        "read": lambda response: response.read(),
        "drain": lambda response: list(response.iter_raw()),
        "refuse": lambda response: response.raise_for_status(),
        "read and refuse": lambda response: (response.read(), response.raise_for_status()),
    }
    awaited = {"read": _read, "drain": _drain, "refuse": _refuse, "read and refuse": _read_and_refuse}
    return {"response": [sync[name] if kind == "sync" else awaited[name]]}


@own
@pytest.mark.parametrize("compressed", [False, True])
def test_a_hook_of_your_own_client_may_read(
    open_driver: Open, kind: Kind, server: FaultServer, compressed: bool
) -> None:
    mine = own_client(kind, event_hooks=hooks(kind, "read"))
    driver = open_driver(server.url, http_client=mine, max_response_bytes=1000)
    server.default = reply(json={"a": 1}, compressed=compressed)
    for _ in range(3):
        assert driver.request("POST") == {"a": 1}
    server.default = reply(body=b" " * 2000, compressed=compressed)
    with pytest.raises(ResponseTooLargeError):
        driver.request("POST")
    assert len(server.requests) == 4
    close_own(driver, mine)


@own
def test_a_hook_of_your_own_client_that_takes_the_body_away(open_driver: Open, kind: Kind, server: FaultServer) -> None:
    mine = own_client(kind, event_hooks=hooks(kind, "drain"))
    driver = open_driver(server.url, http_client=mine)
    assert driver.request("POST") is None
    close_own(driver, mine)


@pytest.mark.untraced
@own
@cases("name", ["refuse", "read and refuse"])
@cases("status", [302, 404, 409])
def test_a_hook_of_your_own_client_that_refuses_a_status(
    open_driver: Open, kind: Kind, server: FaultServer, clock: FakeClock, name: str, status: int
) -> None:
    server.requests.clear()
    mine = own_client(kind, event_hooks=hooks(kind, name))
    driver = open_driver(server.url, http_client=mine)
    server.default = reply(status, json={"message": "no such thing"}, headers={"X-Request-Id": "r-1"})
    with pytest.raises(APIStatusError) as caught:
        driver.request("GET")
    assert (caught.value.status_code, caught.value.request_id) == (status, "r-1")
    assert caught.value.message == ("no such thing" if name == "read and refuse" else HTTPStatus(status).phrase)
    assert len(server.requests) == 1, "it is sent again no more often than without a hook"
    close_own(driver, mine)


@own
def test_a_status_that_is_sent_again_is_so_with_a_hook(
    open_driver: Open, kind: Kind, server: FaultServer, clock: FakeClock
) -> None:
    mine = own_client(kind, event_hooks=hooks(kind, "refuse"))
    driver = open_driver(server.url, http_client=mine)
    server.script(reply(503, headers={"Retry-After": "1"}))
    assert driver.request("POST") == {"data": {"ok": True}}
    assert clock.waits == [1.0]
    close_own(driver, mine)


def failing_client(kind: Kind, event: str, error: Exception) -> Any:
    """Your own client with a hook that raises."""

    def fail(_: object) -> None:
        raise error

    async def fail_async(_: object) -> None:
        raise error

    return own_client(kind, event_hooks={event: [fail if kind == "sync" else fail_async]})


@own
@pytest.mark.parametrize("event", ["request", "response"])
def test_what_else_a_hook_of_your_own_client_raises_comes_through(
    open_driver: Open, kind: Kind, server: FaultServer, event: str
) -> None:
    mine = failing_client(kind, event, OfTheHook())
    driver = open_driver(server.url, http_client=mine)
    with pytest.raises(OfTheHook):
        driver.request("GET")
    assert len(server.requests) == (event == "response")
    close_own(driver, mine)


@own
def test_a_hook_of_your_own_client_may_change_the_request(open_driver: Open, kind: Kind, server: FaultServer) -> None:
    def change(request: httpx.Request) -> None:
        request.headers["X-Trace"] = "t-1"

    async def change_async(request: httpx.Request) -> None:
        change(request)

    mine = own_client(kind, event_hooks={"request": [change if kind == "sync" else change_async]})
    driver = open_driver(server.url, http_client=mine)
    driver.request("GET")
    assert server.requests[0].header("x-trace") == "t-1"
    close_own(driver, mine)


@own
@pytest.mark.parametrize("event", ["request", "response"])
@cases(
    "error",
    [
        OSError(28, "No space left on device"),
        TimeoutError("mine"),
        httpx.ConnectError("the audit is down"),
        httpx.ReadTimeout("audit", request=httpx.Request("POST", "https://audit.example")),
    ],
)
def test_what_a_hook_of_your_own_client_fails_at_is_no_failure_of_the_call(
    open_driver: Open, kind: Kind, server: FaultServer, event: str, error: Exception
) -> None:
    server.requests.clear()
    mine = failing_client(kind, event, error)
    driver = open_driver(server.url, http_client=mine)
    with pytest.raises(type(error)) as caught:
        driver.request("POST")
    assert caught.value is error
    assert len(server.requests) == (event == "response")
    close_own(driver, mine)


@own
def test_a_hook_of_your_own_client_that_refuses_a_success(open_driver: Open, kind: Kind, server: FaultServer) -> None:
    def refuse(response: httpx.Response) -> None:
        raise httpx.HTTPStatusError("it says error", request=response.request, response=response)

    async def refuse_async(response: httpx.Response) -> None:
        refuse(response)

    mine = own_client(kind, event_hooks={"response": [refuse if kind == "sync" else refuse_async]})
    driver = open_driver(server.url, http_client=mine)
    with pytest.raises(httpx.HTTPStatusError, match="it says error"):
        driver.request("GET")
    assert len(server.requests) == 1
    close_own(driver, mine)


@own
def test_a_connection_that_breaks_while_a_hook_reads_is_a_failure_of_the_call(
    open_driver: Open, kind: Kind, server: FaultServer
) -> None:
    mine = own_client(kind, event_hooks=hooks(kind, "read"))
    driver = open_driver(server.url, http_client=mine)
    server.default = [head(200, {"Content-Length": "99"}), CLOSE]
    with pytest.raises(APIConnectionError) as caught:
        driver.request("POST")
    assert (len(server.requests), caught.value.may_have_taken_effect) == (1, True)
    close_own(driver, mine)
