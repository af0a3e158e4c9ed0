"""Clients that are closed, copied, used in another loop or process, or left to themselves: an error or it works."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import AsyncIterable, Callable, Iterable

import pytest

from patchworks_core_client import AsyncPatchworks, ClientStateError, Patchworks
from tests.support.clients import Open, Transport
from tests.support.driver import Driver
from tests.support.fault_server import STALL, FaultServer, Steps, reply

MESSAGE = "the client is closed"


def test_use_after_close(open_driver: Open, server: FaultServer) -> None:
    for used in (True, False):
        driver = open_driver(server.url)
        if used:
            driver.request("GET")
        driver.close_client()
        driver.close_client()
        assert repr(driver.pw).endswith(", closed>")
        with pytest.raises(ClientStateError, match=MESSAGE):
            driver.request("GET")
        with pytest.raises(ClientStateError, match=MESSAGE):
            driver.run(driver.pw.paginate("/x").collect())
        with pytest.raises(ClientStateError, match=MESSAGE):
            driver.run(driver.pw.virtual_environments.get(1))
    assert len(server.requests) == 1
    server.wait_for_connections(0)


def test_a_copy_closes_only_itself(driver: Driver) -> None:
    copy = driver.pw.with_options(timeout=5)
    assert driver.run(copy.request("GET", "/x")) == {"data": {"ok": True}}
    driver.close_client(copy)
    with pytest.raises(ClientStateError, match=MESSAGE):
        driver.run(copy.request("GET", "/x"))
    assert driver.request("GET") == {"data": {"ok": True}}
    other = driver.pw.with_options()
    driver.close_client()
    for client in (other, driver.pw.with_options(), copy.with_options()):
        with pytest.raises(ClientStateError, match=MESSAGE):
            driver.run(client.request("GET", "/x"))


def test_a_copy_changes_nothing_on_the_original(driver: Driver, server: FaultServer) -> None:
    before = driver.pw._calls.options
    copy = driver.pw.with_options(timeout=1, max_retries=7, strict=True, on_mismatch=print, headers={"X-A": "b"})
    again = copy.with_options(timeout=None)
    assert driver.pw._calls.options == before
    assert (copy._calls.options.limits.max_retries, again._calls.options.limits.max_retries) == (7, 7)
    assert again._calls.options.limits.total is None
    assert type(copy) is type(driver.pw)
    driver.run(copy.request("GET", "/x"))
    driver.request("GET")
    assert server.connections == 1, "both use one pool"
    with pytest.raises(ValueError, match="max_retries"):
        driver.pw.with_options(max_retries=-1)
    assert copy.virtual_environments is not driver.pw.virtual_environments


async def test_closing_while_calls_are_under_way(server: FaultServer) -> None:
    server.default = [STALL]
    pw = AsyncPatchworks(api_key="k", base_url=server.url, max_connections=3)
    calls = [asyncio.create_task(pw.request("GET", f"/{n}")) for n in range(6)]
    await asyncio.to_thread(server.wait_for, 3)
    await pw.aclose()
    results = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 5)
    assert [type(result) for result in results] == [ClientStateError] * 6
    assert len(server.requests) == 3


async def test_closing_during_a_wait(server: FaultServer) -> None:
    server.default = reply(429, headers={"Retry-After": "0.2"})
    pw = AsyncPatchworks(api_key="k", base_url=server.url)
    call = asyncio.create_task(pw.request("GET", "/x"))
    await asyncio.to_thread(server.wait_for, 1)
    await asyncio.sleep(0.1)
    await pw.aclose()
    with pytest.raises(ClientStateError):
        await asyncio.wait_for(call, 5)
    assert len(server.requests) == 1


def test_closing_while_a_thread_waits(server: FaultServer) -> None:
    from concurrent.futures import ThreadPoolExecutor

    server.default = reply(429, headers={"Retry-After": "0.2"})
    pw = Patchworks(api_key="k", base_url=server.url)
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(pw.request, "GET", "/x")
        server.wait_for(1)
        time.sleep(0.1)
        pw.close()
        assert isinstance(call.exception(5), ClientStateError)
    assert len(server.requests) == 1


def test_closing_while_threads_are_calling(server: FaultServer) -> None:
    server.default = [STALL]
    pw = Patchworks(api_key="k", base_url=server.url, max_connections=2)
    results: list[BaseException | None] = []

    def call() -> None:
        try:
            pw.request("POST", "/x", timeout=None)
            results.append(None)
        except BaseException as error:
            results.append(error)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    server.wait_for(2)
    pw.close()
    for thread in threads:
        thread.join(2)
    assert [type(result) for result in results] == [ClientStateError] * 4
    assert len(server.requests) == 2


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


def run_script(server: FaultServer, script: str) -> subprocess.CompletedProcess[str]:
    """Run a program that talks to the server, with every warning shown."""
    return subprocess.run(
        [sys.executable, "-X", "dev", "-W", "always", "-c", script],
        env={**os.environ, "PATCHWORKS_API_KEY": "k", "PATCHWORKS_BASE_URL": server.url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# What a program may leave behind, by itself in the long form and all of it at once in the short one.
ASYNC_ENDS = {
    "closed": """
        async with AsyncPatchworks(transport=TRANSPORT) as pw:
            await asyncio.gather(*(pw.request("GET", "/x") for _ in range(5)))
    """,
    "left open": """
        global left_open
        left_open = AsyncPatchworks(transport=TRANSPORT)
        await asyncio.gather(*(left_open.request("GET", "/x") for _ in range(5)))
        left_open.virtual_environments
    """,
    "forgotten": """
        await asyncio.gather(*(AsyncPatchworks(transport=TRANSPORT).request("GET", "/x") for _ in range(5)))
    """,
    "cancelled at the end": """
        global cancelled, tasks
        cancelled = AsyncPatchworks(transport=TRANSPORT)
        tasks = [asyncio.create_task(cancelled.request("GET", "/stall")) for _ in range(4)]
        await cancelled.request("GET", "/stalled")
    """,
}
SYNC_ENDS = {
    "closed": "with Patchworks() as closed: closed.request('GET', '/x')",
    "forgotten": "forgotten = Patchworks(); forgotten.request('GET', '/x'); del forgotten; import gc; gc.collect()",
    "left open": "pw = Patchworks(); pw.request('GET', '/x'); pw.virtual_environments; raise SystemExit(0)",
}


def ends(soak: bool, of: dict[str, str]) -> list[list[str]]:
    return [[end] for end in of.values()] if soak else [[*of.values()]]


@pytest.mark.soak
@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
def test_no_complaints_when_an_asynchronous_program_ends(server: FaultServer, transport: Transport, soak: bool) -> None:
    answers: dict[str, Steps] = {
        "/x": reply(json=1),
        "/stall": [STALL],
        "/stalled": [lambda: sum(r.path == "/stall" for r in server.requests) == 4, *reply(json=1)],
    }
    server.default = lambda received: answers[received.path]
    for parts in ends(soak, ASYNC_ENDS):
        body = "".join(textwrap.indent(textwrap.dedent(part), "    ") for part in parts)
        script = (
            f"import asyncio\nfrom patchworks_core_client import AsyncPatchworks\nTRANSPORT = {transport!r}\n"
            f"async def main():\n{body}\nasyncio.run(main())\n"
        )
        before = len(server.requests)
        done = run_script(server, script)
        complaints = [line for line in done.stderr.splitlines() if "took" not in line]
        assert complaints == []
        assert done.returncode == 0
        assert len(server.requests) - before == 5 * len(parts)


@pytest.mark.soak
def test_no_complaints_when_a_synchronous_program_ends(server: FaultServer, soak: bool) -> None:
    for parts in ends(soak, SYNC_ENDS):
        before = len(server.requests)
        done = run_script(server, "\n".join(["from patchworks_core_client import Patchworks", *parts]))
        assert (done.stderr, done.returncode) == ("", 0)
        assert len(server.requests) - before == len(parts)


@pytest.mark.untraced
async def test_a_client_that_nobody_has_any_more_closes_its_connections(server: FaultServer) -> None:
    pw = AsyncPatchworks(api_key="k", base_url=server.url)
    await pw.request("GET", "/x")
    copy = pw.with_options()
    del pw
    gc.collect()
    await copy.request("GET", "/x")
    assert server.connections == 1, "a copy keeps them open"
    del copy
    gc.collect()
    for _ in range(100):
        if server.open_connections == 0:
            break
        await asyncio.sleep(0.01)
    assert server.open_connections == 0


def test_making_a_client_is_cheap_and_lasts_no_thread(server: FaultServer) -> None:
    before = threading.active_count()
    for _ in range(100):
        Patchworks(api_key="k", base_url=server.url)
    assert threading.active_count() == before


async def test_the_wrong_kind_of_with() -> None:
    with pytest.raises(TypeError, match="is used with `async with`"), AsyncPatchworks(api_key="k"):  # type: ignore[attr-defined]
        raise AssertionError("entered")
    with pytest.raises(TypeError, match="the client for `async with` is AsyncPatchworks"):
        async with Patchworks(api_key="k"):  # type: ignore[attr-defined]
            raise AssertionError("entered")


async def test_the_wrong_kind_of_loop() -> None:
    paginator = AsyncPatchworks(api_key="k").paginate("/x")
    with pytest.raises(TypeError, match="is read with `async for`"):
        [item for item in paginator]  # type: ignore[attr-defined]  # noqa: C416 - what a slip looks like
    with pytest.raises(TypeError, match=r"await paginator.collect\(\)"):
        list(paginator)  # type: ignore[call-overload]
    assert not isinstance(paginator, Iterable), "what takes either kind has to see that it is the other"
    assert isinstance(paginator, AsyncIterable)


async def test_what_namespaces_and_paginators_print() -> None:
    with Patchworks(api_key="k") as pw:
        assert repr(pw.virtual_environments) == f"<VirtualEnvironmentsApi of {pw!r}>"
        assert repr(pw.paginate("/api/v1/flows/17?q=s3cret")) == "<Paginator GET /api/v1/flows/{}>"
    async with AsyncPatchworks(api_key="k") as apw:
        assert repr(apw.virtual_environments) == f"<AsyncVirtualEnvironmentsApi of {apw!r}>"
        versions = apw.virtual_environments.list_versions("s3cret-1", params={"q": "s3cret"})
        assert repr(versions) == "<AsyncPaginator GET /api/v1/virtual-environments/{}/versions>"


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
    with pytest.raises(ClientStateError, match=MESSAGE):
        asyncio.run(pw.request("GET", "/x"))
    gc.collect()
