"""How long a call may take: as a whole, and in its steps."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from patchworks_core_client import APIConnectionError, APITimeoutError, AsyncPatchworks
from patchworks_core_client._operations.operation import JSON, Operation
from tests.support.cases import cases
from tests.support.clients import Open, Transport
from tests.support.clock import FakeClock
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.ports import deaf_port
from tests.support.replies import STALL, head, reply

GET: Operation[object] = Operation("GET", "/api/v1/things", JSON)


def test_the_deadline_of_the_client(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url, timeout=0.1)
    # It would never answer.
    server.default = [STALL]
    with pytest.raises(APITimeoutError, match="took"):
        driver.request("POST")


def test_the_deadline_of_a_call_goes_before_it(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url, timeout=0.05)
    server.default = [0.1, *reply(json=1)]
    assert driver.request("POST", timeout=5) == 1
    assert driver.call(GET, timeout=5).parsed == 1
    server.default = [STALL]
    with pytest.raises(APITimeoutError):
        driver.call(GET)


def test_a_trickle_cannot_stretch_the_deadline(driver: Driver, server: FaultServer) -> None:
    # Each byte comes well in time for a read, and the whole would be an answer; only it takes too long.
    body = b'"' + b"x" * 60 + b'"'
    trickle = [step for byte in body for step in (bytes([byte]), 0.01)]
    server.default = [head(200, {"Content-Length": str(len(body))}), *trickle]
    with pytest.raises(APITimeoutError):
        driver.request("GET", timeout=0.15)


def test_a_slow_answer_within_the_deadline(driver: Driver, server: FaultServer) -> None:
    server.default = [0.03, head(200, {"Content-Length": "3"}), 0.03, b'"', 0.03, b'x"']
    assert driver.request("GET", timeout=5) == "x"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_connecting_that_takes_too_long_was_not_sent(open_driver: Open, method: str) -> None:
    with deaf_port() as port:
        driver = open_driver(f"http://127.0.0.1:{port}", max_retries=0)
        for timeout in (0.05, httpx.Timeout(5.0, connect=0.05)):
            with pytest.raises(APITimeoutError, match="had no effect") as caught:
                driver.request(method, timeout=timeout)
            assert caught.value.may_have_taken_effect is False


def test_connecting_is_tried_again(open_driver: Open, clock: FakeClock) -> None:
    with deaf_port() as port:
        driver = open_driver(f"http://127.0.0.1:{port}", max_retries=1, timeout=httpx.Timeout(5.0, connect=0.05))
        with pytest.raises(APITimeoutError, match="2 attempts"):
            driver.request("POST")


def test_waiting_for_a_connection_counts(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url, max_connections=1, max_retries=0)
    for timeout in (0.05, httpx.Timeout(5.0, pool=0.05)):
        first, second = second_of_two(driver, server, timeout)
        assert first == 1
        assert isinstance(second, APITimeoutError)
        assert second.may_have_taken_effect is False
    assert driver.request("GET") == 1


def second_of_two(driver: Driver, server: FaultServer, timeout: object) -> tuple[object, object]:
    """Two calls, of which the first is answered after the second, which has this time-out, is over."""
    over = threading.Event()
    server.default = [over.is_set, *reply(json=1)]
    number = len(server.requests) + 1
    if driver.kind == "sync":
        with ThreadPoolExecutor(2) as threads:
            first = threads.submit(driver.pw.request, "GET", "/first")
            server.wait_for(number)
            second = threads.submit(driver.pw.request, "GET", "/second", timeout=timeout).exception()
            over.set()
            return first.result(), second

    async def calls() -> tuple[object, object]:
        first = asyncio.create_task(driver.pw.request("GET", "/first"))
        await asyncio.to_thread(server.wait_for, number)
        (second,) = await asyncio.gather(driver.pw.request("GET", "/second", timeout=timeout), return_exceptions=True)
        over.set()
        return await first, second

    result: tuple[object, object] = driver.run(calls())
    return result


@cases("timeout", [0, -1, float("nan")])
def test_a_timeout_that_is_none(driver: Driver, server: FaultServer, timeout: float) -> None:
    server.requests.clear()
    with pytest.raises(ValueError, match="above 0"):
        driver.request("GET", timeout=timeout)
    assert server.requests == []


@cases("timeout", ["5", True, (1, 2)])
def test_a_timeout_of_another_type(driver: Driver, timeout: object) -> None:
    with pytest.raises(TypeError, match="timeout="):
        driver.request("GET", timeout=timeout)


def test_infinity_is_no_limit(driver: Driver) -> None:
    assert driver.request("GET", timeout=float("inf")) == {"data": {"ok": True}}


def test_the_defaults(open_driver: Open, server: FaultServer) -> None:
    seen: list[object] = []
    driver = open_driver(server.url, on_request=lambda request: seen.append(dict(request.extensions["timeout"])))
    driver.request("GET")
    assert driver.pw._calls.options.limits.total == 30.0
    assert [step["connect"] for step in seen if isinstance(step, dict)] == [5.0]


def test_a_write_that_stalls(open_driver: Open) -> None:
    # Nobody reads what is sent, and it is more than the buffers of both ends hold.
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        driver = open_driver(f"http://127.0.0.1:{listener.getsockname()[1]}", max_retries=0)
        with pytest.raises(APIConnectionError) as caught:
            driver.request("PUT", json={"blob": "x" * 20_000_000}, timeout=httpx.Timeout(5.0, read=0.1, write=0.1))
    assert isinstance(caught.value, APITimeoutError)
    assert caught.value.may_have_taken_effect is True


async def test_calls_of_a_client_have_deadlines_of_their_own(server: FaultServer, transport: Transport) -> None:
    server.default = [STALL]
    ended: list[float] = []
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport) as pw:

        async def call(seconds: float) -> None:
            with pytest.raises(APITimeoutError):
                await pw.request("POST", "/x", timeout=seconds)
            ended.append(seconds)

        async with asyncio.TaskGroup() as group:
            for seconds in (0.1, 0.05, 0.15):
                group.create_task(call(seconds))
    assert ended == [0.05, 0.1, 0.15]
