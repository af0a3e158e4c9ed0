"""`AsyncPaginator`: all pages of a list, several at a time, for `async for`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self, TypeAlias, TypeVar

from .._checks import count
from .._http.query import Query
from .._lazy import resolvable
from .base import PaginatorBase
from .next_page import PageRequest, PageSequence
from .page import Page
from .read_ahead import ReadAhead

T_co = TypeVar("T_co", covariant=True)
R_co = TypeVar("R_co", covariant=True)

AsyncFetch: TypeAlias = Callable[[Query, str | None], Coroutine[Any, Any, Callable[[], Page[T_co]]]]
"""Fetches one page, and gives what decodes it.

It takes the whole query, and the path from the root of the host where that is not the list's own. A page is decoded
when its turn comes, after the requests for further ones are out. So the server works while this side decodes: 50 pages
of 100 items, at 20 ms each, took 1.37 times as long as a loop by hand when tasks decoded, and take 1.01 times as long.
"""

# The turns of an event loop until a task that was just started has sent its request, as counted with httpx.
_TURNS_TO_SEND = 3


@resolvable
class AsyncPaginator(PaginatorBase[AsyncFetch[T_co], asyncio.Lock, T_co]):
    """A list that is read page by page, and from several pages at once.

    - `await paginator` gives the first `Page`, and gives the same one if awaited again.
    - `async for item in paginator` gives the items of all pages, in the order of the pages.
    - `async for page in paginator.pages()` gives the pages.
    - `await paginator.collect(limit=None)` gives a list of the items.

    Nothing is sent before. Each loop reads the list anew (the first one goes on from a page that was
    awaited). While a page is being read, up to `concurrency` pages after it are fetched, if the server has
    said how many there are; otherwise the one that follows. Leaving a loop early cancels what is under way;
    to have waited for that, too, wrap the iterator in `contextlib.aclosing`.

    An error surfaces where its page would have begun, after the items before it, and ends the loop.

    A list that changes while it is read is followed as far as the server's answers allow: the newest number
    of pages counts, and an item that moved to the next page because others appeared before it is given once.
    What numbered pages cannot show is an item that moved to a page already read because others vanished: it
    is missed, and a warning is logged when `total` changes.

    Args:
        fetch: fetches one page.
        url: the URL of the list, without a query. Links to another origin (scheme, host and port) are refused; a server
            behind a proxy that sends `http://` links for an `https://` list is one of these.
        query: the whole query of the caller; its `page` is where reading starts.
        concurrency: how many pages are fetched at once ahead of the reader; 1 is one after the other.
        max_pages: a guard: a list with more pages raises `PaginationError` after that many. Without it, a
            list that repeats itself or does not end after thousands of pages raises the same.
        depth: gives how many pages may be fetched ahead at the moment, where that is less than `concurrency`.

    Raises:
        PaginationError: on reading, if the pages lead to another origin, back to where they were, or never
            end.
        ValueError: `concurrency` or `max_pages` is less than 1.

    Example:
        ```python
        async for environment in pw.virtual_environments.list(filter_type="live"):
            print(environment.name)
        ```
    """

    _new_lock = staticmethod(asyncio.Lock)

    def __await__(self) -> Generator[Any, None, Page[T_co]]:
        return self.first_page().__await__()

    def __aiter__(self) -> AsyncItems[T_co]:
        return AsyncItems(self._read())

    if not TYPE_CHECKING:
        # What `for` falls back on. With an `__iter__`, libraries that ask for an Iterable would take this for one.
        def __getitem__(self, index: object) -> NoReturn:
            raise TypeError("an AsyncPaginator is read with `async for`, or `await paginator.collect()` for a list")

    async def first_page(self) -> Page[T_co]:
        """The first page, as `await paginator` gives it."""
        async with self._first_lock:
            if self._first is None:
                request = self._sequence().first()
                self._first = (await self._fetch(request.query, request.path))()
                self._first_is_unread = True
            return self._first

    def pages(self) -> AsyncPages[T_co]:
        """All pages, as the server sends them."""
        return AsyncPages(self._read())

    async def collect(self, limit: int | None = None) -> list[T_co]:
        """Read the items into a list.

        Args:
            limit: give at most so many items, and fetch no more pages than they are expected to need.

        Raises:
            ValueError: `limit` is negative.
        """
        if limit is not None:
            count(limit, "limit", least=0)
        items: list[T_co] = []
        reading = self._read()
        try:
            while limit is None or len(items) < limit:
                read = await reading.next(None if limit is None else limit - len(items))
                if read is None:
                    break
                items += read[1]
        finally:
            await reading.aclose()
        return items[:limit]

    def _read(self) -> _Reading[T_co]:
        first = self._take_unread_first_page()
        return _Reading(self._fetch, self._sequence(), first, self._depth, ahead=self._concurrency > 1)


class _AsyncReader(AsyncIterator[R_co]):
    """An iterator whose `aclose()` cancels what is under way and waits until it has ended."""

    def __init__(self, reading: _Reading[Any]) -> None:
        self._reading = reading

    def __aiter__(self) -> Self:
        return self

    async def aclose(self) -> None:
        """End the loop; what is under way is cancelled."""
        await self._reading.aclose()


class AsyncPages(_AsyncReader[Page[T_co]]):
    """The pages."""

    async def __anext__(self) -> Page[T_co]:
        read = await self._reading.next()
        if read is None:
            raise StopAsyncIteration
        return read[0]


class AsyncItems(_AsyncReader[T_co]):
    """The items of all pages."""

    _items: Iterator[T_co] = iter(())

    async def __anext__(self) -> T_co:
        while True:
            for item in self._items:
                return item
            read = await self._reading.next()
            if read is None:
                raise StopAsyncIteration
            self._items = iter(read[1])

    async def aclose(self) -> None:
        """End the loop; what is under way is cancelled."""
        self._items = iter(())
        await super().aclose()


class _Reading(Generic[T_co]):
    """One reading of a list: does what the sequence says, with a task for each page that is fetched ahead."""

    def __init__(
        self,
        fetch: AsyncFetch[T_co],
        sequence: PageSequence[T_co],
        first: Page[T_co] | None,
        depth: Callable[[], int | None],
        *,
        ahead: bool,
    ) -> None:
        self._fetch = fetch
        self._sequence = sequence
        self._first = first
        self._begun = False
        self._ended = False
        self._busy = False
        # The tasks must not lead back to this object: it is its end, in a loop left early, that cancels them.
        start = partial(_start, fetch) if ahead else _not_started
        self._ahead: ReadAhead[asyncio.Task[Callable[[], Page[T_co]]] | None] = ReadAhead(start, _cancel, depth)

    async def next(self, wanted: int | None = None) -> tuple[Page[T_co], list[T_co]] | None:
        """The next page and the items of it to give; `None` at the end.

        Args:
            wanted: how many items the reader still wants, if it knows.
        """
        if self._busy:
            raise RuntimeError("This paginator's iterator is already waiting for a page in another task.")
        if self._ended:
            return None
        self._busy = True
        try:
            request, received = await self._receive()
            if received is None:
                self._ended = True
                return None
            if self._ahead.extend(self._sequence.expected(request, wanted)):
                await _let_requests_go_out()
            page = received()
            items = self._sequence.received(request, page)
            self._ahead.follow(self._sequence.upcoming(None if wanted is None else wanted - len(items)))
            return page, items
        except BaseException:
            await self.aclose()
            raise
        finally:
            self._busy = False

    async def _receive(self) -> tuple[PageRequest, Callable[[], Page[T_co]] | None]:
        if not self._begun:
            self._begun = True
            request, task, page = self._sequence.first(), None, self._first
            self._first = None
            if page is not None:
                return request, lambda: page
        elif self._ahead:
            request, task = self._ahead.take()
        else:
            self._sequence.end()
            return self._sequence.first(), None
        return request, await (self._fetch(request.query, request.path) if task is None else task)

    async def aclose(self) -> None:
        self._ended = True
        tasks = [task for task in self._ahead.clear() if task is not None]
        if tasks:
            await asyncio.wait(tasks)

    def __del__(self) -> None:
        self._ahead.clear()


async def _let_requests_go_out() -> None:
    """Let the requests that were just started go out before this task decodes a page, or its caller works on one."""
    for _ in range(_TURNS_TO_SEND):
        await asyncio.sleep(0)


def _start(fetch: AsyncFetch[T_co], request: PageRequest) -> asyncio.Task[Callable[[], Page[T_co]]]:
    task = asyncio.create_task(fetch(request.query, request.path))
    task.add_done_callback(_retrieve_exception)
    return task


def _not_started(_: PageRequest) -> None:
    """One page after the other: nothing is started before the reader asks for it."""


def _retrieve_exception(task: asyncio.Task[Any]) -> None:
    # The error of a page that nobody reads any more is nobody's: asyncio shall not complain about it.
    if not task.cancelled():
        task.exception()


def _cancel(task: asyncio.Task[Any] | None) -> None:
    if task is None or task.done():
        return
    loop = task.get_loop()
    try:
        running = asyncio.get_running_loop()
    except RuntimeError:
        running = None
    if running is loop:
        task.cancel()
    elif not loop.is_closed():
        # The iterator was collected by another thread, or while its loop stood still.
        loop.call_soon_threadsafe(task.cancel)
