"""A 429 holds back every call of its client, so that they do not each run into one."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks, RateLimitError
from tests.support.clients import Open, Transport
from tests.support.clock import FakeClock
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import Received, Steps, reply


class Throttling:
    """Replies that refuse what comes before the client has waited; `refused` counts."""

    def __init__(self, clock: FakeClock) -> None:
        self.refused = 0
        self._clock = clock

    def __call__(self, _: Received) -> Steps:
        if self._clock.waits:
            return reply(json={"data": {}})
        self.refused += 1
        return too_many(2)


async def test_calls_that_come_later_wait(server: FaultServer, clock: FakeClock, transport: Transport) -> None:
    server.default = throttling = Throttling(clock)
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport) as pw:
        with pytest.raises(RateLimitError):
            await pw.with_options(max_retries=0).request("GET", "/refused")
        await asyncio.gather(*(pw.request("POST", f"/held/{n}") for n in range(4)))
    assert throttling.refused == 1, "no other call ran into a 429"
    assert len(server.requests) == 5
    assert clock.waits[0] == pytest.approx(2, abs=0.5)


def test_threads_wait_too(server: FaultServer, clock: FakeClock) -> None:
    server.default = throttling = Throttling(clock)
    with Patchworks(api_key="k", base_url=server.url) as pw, ThreadPoolExecutor(10) as threads:
        with pytest.raises(RateLimitError):
            pw.with_options(max_retries=0).request("GET", "/refused")
        list(threads.map(lambda n: pw.request("POST", f"/held/{n}"), range(4)))
    assert throttling.refused == 1
    assert len(server.requests) == 5
    assert clock.waits[0] == pytest.approx(2, abs=0.5)


def test_copies_are_held_as_well(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    copy = driver.pw.with_options(max_retries=0)
    server.script(reply(429, headers={"Retry-After": "7"}))
    with pytest.raises(RateLimitError):
        driver.run(copy.request("GET", "/x"))
    assert clock.waits == []
    assert driver.request("GET") == {"data": {"ok": True}}
    assert clock.waits == [pytest.approx(7, abs=0.5)]


def test_a_call_whose_time_is_too_short_to_wait_gets_the_429_at_once(
    driver: Driver, server: FaultServer, clock: FakeClock
) -> None:
    server.script(reply(429, json={"message": "Slow down."}, headers={"Retry-After": "7"}))
    with pytest.raises(RateLimitError):
        driver.request("GET", timeout=1.0)
    with pytest.raises(RateLimitError, match=r"POST /api/v1/other: 429 Slow down\.") as caught:
        driver.request("POST", "/api/v1/other", timeout=2.0)
    assert caught.value.retry_after == pytest.approx(7, abs=0.5)
    assert len(server.requests) == 1
    assert clock.waits == []
    clock.skipped += 7
    assert driver.request("GET", timeout=1.0) == {"data": {"ok": True}}


async def test_the_longer_wait_counts(server: FaultServer, clock: FakeClock, transport: Transport) -> None:
    # Both are under way before either is answered, the longer one first.
    answered = threading.Event()
    answers = {"/long": [server.after(2), *too_many(9)], "/short": [answered.is_set, *too_many(2)]}
    server.default = lambda received: answers.pop(received.path, reply(json=1))
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport) as pw:
        once = pw.with_options(max_retries=0)
        short = asyncio.create_task(once.request("GET", "/short"))
        with pytest.raises(RateLimitError):
            await once.request("GET", "/long")
        answered.set()
        with pytest.raises(RateLimitError):
            await short
        await pw.request("GET", "/other")
    assert clock.waits == [pytest.approx(9, abs=0.5)]


def too_many(seconds: int) -> Steps:
    return reply(429, headers={"Retry-After": str(seconds)})


def test_without_retry_after_only_a_call_that_waits_itself_holds_others(
    driver: Driver, server: FaultServer, clock: FakeClock
) -> None:
    once = driver.pw.with_options(max_retries=0)
    server.script(reply(429))
    with pytest.raises(RateLimitError):
        driver.run(once.request("GET", "/x"))
    driver.request("GET")
    assert clock.waits == []


def test_other_clients_are_not_held(open_driver: Open, server: FaultServer, clock: FakeClock) -> None:
    server.script(reply(429, headers={"Retry-After": "7"}))
    with pytest.raises(RateLimitError):
        open_driver(server.url, max_retries=0).request("GET")
    open_driver(server.url).request("GET")
    assert clock.waits == []
