"""Who gets which connection, in the moments that no server can bring about."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from patchworks_core_client import ClientStateError
from patchworks_core_client._http.connection_pool import AsyncConnectionPool, ConnectionPool
from tests.support.clock import FakeClock


class Connection:
    """Notes that it was closed."""

    def __init__(self) -> None:
        self.warm = False
        self.idle_since = 0.0
        self.closed = 0

    def interrupt(self) -> None:
        pass

    def close(self) -> None:
        self.closed += 1


class AsyncConnection(Connection):
    async def aclose(self) -> None:
        self.close()


def async_pool(limit: int | None) -> AsyncConnectionPool:
    make: Any = AsyncConnection
    return AsyncConnectionPool(make, limit)


def sync_pool(limit: int | None) -> ConnectionPool:
    make: Any = Connection
    return ConnectionPool(make, limit)


async def test_a_connection_handed_to_a_call_that_is_cancelled_goes_to_the_next() -> None:
    pool = async_pool(1)
    connection = await pool.acquire(None)
    second, third = (asyncio.create_task(pool.acquire(None)) for _ in range(2))
    await asyncio.sleep(0)
    assert pool.give_back(connection) is None
    second.cancel()  # after it was handed the connection, and before it knows
    assert await third is connection
    with pytest.raises(asyncio.CancelledError):
        await second


async def test_a_connection_that_nobody_waits_for_any_more_is_idle() -> None:
    pool = async_pool(1)
    connection = await pool.acquire(None)
    waiting = asyncio.create_task(pool.acquire(None))
    await asyncio.sleep(0)
    pool.give_back(connection)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert await pool.acquire(None) is connection
    waiting = asyncio.create_task(pool.acquire(None))
    await asyncio.sleep(0)
    waiting.cancel()
    pool.give_back(connection)  # while the one who waited is cancelled, and still in line
    await asyncio.gather(waiting, return_exceptions=True)
    assert await pool.acquire(None) is connection


async def test_waiting_for_a_connection_has_its_time() -> None:
    pool = async_pool(1)
    connection = await pool.acquire(0.01)
    with pytest.raises(TimeoutError):
        await pool.acquire(0.01)
    pool.give_back(connection)
    assert await pool.acquire(0.01) is connection


async def test_closed_pool() -> None:
    pool = async_pool(2)
    idle, busy = await pool.acquire(None), await pool.acquire(None)
    pool.give_back(idle)
    waiting = [asyncio.create_task(pool.acquire(None)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[2].cancel()
    await pool.aclose()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(waiting[1].exception(), ClientStateError)
    with pytest.raises(ClientStateError):
        await pool.acquire(None)
    assert pool.give_back(busy) is busy, "its user is to close it"
    await pool.discard(busy)
    connections: list[Any] = [idle, busy]
    assert [connection.closed for connection in connections] == [1, 2]


@pytest.mark.parametrize("make", [async_pool, sync_pool])
def test_a_connection_is_warm_for_as_long_as_its_connection_lives(clock: FakeClock, make: Any) -> None:
    pool = make(None)

    def acquire() -> Any:
        return asyncio.run(pool.acquire(None)) if make is async_pool else pool.acquire(None)

    connection = acquire()
    connection.warm = True
    pool.give_back(connection)
    clock.skipped += 4
    assert acquire().warm is True
    pool.give_back(connection)
    clock.skipped += 6
    assert acquire().warm is False


def test_threads_that_wait_are_told_that_the_client_is_closed() -> None:
    pool = sync_pool(1)
    connection = pool.acquire(None)
    errors: list[BaseException] = []

    def wait() -> None:
        try:
            pool.acquire(None)
        except ClientStateError as error:
            errors.append(error)

    threads = [threading.Thread(target=wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    pool.close()
    for thread in threads:
        thread.join(5)
    assert len(errors) == 3
    assert pool.give_back(connection) is connection
    with pytest.raises(ClientStateError):
        pool.acquire(None)


def test_a_connection_that_is_discarded_makes_room() -> None:
    pool = sync_pool(1)
    connection = pool.acquire(None)
    with pytest.raises(TimeoutError):
        pool.acquire(0.01)
    pool.discard(connection)
    assert pool.acquire(0.01) is not connection
