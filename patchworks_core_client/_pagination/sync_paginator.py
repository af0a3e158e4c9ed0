"""`Paginator`: all pages of a list, several at a time, for `for`."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from contextvars import copy_context
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeAlias, TypeVar

from .._checks import count
from .._http.query import Query
from .._lazy import resolvable
from .._session.cancellation import Cancellation
from .base import PaginatorBase
from .next_page import PageRequest
from .page import Page
from .read_ahead import ReadAhead

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

T_co = TypeVar("T_co", covariant=True)
# So long it is waited for what was broken off.
GRACE_S = 0.5

Fetch: TypeAlias = Callable[[Query, str | None, Cancellation | None], Callable[[], Page[T_co]]]
"""Fetches one page, and gives what decodes it, which is done when its turn comes.

It takes the whole query, the path from the root of the host where that is not the list's own, and what says when the
page is not wanted any more.
"""


@resolvable
class Paginator(PaginatorBase[Fetch[T_co], Lock, T_co]):
    """A list that is read page by page, and from several pages at once; the twin of `AsyncPaginator`.

    - `for item in paginator` gives the items of all pages, in the order of the pages.
    - `for page in paginator.pages()` gives the pages.
    - `paginator.first_page()` gives the first `Page`, and the same one if called again.
    - `paginator.collect(limit=None)` gives a list of the items.

    Everything else is as described there, but that pages ahead are fetched in threads. These are started when
    the server has said that there are more pages, and end with the loop: leaving it early breaks off what is
    under way, and waits for nothing.

    Example:
        ```python
        for environment in pw.virtual_environments.list(filter_type="live"):
            print(environment.name)
        ```
    """

    _new_lock = staticmethod(Lock)

    def __iter__(self) -> Generator[T_co, None, None]:
        with closing(self._read()) as reading:
            for _, items in reading:
                yield from items

    def first_page(self) -> Page[T_co]:
        """The first page."""
        with self._first_lock:
            if self._first is None:
                request = self._sequence().first()
                self._first = self._fetch(request.query, request.path, None)()
                self._first_is_unread = True
            return self._first

    def pages(self) -> Generator[Page[T_co], None, None]:
        """All pages, as the server sends them."""
        with closing(self._read()) as reading:
            for page, _ in reading:
                yield page

    def collect(self, limit: int | None = None) -> list[T_co]:
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
            with closing(self._read(limit)) as reading:
                for _, new in reading:
                    items += new
        return items[:limit]

    def _read(self, wanted: int | None = None) -> Generator[tuple[Page[T_co], list[T_co]], None, None]:
        """Each page, and the items of it to give, until `wanted` items were given or the list ends."""
        sequence, fetchers = self._sequence(), _Fetchers(self._fetch, self._concurrency)
        ahead: ReadAhead[_PageAhead[T_co]] = ReadAhead(fetchers.start, _PageAhead[T_co].stop, self._depth)
        try:
            request = sequence.first()
            with self._first_lock:
                first = self._take_unread_first_page()
            received = self._fetch(request.query, request.path, None) if first is None else lambda: first
            while True:
                ahead.extend(sequence.expected(request, wanted))
                page = received()
                items = sequence.received(request, page)
                wanted = None if wanted is None else wanted - len(items)
                ahead.follow(sequence.upcoming(wanted))
                yield page, items
                if not ahead:
                    sequence.end(wanted)
                    return
                request, started = ahead.take()
                received = started.future.result() if started else self._fetch(request.query, request.path, None)
        finally:
            fetchers.end(ahead.clear())


class _PageAhead(NamedTuple, Generic[T_co]):
    """A page that a thread fetches."""

    future: Future[Callable[[], Page[T_co]]]
    cancellation: Cancellation

    def stop(self) -> None:
        self.cancellation.cancel()
        self.future.cancel()


class _Fetchers(Generic[T_co]):
    """The threads of one reading, started when there is a page to fetch ahead."""

    def __init__(self, fetch: Fetch[T_co], concurrency: int) -> None:
        self._fetch = fetch
        self._concurrency = concurrency
        self._threads: ThreadPoolExecutor | None = None

    def start(self, request: PageRequest) -> _PageAhead[T_co] | None:
        if self._concurrency == 1:
            return None
        if self._threads is None:
            from concurrent.futures import ThreadPoolExecutor

            self._threads = ThreadPoolExecutor(self._concurrency, "patchworks-page")
        cancellation = Cancellation()
        # With a context of its own, so that a span around the loop is the parent of the spans of its pages.
        fetch = partial(self._fetch, request.query, request.path, cancellation)
        return _PageAhead(self._threads.submit(copy_context().run, fetch), cancellation)

    def end(self, dropped: list[_PageAhead[T_co]]) -> None:
        """End the threads, of which some may still be at pages that were dropped."""
        if self._threads is None:
            return
        from concurrent.futures import wait

        # A thread that looks for a name or connects cannot be interrupted: it ends by itself, unheard.
        begun = [page.future for page in dropped if not page.future.cancelled()]
        _, busy = wait(begun, GRACE_S)
        self._threads.shutdown(wait=not busy, cancel_futures=True)
