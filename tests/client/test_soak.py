"""Thousands of calls with a fault in every tenth: none is lost, and nothing is left behind.

The long form (`pytest --soak`) makes ten times as many.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import threading
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from patchworks_core_client import (
    APIConnectionError,
    APITimeoutError,
    AsyncPatchworks,
    DecodeError,
    NotFoundError,
    Patchworks,
    ResponseTooLargeError,
    ServerError,
)
from tests.support.clock import FakeClock
from tests.support.fault_server import CLOSE, RESET, STALL, FaultServer, Received, Steps, head, reply

CALLS, LONG_CALLS = 1_000, 20_000
# After so many calls everything that is kept has been made; from then on it must not grow.
SETTLED = 0.4
GROWTH_BYTES = 400_000

FAULTS: list[tuple[str, type[Exception] | None, Steps]] = [
    ("reset", APIConnectionError, [RESET]),
    ("close", APIConnectionError, [CLOSE]),
    ("truncated", APIConnectionError, [head(200, {"Content-Length": "100"}) + b"{", CLOSE]),
    ("stall", APITimeoutError, [STALL]),
    ("stall within", APITimeoutError, [head(200, {"Content-Length": "100"}) + b"{", STALL]),
    ("html", DecodeError, reply(200, body=b"<html>")),
    ("bomb", ResponseTooLargeError, reply(200, body=b" " * 60_000, compressed=True)),
    ("missing", NotFoundError, reply(404, json={"message": "no"})),
    ("broken", ServerError, reply(500, body=b"<html>")),
    ("busy", None, reply(503, headers={"Retry-After": "0"})),
]


class Chaos:
    """What each call gets, drawn with a fixed seed; each call has a path of its own."""

    def __init__(self, calls: int) -> None:
        chance = random.Random(20_000)  # noqa: S311
        self.calls = calls
        self.fate = [chance.choice(FAULTS) if chance.random() < 0.1 else None for _ in range(calls)]
        self.again = [chance.random() < 0.5 for _ in range(calls)]
        self.arrived: Counter[int] = Counter()

    def method(self, number: int) -> str:
        return "POST" if self.again[number] else "GET"

    def answer(self, received: Received) -> Steps:
        number = int(received.segments[-1])
        self.arrived[number] += 1
        fate = self.fate[number]
        if fate is None or (fate[1] is None and self.arrived[number] > 1):
            return reply(json=number, chunked=number % 3 == 0, compressed=number % 5 == 0)
        return fate[2]

    def check(self, results: list[object]) -> None:
        """Every call has come to what it had to, and was sent as often as it had to be."""
        assert len(results) == self.calls
        for number, (fate, result) in enumerate(zip(self.fate, results, strict=True)):
            if fate is None or fate[1] is None:
                assert result == number
                assert self.arrived[number] == (1 if fate is None else 2)
            else:
                assert type(result) is fate[1], (number, fate[0], result)
                assert result.may_have_taken_effect if isinstance(result, APIConnectionError) else True
                assert self.arrived[number] == (3 if self.method(number) == "GET" and fate[0] in AGAIN else 1)


AGAIN = {"reset", "close", "truncated", "stall", "stall within", "broken"}
LIMITS = httpx.Timeout(5.0, read=0.1)


def open_files() -> int:
    return len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0


@pytest.mark.soak
@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
async def test_soak_of_the_asynchronous_client(
    server: FaultServer, clock: FakeClock, soak: bool, transport: str
) -> None:
    chaos = Chaos(LONG_CALLS if soak else CALLS)
    server.default = chaos.answer
    results: list[object] = [None] * chaos.calls
    numbers = iter(range(chaos.calls))
    before = open_files()
    memory: list[int] = []

    options: dict[str, Any] = {"max_connections": 20, "max_response_bytes": 50_000, "timeout": LIMITS}
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport, **options) as pw:

        async def work() -> None:
            for number in numbers:
                try:
                    results[number] = await pw.request(chaos.method(number), f"/api/v1/things/{number}")
                except Exception as error:
                    results[number] = error.with_traceback(None)
                if number in {int(chaos.calls * SETTLED), chaos.calls - 1}:
                    server.requests.clear()
                    gc.collect()
                    memory.append(tracemalloc.get_traced_memory()[0])

        tracemalloc.start()
        try:
            await asyncio.gather(*(work() for _ in range(50)))
        finally:
            tracemalloc.stop()
        assert server.open_connections <= 20
    chaos.check(results)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    await asyncio.to_thread(server.wait_for_connections, 0)
    assert open_files() <= before
    # The errors that this test keeps are some of it: about 2 kB each, a tenth of all calls.
    assert memory[-1] - memory[0] < GROWTH_BYTES + 300 * chaos.calls


@pytest.mark.soak
def test_soak_of_the_synchronous_client(server: FaultServer, clock: FakeClock, soak: bool) -> None:
    chaos = Chaos(LONG_CALLS if soak else CALLS)
    server.default = chaos.answer
    before, threads_before = open_files(), threading.active_count()

    def work(number: int) -> object:
        try:
            return pw.request(chaos.method(number), f"/api/v1/things/{number}")
        except Exception as error:
            return error.with_traceback(None)

    with Patchworks(
        api_key="k", base_url=server.url, max_connections=10, max_response_bytes=50_000, timeout=LIMITS
    ) as pw:
        with ThreadPoolExecutor(20) as threads:
            results = list(threads.map(work, range(chaos.calls)))
        assert server.open_connections <= 10
    chaos.check(results)
    server.wait_for_connections(0)
    assert open_files() <= before
    assert threading.active_count() <= threads_before
