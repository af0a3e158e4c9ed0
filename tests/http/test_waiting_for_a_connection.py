"""More calls than connections: who waits, in which order, and what an interrupt leaves behind."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks
from patchworks_core_client._http.connection_pool import ConnectionPool
from tests.support.clients import Transport
from tests.support.fault_server import FaultServer
from tests.support.replies import RESET, reply

from .test_connection_pool import Connection


def paths(server: FaultServer) -> list[str]:
    return [request.path for request in server.requests]


def test_threads_are_served_in_the_order_in_which_they_came(server: FaultServer) -> None:
    waiting = threading.Event()
    server.default = [waiting.is_set, *reply(json=1)]
    with Patchworks(api_key="k", base_url=server.url, max_connections=1) as pw, ThreadPoolExecutor(4) as threads:

        def call_again_and_again() -> None:
            for _ in range(3):
                pw.request("GET", "/busy")

        threads.submit(call_again_and_again)
        server.wait_for(1)
        for number in range(3):
            threads.submit(pw.request, "GET", f"/{number}")
            time.sleep(0.02)
        waiting.set()
    # The thread that has the connection does not take it again before those that wait.
    assert paths(server) == ["/busy", "/0", "/1", "/2", "/busy", "/busy"]


async def test_so_are_tasks(server: FaultServer, transport: Transport) -> None:
    waiting = threading.Event()
    server.default = [waiting.is_set, *reply(json=1)]
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport, max_connections=1) as pw:

        async def call_again_and_again() -> None:
            for _ in range(3):
                await pw.request("GET", "/busy")

        busy = asyncio.create_task(call_again_and_again())
        await asyncio.to_thread(server.wait_for, 1)
        others = [asyncio.create_task(pw.request("GET", f"/{number}")) for number in range(3)]
        await asyncio.sleep(0.01)
        waiting.set()
        await asyncio.gather(busy, *others)
    assert paths(server) == ["/busy", "/0", "/1", "/2", "/busy", "/busy"]


def test_a_broken_connection_makes_room_for_the_next_in_line(server: FaultServer) -> None:
    waiting = threading.Event()
    server.script([waiting.is_set, 0.02, RESET])
    server.default = reply(json=1)
    with (
        Patchworks(api_key="k", base_url=server.url, max_connections=1, max_retries=0) as pw,
        ThreadPoolExecutor(4) as threads,
    ):
        broken = threads.submit(pw.request, "POST", "/broken")
        server.wait_for(1)
        others = [threads.submit(pw.request, "GET", f"/{number}") for number in range(3)]
        waiting.set()
        assert [other.result(5) for other in others] == [1, 1, 1]
        assert isinstance(broken.exception(5), Exception)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGINT interrupt: a shell has what it starts in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_in_the_line_leaves_the_line(server: FaultServer) -> None:
    interrupted = threading.Event()
    server.default = [interrupted.is_set, *reply(json=1)]
    with Patchworks(api_key="k", base_url=server.url, max_connections=1) as pw, ThreadPoolExecutor(1) as threads:
        first = threads.submit(pw.request, "GET", "/first")
        server.wait_for(1)
        main = threading.main_thread().ident
        assert main is not None
        timer = threading.Timer(0.1, signal.pthread_kill, (main, signal.SIGINT))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            pw.request("GET", "/interrupted")
        interrupted.set()
        timer.join()
        assert first.result(5) == 1
        assert pw.request("GET", "/after") == 1
    assert paths(server) == ["/first", "/after"]


def test_an_interrupt_together_with_a_connection_gives_that_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = ConnectionPool(Connection, limit=1)  # type: ignore[arg-type]
    connection = pool.acquire(None)

    result = Future.result

    def interrupted(turn: Future[Any], timeout: float | None = None) -> Any:
        if turn.done():
            return result(turn)
        pool.give_back(connection)
        raise KeyboardInterrupt

    monkeypatch.setattr(Future, "result", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pool.acquire(None)
    assert pool.acquire(None) is connection
