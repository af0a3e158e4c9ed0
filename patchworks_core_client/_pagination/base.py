"""What both paginators do alike: taking their arguments, and beginning to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from .._checks import count
from .._defaults import CONCURRENCY
from .._http.query import Query
from .._session.log_records import without_values
from .next_page import PageSequence
from .page import Page

F = TypeVar("F")
L = TypeVar("L")
T_co = TypeVar("T_co", covariant=True)


class PaginatorBase(Generic[F, L, T_co]):
    """The part of a paginator that neither sends nor waits; `F` fetches a page, `L` is a lock."""

    _new_lock: Callable[[], L]

    def __init__(
        self,
        fetch: F,
        *,
        url: str,
        query: Mapping[str, object] | Query | None = None,
        concurrency: int = CONCURRENCY,
        max_pages: int | None = None,
        depth: Callable[[], int | None] = lambda: None,
    ) -> None:
        """Set a reading up. Nothing is sent.

        Args:
            fetch: fetches one page; of the synchronous one from several threads, unless `concurrency` is 1.
            url: the URL of the list, without a query. Links to another origin (scheme, host and port) are refused; a
                server behind a proxy that sends `http://` links for an `https://` list is one of these.
            query: the whole query of the caller; its `page` is where reading starts.
            concurrency: how many pages are fetched at once ahead of the reader; 1 is one after the other.
            max_pages: a guard: a list with more pages raises `PaginationError` after that many. Without it, a list that
                repeats itself or does not end after thousands of pages raises the same.
            depth: gives how many pages may be fetched ahead at the moment, where that is less than `concurrency`.

        Raises:
            PaginationError: on reading, if the pages lead to another origin, back to where they were, or never end.
            ValueError: `concurrency` or `max_pages` is less than 1.
        """
        count(concurrency, "concurrency", least=1)
        if max_pages is not None:
            count(max_pages, "max_pages", least=1)
        self._fetch = fetch
        self._url = url
        self._query = Query.of(query or {})
        self._concurrency = concurrency
        self._max_pages = max_pages
        self._depth = depth
        self._first: Page[T_co] | None = None
        self._first_is_unread = False
        # Whoever asks for the first page while it is fetched waits for it.
        self._first_lock = self._new_lock()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} GET {without_values(urlsplit(self._url).path)}>"

    def _sequence(self) -> PageSequence[T_co]:
        return PageSequence(self._url, self._query, concurrency=self._concurrency, max_pages=self._max_pages)

    def _take_unread_first_page(self) -> Page[T_co] | None:
        """Return the page that `first_page` has read, for the loop that goes on from it."""
        page = self._first if self._first_is_unread else None
        self._first_is_unread = False
        return page
