"""Hundreds of calls, many of which meet a fault: none is lost, and nothing is left behind.

The long form (`pytest --soak`) makes some sixty times as many.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import sys
import threading
import time
from collections import Counter
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
from tests.support.clients import Transport
from tests.support.clock import FakeClock
from tests.support.fault_server import FaultServer
from tests.support.replies import CLOSE, RESET, STALL, Received, Steps, head, reply

CALLS, LONG_CALLS = 300, 20_000
# After so many calls everything that is kept has been made; from then on it must not grow.
SETTLED = 0.4
BLOCKS = 4_000

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
# A stall takes its time.
WEIGHTS = [0.3 if name.startswith("stall") else 1.0 for name, _, _ in FAULTS]


class Chaos:
    """What each call gets, drawn with a fixed seed; each call has a path of its own."""

    def __init__(self, calls: int) -> None:
        chance = random.Random(20_000)
        self.calls = calls
        self.fate = [chance.choices(FAULTS, WEIGHTS)[0] if chance.random() < 0.1 else None for _ in range(calls)]
        self.again = [chance.random() < 0.5 for _ in range(calls)]
        self.arrived: Counter[int] = Counter()
        self.stalled: dict[int, int] = {}
        self.ends = 0
        self.wrong: list[object] = []
        self.blocks: list[int] = []

    def method(self, number: int) -> str:
        return "POST" if self.again[number] else "GET"

    def timeout(self, number: int) -> httpx.Timeout:
        """Far more than a busy machine needs for an answer, and little where there is none."""
        fate = self.fate[number]
        return httpx.Timeout(20.0, read=0.2 if fate and fate[1] is APITimeoutError else 20.0)

    def answer(self, received: Received) -> Steps:
        number = int(received.segments[-1])
        self.arrived[number] += 1
        fate = self.fate[number]
        if fate is None or (fate[1] is None and self.arrived[number] > 1):
            return reply(json=number, chunked=number % 3 == 0, compressed=number % 5 == 0)
        return fate[2]

    def ended(self, number: int, result: object) -> None:
        """A call has come to this; is that what it had to, and was it sent as often as it had to be?"""
        fate = self.fate[number]
        self.ends += 1
        if fate is None or fate[1] is None:
            well = result == number and self.arrived.pop(number) == (1 if fate is None else 2)
        else:
            sent = 3 if self.method(number) == "GET" and fate[0] in AGAIN else 1
            effect = getattr(result, "may_have_taken_effect", True)
            well = type(result) is fate[1] and effect is (fate[0] != "missing")
            if fate[1] is APITimeoutError:
                # On a busy machine a request may arrive after its time.
                self.stalled[number] = sent
            else:
                well = well and self.arrived.pop(number) == sent
        if not well:
            self.wrong.append((number, fate and fate[0], repr(result)))
        if self.ends in {int(self.calls * SETTLED), self.calls}:
            gc.collect()
            self.blocks.append(sys.getallocatedblocks())

    def check(self) -> None:
        """Every call has ended, and as it had to, now that all connections are closed; what is kept did not grow."""
        assert self.wrong == []
        assert self.arrived == self.stalled
        assert self.ends == self.calls
        grown = self.blocks[1] - self.blocks[0]
        assert grown < BLOCKS + 0.05 * self.calls, "of all that is allocated, less than one block for twenty calls"


AGAIN = {"reset", "close", "truncated", "stall", "stall within", "broken"}


def open_files() -> int:
    return len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0


def wait_for_open_files(most: int) -> None:
    """Wait until no more files are open; the server closes its ends a turn of its loop after the client's."""
    end = time.monotonic() + 5
    while open_files() > most and time.monotonic() < end:
        time.sleep(0.01)
    assert open_files() <= most


@pytest.mark.untraced
@pytest.mark.soak
@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
async def test_soak_of_the_asynchronous_client(
    server: FaultServer, clock: FakeClock, soak: bool, transport: Transport
) -> None:
    chaos = Chaos(LONG_CALLS if soak else CALLS)
    server.default = chaos.answer
    server.keeps_requests = False
    numbers = iter(range(chaos.calls))
    before = open_files()
    options: dict[str, Any] = {"max_connections": 20, "max_response_bytes": 50_000}
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport, **options) as pw:

        async def work() -> None:
            for number in numbers:
                try:
                    path = f"/api/v1/things/{number}"
                    result = await pw.request(chaos.method(number), path, timeout=chaos.timeout(number))
                except Exception as error:
                    result = error
                clock.waits.clear()
                chaos.ended(number, result)

        await asyncio.gather(*(work() for _ in range(50)))
        assert server.open_connections <= 20
    assert asyncio.all_tasks() == {asyncio.current_task()}
    await asyncio.to_thread(server.wait_for_connections, 0)
    chaos.check()
    await asyncio.to_thread(wait_for_open_files, before)


@pytest.mark.untraced
@pytest.mark.soak
def test_soak_of_the_synchronous_client(server: FaultServer, clock: FakeClock, soak: bool) -> None:
    chaos = Chaos(LONG_CALLS if soak else CALLS)
    server.default = chaos.answer
    server.keeps_requests = False
    before, threads_before = open_files(), threading.active_count()
    ending = threading.Lock()
    numbers = iter(range(chaos.calls))
    options: dict[str, Any] = {"max_connections": 10, "max_response_bytes": 50_000}
    with Patchworks(api_key="k", base_url=server.url, **options) as pw:

        def work() -> None:
            while True:
                with ending:
                    number = next(numbers, None)
                if number is None:
                    return
                try:
                    path = f"/api/v1/things/{number}"
                    result = pw.request(chaos.method(number), path, timeout=chaos.timeout(number))
                except Exception as error:
                    result = error
                with ending:
                    clock.waits.clear()
                    chaos.ended(number, result)

        workers = [threading.Thread(target=work) for _ in range(20)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert server.open_connections <= 10
    server.wait_for_connections(0)
    chaos.check()
    wait_for_open_files(before)
    assert threading.active_count() <= threads_before
