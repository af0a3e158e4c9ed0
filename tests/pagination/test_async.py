"""What only `AsyncPaginator` has: awaiting it, tasks, cancellation, event loops."""

from __future__ import annotations

import asyncio
import gc
import threading
from contextlib import aclosing
from contextvars import ContextVar
from typing import Any

import pytest

from patchworks_core_client import AsyncPaginator, Page

from .support import URL, Server


def paginator(server: Server, **options: Any) -> AsyncPaginator[Any]:
    return AsyncPaginator(server.afetch, url=URL, **options)


def others() -> set[asyncio.Task[Any]]:
    return asyncio.all_tasks() - {asyncio.current_task()}


async def a_few_turns() -> None:
    """Let an event loop do what a loop that was left early leaves to it."""
    for _ in range(5):
        await asyncio.sleep(0)


def slow_from(number: int) -> Any:
    return lambda query: 30.0 if int(str(query.get("page") or 1)) >= number else 0.0


async def test_awaiting_it_gives_the_first_page_and_the_same_one_again() -> None:
    server = Server(25)
    p = paginator(server)
    assert server.requests == [], "nothing is sent before"
    page = await p
    assert isinstance(page, Page)
    assert page.items == server.rows[:10]
    assert await p is page
    assert await p.first_page() is page
    assert len(server.requests) == 1


async def test_awaiting_it_in_several_tasks_sends_one_request() -> None:
    server = Server(25)
    server.delay = lambda _: 0.01
    p = paginator(server)
    first = asyncio.create_task(p.first_page())
    rest = [asyncio.create_task(p.first_page()) for _ in range(5)]
    await asyncio.sleep(0)
    first.cancel()
    pages = await asyncio.gather(*rest)
    assert all(page is pages[0] for page in pages)
    assert first.cancelled()
    assert server.finished == 1


async def test_a_first_page_that_failed_is_asked_for_again() -> None:
    server = Server(25)
    fail = [True]

    def alter(body: Any) -> Any:
        if fail.pop() if fail else False:
            raise OSError
        return body

    server.alter = alter
    p = paginator(server)
    with pytest.raises(OSError):  # noqa: PT011 - it has no text
        await p
    assert (await p).items == server.rows[:10]


async def test_the_first_loop_goes_on_from_the_page_that_was_awaited_and_the_next_one_reads_anew() -> None:
    server = Server(25)
    p = paginator(server)
    await p
    assert [item async for item in p] == server.rows
    assert len(server.requests) == 3
    assert [item async for item in p] == server.rows
    assert len(server.requests) == 6
    assert await p.collect() == server.rows
    assert [len(page) async for page in p.pages()] == [10, 10, 5]
    assert len(server.requests) == 12
    await p
    assert len(server.requests) == 12


async def test_two_loops_at_once_do_not_disturb_each_other() -> None:
    server = Server(45)
    server.delay = lambda _: 0.001
    p = paginator(server)
    everything, some = await asyncio.gather(p.collect(), p.collect(25))
    assert everything == server.rows
    assert some == server.rows[:25]


async def test_leaving_the_loop_cancels_what_is_under_way() -> None:
    server = Server(95)
    server.delay = slow_from(3)
    async for item in paginator(server):
        if item["id"] == 12:
            break
    await a_few_turns()
    assert server.under_way == 0
    assert others() == set()
    assert len(server.requests) in (9, 10), "what is ahead of page 2; the last one may not have begun"


async def test_an_exception_in_the_loop_cancels_what_is_under_way() -> None:
    server = Server(95)
    server.delay = slow_from(3)

    async def read() -> None:
        async for page in paginator(server).pages():
            if page.current_page == 2:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await read()
    await a_few_turns()
    assert server.under_way == 0
    assert others() == set()


@pytest.mark.parametrize("what", ["items", "pages"])
async def test_closing_the_iterator_waits_for_what_it_cancels(what: str) -> None:
    server = Server(95)
    server.delay = slow_from(3)
    p = paginator(server)
    iterator: Any = aiter(p) if what == "items" else aiter(p.pages())
    async with aclosing(iterator):
        await anext(iterator)
        assert len(others()) == 8
    assert others() == set()
    assert [item async for item in iterator] == []
    await iterator.aclose()


async def test_an_iterator_that_is_thrown_away_cancels_what_is_under_way() -> None:
    server = Server(95)
    server.delay = slow_from(3)
    iterator = aiter(paginator(server))
    await anext(iterator)
    assert len(others()) == 8
    del iterator
    await a_few_turns()
    assert others() == set()


async def test_an_iterator_in_a_cycle_that_another_thread_collects() -> None:
    server = Server(95)
    server.delay = slow_from(3)
    gc.disable()
    try:
        iterator = aiter(paginator(server))
        await anext(iterator)
        cycle: list[Any] = [iterator]
        cycle.append(cycle)
        del iterator, cycle
        await asyncio.to_thread(gc.collect)
    finally:
        gc.enable()
    await a_few_turns()
    assert others() == set()


def test_an_iterator_that_outlives_its_loop() -> None:
    server = Server(95)
    server.delay = slow_from(3)
    kept = []

    async def run() -> None:
        iterator = aiter(paginator(server))
        await anext(iterator)
        kept.append(iterator)

    asyncio.run(run())
    assert server.under_way == 0, "asyncio.run cancels tasks"
    kept.clear()

    # A loop that is closed with tasks pending, which asyncio itself complains about when it drops them.
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)
    loop.run_until_complete(run())
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    for task in asyncio.all_tasks(loop):
        coroutine: Any = task.get_coro()
        coroutine.close()
    kept.clear()


def test_an_iterator_that_is_thrown_away_while_its_loop_stands_still() -> None:
    server = Server(95)
    server.delay = slow_from(3)
    loop = asyncio.new_event_loop()
    iterator = aiter(paginator(server))
    loop.run_until_complete(anext(iterator))
    del iterator
    loop.run_until_complete(asyncio.sleep(0.001))
    assert server.under_way == 0
    loop.close()


async def test_an_error_has_cancelled_what_is_under_way_when_it_surfaces() -> None:
    server = Server(95)
    server.delay = slow_from(3)

    def alter(body: Any) -> Any:
        if body["meta"]["current_page"] == 2:
            raise OSError("page 2")
        return body

    server.alter = alter
    iterator = aiter(paginator(server))
    items = [await anext(iterator) for _ in range(10)]
    assert items == server.rows[:10]
    with pytest.raises(OSError, match="page 2"):
        await anext(iterator)
    assert others() == set()
    with pytest.raises(StopAsyncIteration):
        await anext(iterator)


async def test_cancelling_the_reader_cancels_what_is_under_way() -> None:
    server = Server(95)
    server.delay = slow_from(2)
    task = asyncio.create_task(paginator(server).collect())
    await asyncio.sleep(0.02)
    assert len(server.requests) == 9
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert server.under_way == 0
    assert others() == set()


async def test_a_timeout_around_the_reader() -> None:
    server = Server(95)
    server.delay = slow_from(2)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await paginator(server, concurrency=1).collect()
    assert server.under_way == 0


async def test_errors_of_pages_that_nobody_reads_are_not_complained_about() -> None:
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    server = Server(95)

    def alter(body: Any) -> Any:
        if body["meta"]["current_page"] > 1:
            raise OSError
        return body

    server.alter = alter
    iterator = aiter(paginator(server))
    await anext(iterator)
    await asyncio.sleep(0.01)
    assert others() == set(), "all have failed"
    await iterator.aclose()
    del iterator
    gc.collect()
    await asyncio.sleep(0)
    assert complaints == []


async def test_one_iterator_is_not_for_two_tasks() -> None:
    server = Server(95)
    server.delay = lambda _: 0.01
    iterator = aiter(paginator(server))
    first = asyncio.create_task(anext(iterator))
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="already running"):
        await anext(iterator)
    assert await first == {"id": 1}
    await iterator.aclose()


async def test_pages_ahead_are_bounded_while_the_reader_is_slow() -> None:
    server = Server(500)
    async with aclosing(aiter(paginator(server, concurrency=4).pages())) as pages:
        for number in range(1, 6):
            await anext(pages)
            await asyncio.sleep(0.005)
            assert len(server.requests) == number + 4


async def test_requests_for_further_pages_are_out_before_a_page_is_decoded() -> None:
    """So the server works while this side does."""
    server, requests = Server(145), []
    original = server.body

    def body(query: Any) -> Any:
        requests.append(len(server.requests))
        return original(query)

    server.body = body  # type: ignore[method-assign]
    assert await paginator(server).collect() == server.rows
    assert requests == [1, 10, 11, 12, 13, 14, 15, *[15] * 8]


async def test_the_context_of_the_reader_goes_with_every_page() -> None:
    seen = []
    variable: ContextVar[str] = ContextVar("variable")
    server = Server(45)
    server.before = lambda _: seen.append(variable.get())
    variable.set("here")
    await paginator(server).collect()
    assert seen == ["here"] * 5


async def test_no_threads() -> None:
    before = threading.active_count()
    server = Server(45)
    server.before = lambda _: None
    await paginator(server).collect()
    assert threading.active_count() == before
