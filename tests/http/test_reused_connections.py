"""A connection is used again only with nothing left on it, while it is open, and not after it was idle for long."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from patchworks_core_client import AsyncPatchworks
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import CLOSE, STALL, Received, Steps, head, reply


def pause(driver: Driver, seconds: float) -> None:
    """Let time go by, in which an event loop runs."""
    time.sleep(seconds) if driver.kind == "sync" else driver.run(asyncio.sleep(seconds))


def named(received: Received) -> Steps:
    return reply(json=received.path)


SURPLUS = [
    head(200, {"Content-Length": "9"}) + b'"surplus"',
    b"HTTP/1.1 200 OK\r\n",
    b"\r\n",
]


@cases(
    "surplus",
    [*([step] for step in SURPLUS), *([0.02, step] for step in SURPLUS), [0.02, b"x"]],
)
def test_what_comes_behind_an_answer_is_none(driver: Driver, server: FaultServer, surplus: Steps) -> None:
    server.requests.clear()
    sent = threading.Event()
    server.script([*reply(json="/a"), *surplus, lambda: sent.set() or True])
    server.default = named
    assert driver.request("POST", "/a") == "/a"
    assert sent.wait(5)
    pause(driver, 0.02)
    for path in ("/b", "/c"):
        assert driver.request("POST", path) == path
    assert [request.path for request in server.requests] == ["/a", "/b", "/c"]


@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
@pytest.mark.parametrize("end", [[CLOSE], [head(408, {"Content-Length": "0"}), CLOSE]], ids=["closed", "told, closed"])
async def test_a_connection_that_was_closed_while_the_loop_stood_still(
    server: FaultServer, transport: Any, end: Steps
) -> None:
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport, max_retries=0) as pw:
        server.script([*reply(json="/a"), 0.02, *end])
        server.default = named
        assert await pw.request("POST", "/a") == "/a"
        server.wait_for_connections(0)
        time.sleep(0.02)  # noqa: ASYNC251 - that is the point
        assert await pw.request("POST", "/b") == "/b"
    assert [request.path for request in server.requests] == ["/a", "/b"]


def test_a_server_that_closes_after_each_answer_without_saying_so(driver: Driver, server: FaultServer) -> None:
    server.default = lambda received: [*named(received), CLOSE]
    for path in ("/a", "/b", "/c"):
        assert driver.request("POST", path) == path
        server.wait_for_connections(0)
        pause(driver, 0.02)
    assert server.connections == 3


def test_an_answer_that_was_not_read_to_its_end_leaves_no_connection(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url, max_response_bytes=10, max_retries=0)
    server.script([head(200, {"Transfer-Encoding": "chunked"}) + b"14\r\n" + b"x" * 20 + b"\r\n", STALL])
    server.default = named
    with pytest.raises(Exception, match="larger than 10 bytes"):
        driver.request("POST", "/a")
    assert driver.request("POST", "/b") == "/b"
    assert server.connections == 2
