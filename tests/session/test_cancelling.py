"""A call that is cancelled ends at once, wherever it stands, and harms no other call and no connection."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable

import httpx
import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks
from patchworks_core_client._http.attempt import Attempt
from patchworks_core_client._http.connections import HTTPXConnection
from patchworks_core_client._session.cancellation import Cancellation
from tests.support.cases import cases
from tests.support.clients import Transport
from tests.support.clock import FakeClock
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import STALL, Received, Steps, head, reply

pytestmark = pytest.mark.untraced

TRANSPORTS = ["httpx", "aiohttp"]


async def cancel_soon(task: asyncio.Task[object]) -> None:
    task.cancel()
    # Where it did not end, the test would not either.
    await asyncio.wait([task], timeout=20)
    assert task.cancelled()


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    "steps",
    [
        [STALL],
        [head(200, {"Content-Length": "100"}) + b"{", STALL],
        reply(429, headers={"Retry-After": "30"}),
        reply(503, headers={"Retry-After": "30"}),
        [head(500, {"Content-Length": "100"}), STALL],
    ],
    ids=["before the answer", "within the body", "held back", "between attempts", "within an error"],
)
async def test_cancelling(server: FaultServer, steps: Steps, transport: Transport) -> None:
    server.script(steps)
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport, timeout=None) as pw:
        call = asyncio.create_task(pw.request("GET", "/x"))
        await asyncio.to_thread(server.wait_for, 1)
        # What comes of an answer is seen nowhere else.
        await asyncio.sleep(0.03)
        await cancel_soon(call)
        if steps[0] == reply(429, headers={"Retry-After": "30"})[0]:
            return  # Other calls are still held back, as they should be.
        for _ in range(3):
            assert await pw.request("POST", "/y") == {"data": {"ok": True}}
    assert len(server.requests) == 4


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_cancelling_a_call_that_waits_for_a_connection(server: FaultServer, transport: Transport) -> None:
    left = threading.Event()
    server.default = [left.is_set, *reply(json=1)]
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport, max_connections=1) as pw:
        first = asyncio.create_task(pw.request("GET", "/first"))
        second = asyncio.create_task(pw.request("GET", "/second"))
        third = asyncio.create_task(pw.request("GET", "/third"))
        await asyncio.to_thread(server.wait_for, 1)
        await cancel_soon(second)
        left.set()
        assert await asyncio.gather(first, third) == [1, 1]
    assert [r.path for r in server.requests] == ["/first", "/third"]


async def test_cancelling_at_the_moment_a_connection_is_handed_over(server: FaultServer, transport: Transport) -> None:
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport, max_connections=1) as pw:
        for _ in range(20):
            first = asyncio.create_task(pw.request("GET", "/first"))
            second = asyncio.create_task(pw.request("GET", "/second"))
            third = asyncio.create_task(pw.request("GET", "/third"))
            first.add_done_callback(lambda _, second=second: second.cancel())
            await asyncio.gather(first, second, third, return_exceptions=True)
            assert third.result() == {"data": {"ok": True}}
        assert await asyncio.wait_for(pw.request("GET", "/last"), 5) == {"data": {"ok": True}}


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_cancelling_at_any_await(server: FaultServer, transport: Transport) -> None:
    # Each round lets the call make one step more before it is cancelled.
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport, max_connections=2) as pw:
        for steps in range(80):
            call = asyncio.create_task(pw.request("GET", "/cancelled"))
            for _ in range(steps):
                await asyncio.sleep(0)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
            assert await asyncio.wait_for(pw.request("GET", "/other"), 5) == {"data": {"ok": True}}
    await asyncio.to_thread(server.wait_for_connections, 0)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_cancelling_at_random_among_many(server: FaultServer, transport: Transport) -> None:
    chance = random.Random(7)

    def answer(received: Received) -> Steps:
        return [chance.random() * 0.02, *reply(json=received.path, chunked=chance.random() < 0.5)]

    server.default = answer
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport, max_connections=5) as pw:
        calls = [asyncio.create_task(pw.request("GET", f"/{n}")) for n in range(200)]
        victims = set(chance.sample(range(200), 80))
        for n in victims:
            asyncio.get_running_loop().call_later(chance.random() * 0.4, calls[n].cancel)
        results = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 20)
        for n, result in enumerate(results):
            if n in victims:
                assert isinstance(result, asyncio.CancelledError) or result == f"/{n}"
            else:
                assert result == f"/{n}", "each call gets its own answer"
        assert await pw.request("GET", "/last") == "/last"
        assert server.open_connections <= 6
    await asyncio.to_thread(server.wait_for_connections, 0)
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_a_timeout_around_a_call(server: FaultServer, transport: Transport) -> None:
    server.script([STALL])
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport) as pw:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await pw.request("GET", "/x")
        assert await pw.request("GET", "/y") == {"data": {"ok": True}}


async def test_a_task_group(server: FaultServer, transport: Transport) -> None:
    server.default = lambda received: reply(404) if received.path == "/bad" else [STALL]
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport) as pw:

        async def three() -> None:
            async with asyncio.TaskGroup() as group:
                for path in ("/a", "/b", "/bad"):
                    group.create_task(pw.request("GET", path))

        with pytest.raises(ExceptionGroup) as caught:
            await three()
        assert len(caught.value.exceptions) == 1
        server.default = reply(json=1)
        assert await pw.request("GET", "/y") == 1


def endless_pages(received: Received) -> Steps:
    """The first page of five; the others never come."""
    if "page=" in received.target:
        return [STALL]
    meta = {"current_page": 1, "last_page": 5, "per_page": 2, "total": 10}
    return reply(json={"data": [{"id": 1}, {"id": 2}], "meta": meta})


@cases("how", ["break", "error", "close", "limit"])
def test_leaving_a_synchronous_list_waits_for_no_page_ahead(server: FaultServer, how: str) -> None:
    server.default = endless_pages
    with Patchworks(api_key="k", base_url=server.url, timeout=None) as pw:
        pages = pw.paginate("/x")
        if how == "break":
            for _ in pages:
                break
        elif how == "error":
            with pytest.raises(KeyError):  # noqa: PT012 - it is raised in the loop
                for _ in pages:
                    raise KeyError
        elif how == "close":
            iterator = iter(pages)
            next(iterator)
            iterator.close()
        else:
            assert len(pages.collect(1)) == 1
        server.default = reply(json="still usable")
        assert pw.request("GET", "/other") == "still usable"
    server.wait_for_connections(0)


def test_a_page_ahead_that_is_broken_off_as_it_ends_spoils_no_connection(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way: list[Attempt] = []
    watch, is_clean = Cancellation.watch, HTTPXConnection.is_clean

    def note(self: Cancellation, interrupt: Callable[[], object]) -> None:
        attempt = getattr(interrupt, "__self__", None)
        if isinstance(attempt, Attempt):
            under_way.append(attempt)
        watch(self, interrupt)

    def break_off(self: HTTPXConnection) -> bool:
        for attempt in under_way:
            if attempt.interrupt_connection == self.interrupt:
                attempt.interrupt()
        return is_clean(self)

    monkeypatch.setattr(Cancellation, "watch", note)
    monkeypatch.setattr(HTTPXConnection, "is_clean", break_off)

    def page(received: Received) -> Steps:
        number = int(dict(received.query).get("page", "1"))
        meta = {"current_page": number, "last_page": 3, "per_page": 1, "total": 3}
        return reply(json={"data": [number], "meta": meta})

    server.default = page
    with Patchworks(api_key="k", base_url=server.url, max_retries=0) as pw:
        assert pw.paginate("/x").collect() == [1, 2, 3]
        assert under_way
        for _ in range(4):
            assert pw.request("POST", "/other")["data"] == [1]


def test_pages_ahead_of_a_client_that_cannot_be_interrupted_are_not_waited_for(server: FaultServer) -> None:
    release = threading.Event()

    def answer(request: httpx.Request) -> httpx.Response:
        if b"page=" in request.url.query:
            release.wait(30)
        meta = {"current_page": 1, "last_page": 3, "per_page": 1, "total": 3}
        return httpx.Response(200, json={"data": [1], "meta": meta})

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as http_client,
        Patchworks(api_key="k", base_url=server.url, http_client=http_client) as pw,
    ):
        for _ in pw.paginate("/x"):
            break
        assert not release.is_set()
        release.set()


@pytest.mark.parametrize("step", [None, -3600.0, 3600.0], ids=["frozen", "set back", "set ahead"])
def test_a_pause_is_waited_for_once_whatever_the_clock_does(
    driver: Driver, server: FaultServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, step: float | None
) -> None:
    from patchworks_core_client import _clock

    began, wall = _clock.now(), _clock.wall()
    steps = iter(range(100_000))
    if step is None:
        monkeypatch.setattr(_clock, "now", lambda: began)
    monkeypatch.setattr(_clock, "wall", lambda: wall + (step or 0.0) * next(steps))
    server.script(reply(429, headers={"Retry-After": "1"}))
    assert driver.request("GET") == {"data": {"ok": True}}
    assert driver.request("GET") == {"data": {"ok": True}}
    assert len(server.requests) == 3
