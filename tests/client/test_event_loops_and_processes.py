"""A client belongs to one event loop and one process."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Callable

import pytest

from patchworks_core_client import AsyncPatchworks, ClientStateError, Patchworks
from tests.support.clients import Transport
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import STALL, reply


def test_another_event_loop(server: FaultServer) -> None:
    pw = AsyncPatchworks(api_key="k", base_url=server.url)

    async def use() -> object:
        return await pw.request("GET", "/x")

    asyncio.run(use())
    with pytest.raises(ClientStateError, match="another event loop"):
        asyncio.run(use())
    with pytest.raises(ClientStateError, match="another event loop"):
        asyncio.run(pw.with_options().request("GET", "/x"))
    asyncio.run(pw.aclose())
    assert len(server.requests) == 1


def test_another_event_loop_at_the_same_time(server: FaultServer) -> None:
    async def use(pw: AsyncPatchworks) -> object:
        return await pw.request("GET", "/x")

    async def main() -> None:
        async with AsyncPatchworks(api_key="k", base_url=server.url) as pw:
            await use(pw)
            with pytest.raises(ClientStateError, match="another event loop"):
                await asyncio.to_thread(asyncio.run, use(pw))
            await use(pw)

    asyncio.run(main())


def test_closing_in_another_event_loop(server: FaultServer) -> None:
    async def main() -> None:
        pw = AsyncPatchworks(api_key="k", base_url=server.url)
        await pw.request("GET", "/x")
        with pytest.raises(ClientStateError, match="another event loop"):
            await asyncio.to_thread(asyncio.run, pw.aclose())
        await asyncio.gather(pw.aclose(), pw.aclose())

    asyncio.run(main())
    server.wait_for_connections(0)


def test_another_process(driver: Driver, server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    driver.request("GET")
    here = os.getpid()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: here + 1)
        with pytest.raises(ClientStateError, match="another process"):
            driver.request("GET")
        # As when a thread of the parent had it at the moment of the fork.
        lock = driver.pw._shared.settings.limiter._lock
        taken, done = threading.Event(), threading.Event()

        def take() -> None:
            with lock:
                taken.set()
                done.wait(20)

        taking = threading.Thread(target=take)
        taking.start()
        taken.wait(10)
        closing = threading.Thread(target=driver.close_client, daemon=True)
        closing.start()
        closing.join(5)
        was_held_up = closing.is_alive()
        done.set()
        taking.join()
        closing.join()
    assert not was_held_up
    assert server.open_connections == 1, "it is for the parent to close"


def test_a_client_made_outside_of_any_loop(server: FaultServer) -> None:
    pw = AsyncPatchworks(api_key="k", base_url=server.url)
    pw.virtual_environments  # noqa: B018 - namespaces need no loop either
    paginator = pw.paginate("/x")

    async def use() -> None:
        async with pw:
            await pw.request("GET", "/x")
            await paginator

    asyncio.run(use())


def in_child(work: Callable[[], int]) -> int:
    """What `work` gives, in a forked process; 99 if it did not end."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(10)
        try:
            os._exit(work())
        except BaseException:
            os._exit(98)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_of_the_synchronous_client(server: FaultServer) -> None:
    pw = Patchworks(api_key="k", base_url=server.url)
    unused = Patchworks(api_key="k", base_url=server.url)
    pw.request("GET", "/parent")

    def child() -> int:
        with pytest.raises(ClientStateError, match="another process"):
            pw.request("GET", "/child")
        pw.close()
        with unused:
            unused.request("GET", "/unused")
        return 0

    assert in_child(child) == 0
    assert pw.request("GET", "/parent") == {"data": {"ok": True}}
    assert [r.path for r in server.requests] == ["/parent", "/unused", "/parent"]
    assert server.connections == 2, "the child's close left the connection of the parent alone"
    pw.close()
    unused.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
async def test_a_fork_of_the_asynchronous_client(server: FaultServer) -> None:
    pw = AsyncPatchworks(api_key="k", base_url=server.url)
    await pw.request("GET", "/parent")

    def child() -> int:
        # The child goes on in the middle of the parent's loop, whose selector it shares.
        call = pw.request("GET", "/child")
        with pytest.raises(ClientStateError, match="another process"):
            call.send(None)
        try:
            pw.aclose().send(None)
        except StopIteration:
            return 0
        return 2

    assert in_child(child) == 0
    assert await pw.request("GET", "/parent") == {"data": {"ok": True}}
    assert server.connections == 1
    await pw.aclose()


@pytest.mark.untraced
@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
@pytest.mark.parametrize("login", [False, True])
@pytest.mark.parametrize("under_way", [False, True])
def test_closing_after_the_loop_is_gone(
    server: FaultServer, transport: Transport, login: bool, under_way: bool
) -> None:
    """Whatever was left in it: nothing is raised, and nothing complained of."""
    server.default = lambda received: [STALL] if received.path == "/stall" else reply(json={"token": "t"})
    credential = (
        {"username": "u", "password": "p", "login_url": f"{server.url}/stall" if under_way else f"{server.url}/login"}
        if login
        else {"api_key": "k"}
    )
    pw = AsyncPatchworks(base_url=server.url, transport=transport, **credential)

    async def use() -> None:
        if under_way:
            asyncio.create_task(pw.request("GET", "/stall"))  # noqa: RUF006 - it is left behind
            await asyncio.to_thread(server.wait_for, 1)
        else:
            await pw.request("GET", "/x")

    asyncio.run(use())
    asyncio.run(pw.aclose())
    asyncio.run(pw.aclose())
    with pytest.raises(ClientStateError, match="the client is closed"):
        asyncio.run(pw.request("GET", "/x"))
    gc.collect()
