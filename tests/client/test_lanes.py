"""Who gets which connection, in the moments that no server can bring about."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx
import pytest

from patchworks_core_client import ClientStateError
from patchworks_core_client._http.async_pool import AsyncConnectionPool, AsyncPooledConnection
from patchworks_core_client._http.sync_pool import ConnectionPool, PooledConnection
from tests.support.clock import FakeClock


class Transport(httpx.AsyncBaseTransport, httpx.BaseTransport):
    """Notes that it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    async def aclose(self) -> None:
        self.closed += 1

    def close(self) -> None:
        self.closed += 1


def async_lanes(limit: int | None) -> AsyncConnectionPool:
    unused: Any = None
    return AsyncConnectionPool(lambda: AsyncPooledConnection(unused, Transport()), limit)


def sync_lanes(limit: int | None) -> ConnectionPool:
    unused: Any = None
    return ConnectionPool(lambda: PooledConnection(unused, Transport()), limit)


async def test_a_lane_handed_to_a_call_that_is_cancelled_goes_to_the_next() -> None:
    lanes = async_lanes(1)
    lane = await lanes.acquire(None)
    second, third = (asyncio.create_task(lanes.acquire(None)) for _ in range(2))
    await asyncio.sleep(0)
    assert lanes.give_back(lane) is None
    second.cancel()  # after it was handed the lane, and before it knows
    assert await third is lane
    with pytest.raises(asyncio.CancelledError):
        await second


async def test_a_lane_that_nobody_waits_for_any_more_is_idle() -> None:
    lanes = async_lanes(1)
    lane = await lanes.acquire(None)
    waiting = asyncio.create_task(lanes.acquire(None))
    await asyncio.sleep(0)
    lanes.give_back(lane)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert await lanes.acquire(None) is lane
    waiting = asyncio.create_task(lanes.acquire(None))
    await asyncio.sleep(0)
    waiting.cancel()
    lanes.give_back(lane)  # while the one who waited is cancelled, and still in line
    await asyncio.gather(waiting, return_exceptions=True)
    assert await lanes.acquire(None) is lane


async def test_waiting_for_a_lane_has_its_time() -> None:
    lanes = async_lanes(1)
    lane = await lanes.acquire(0.01)
    with pytest.raises(httpx.PoolTimeout):
        await lanes.acquire(0.01)
    lanes.give_back(lane)
    assert await lanes.acquire(0.01) is lane


async def test_closed_lanes() -> None:
    lanes = async_lanes(2)
    idle, busy = await lanes.acquire(None), await lanes.acquire(None)
    lanes.give_back(idle)
    waiting = [asyncio.create_task(lanes.acquire(None)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[2].cancel()
    await lanes.aclose()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(waiting[1].exception(), ClientStateError)
    with pytest.raises(ClientStateError):
        await lanes.acquire(None)
    assert lanes.give_back(busy) is busy, "its user is to close it"
    await lanes.discard(busy)
    transports: list[Any] = [idle.transport, busy.transport]
    assert [transport.closed for transport in transports] == [1, 2]


@pytest.mark.parametrize("make", [async_lanes, sync_lanes])
def test_a_lane_is_warm_for_as_long_as_its_connection_lives(clock: FakeClock, make: Any) -> None:
    lanes = make(None)

    def acquire() -> Any:
        return asyncio.run(lanes.acquire(None)) if make is async_lanes else lanes.acquire(None)

    lane = acquire()
    lane.warm = True
    lanes.give_back(lane)
    clock.skipped += 4
    assert acquire().warm is True
    lanes.give_back(lane)
    clock.skipped += 6
    assert acquire().warm is False


def test_threads_that_wait_are_told_that_the_client_is_closed() -> None:
    lanes = sync_lanes(1)
    lane = lanes.acquire(None)
    errors: list[BaseException] = []

    def wait() -> None:
        try:
            lanes.acquire(None)
        except ClientStateError as error:
            errors.append(error)

    threads = [threading.Thread(target=wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    lanes.close()
    for thread in threads:
        thread.join(5)
    assert len(errors) == 3
    assert lanes.give_back(lane) is lane
    with pytest.raises(ClientStateError):
        lanes.acquire(None)


def test_a_lane_that_is_discarded_makes_room() -> None:
    lanes = sync_lanes(1)
    lane = lanes.acquire(None)
    with pytest.raises(httpx.PoolTimeout):
        lanes.acquire(0.01)
    lanes.discard(lane)
    assert lanes.acquire(0.01) is not lane
