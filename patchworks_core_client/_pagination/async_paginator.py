"""`AsyncPaginator`: all pages of a list, several at a time, for `async for`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeAlias, TypeVar

from .._checks import count
from .._http.query import Query
from .._lazy import resolvable
from .base import PaginatorBase
from .next_page import PageRequest
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

_Reading: TypeAlias = AsyncGenerator[tuple[Page[T_co], list[T_co]], None]

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
        if limit != 0:
            async with aclosing(self._read(limit)) as reading:
                async for _, new in reading:
                    items += new
        return items[:limit]

    async def _read(self, wanted: int | None = None) -> _Reading[T_co]:
        """Each page, and the items of it to give, until `wanted` items were given or the list ends."""
        sequence = self._sequence()
        ahead = ReadAhead(self._start, asyncio.Task[Callable[[], Page[T_co]]].cancel, self._depth)
        try:
            request, first = sequence.first(), self._take_unread_first_page()
            received = await self._fetch(request.query, request.path) if first is None else lambda: first
            while True:
                if ahead.extend(sequence.expected(request, wanted)):
                    await _let_requests_go_out()
                page = received()
                items = sequence.received(request, page)
                wanted = None if wanted is None else wanted - len(items)
                ahead.follow(sequence.upcoming(wanted))
                yield page, items
                if not ahead:
                    sequence.end(wanted)
                    return
                request, task = ahead.take()
                received = await (self._fetch(request.query, request.path) if task is None else task)
        finally:
            if tasks := ahead.clear():
                await asyncio.wait(tasks)

    def _start(self, request: PageRequest) -> asyncio.Task[Callable[[], Page[T_co]]] | None:
        if self._concurrency == 1:
            return None
        task = asyncio.create_task(self._fetch(request.query, request.path))
        task.add_done_callback(_retrieve_exception)
        return task


class _AsyncReader(AsyncIterator[R_co]):
    """An iterator whose `aclose()` cancels what is under way and waits until it has ended.

    No generator itself: one inside of another is closed twice when its loop is shut down, of which asyncio complains.
    """

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
        page, _ = await anext(self._reading)
        return page


class AsyncItems(_AsyncReader[T_co]):
    """The items of all pages."""

    _items: Iterator[T_co] = iter(())

    async def __anext__(self) -> T_co:
        while True:
            for item in self._items:
                return item
            _, items = await anext(self._reading)
            self._items = iter(items)

    async def aclose(self) -> None:
        self._items = iter(())
        await super().aclose()


async def _let_requests_go_out() -> None:
    """Let the requests that were just started go out before this task decodes a page, or its caller works on one."""
    for _ in range(_TURNS_TO_SEND):
        await asyncio.sleep(0)


def _retrieve_exception(task: asyncio.Task[Any]) -> None:
    # The error of a page that nobody reads any more is nobody's: asyncio shall not complain about it.
    if not task.cancelled():
        task.exception()
