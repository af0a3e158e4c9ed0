"""A 429 holds back every call of its client, so that they do not each run into one."""

from __future__ import annotations

import asyncio
import math
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks, RateLimitError
from tests.support.clients import Open, Transport
from tests.support.clock import FakeClock
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer, Received, Steps, reply

TOO_MANY = reply(429, json={"message": "Too Many Attempts."}, headers={"Retry-After": "0.3"})


class Throttling:
    """Replies that refuse what comes within a quarter of a second of the first request; `refused` counts."""

    def __init__(self) -> None:
        self.refused = 0
        self._until = math.inf

    def __call__(self, _: Received) -> Steps:
        now = time.monotonic()
        if not self.refused:
            self._until = now + 0.25
        if now >= self._until:
            return reply(json={"data": {}})
        self.refused += 1
        return TOO_MANY


async def test_calls_that_come_later_wait(server: FaultServer, transport: Transport) -> None:
    server.default = throttling = Throttling()
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport) as pw:
        with pytest.raises(RateLimitError):
            await pw.with_options(max_retries=0).request("GET", "/refused")
        await asyncio.gather(*(pw.request("POST", f"/held/{n}") for n in range(4)))
    assert throttling.refused == 1, "no other call ran into a 429"
    assert len(server.requests) == 5


def test_threads_wait_too(server: FaultServer) -> None:
    server.default = throttling = Throttling()
    with Patchworks(api_key="k", base_url=server.url) as pw, ThreadPoolExecutor(10) as threads:
        with pytest.raises(RateLimitError):
            pw.with_options(max_retries=0).request("GET", "/refused")
        list(threads.map(lambda n: pw.request("POST", f"/held/{n}"), range(4)))
    assert throttling.refused == 1
    assert len(server.requests) == 5


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
    # Both are under way before either is answered.
    answers = {"/long": [0.05, *after(9)], "/short": [0.1, *after(2)]}
    server.default = lambda received: answers.pop(received.path, reply(json=1))
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport) as pw:
        once = pw.with_options(max_retries=0)
        results = await asyncio.gather(
            once.request("GET", "/long"), once.request("GET", "/short"), return_exceptions=True
        )
        assert [type(result) for result in results] == [RateLimitError] * 2
        await pw.request("GET", "/other")
    assert clock.waits == [pytest.approx(9, abs=0.5)]


def after(seconds: int) -> Steps:
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
