"""Decides which page comes next, whether it was the last, and whether the server is leading us in circles.

Nothing here sends or waits: both paginators ask a `PageSequence` and do what it says.

A list is read as if one page were fetched after the other: the answer to a page decides whether there is a
next one, and which. Where the server counts its pages (`last_page`), those that are announced may be fetched
early; when an answer says otherwise, what was fetched for nothing is dropped. So the items that a reader gets
do not depend on how many pages are fetched at once.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Hashable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from .._errors import PaginationError
from .._http.outgoing_request import MAX_URL_CHARS
from .._http.query import Query
from .next_link import read_next_link
from .page import Page, whole_number

T = TypeVar("T")

# A list is stopped after so many pages, or twice as many as a consistent `last_page` announced at first, if
# the caller has set no `max_pages`: half a million rows at 100 each, and seconds, not hours, of a server that
# has lost count.
MAX_PAGES = 5_000

# So many pages with the same content one after the other (none at all, mostly) are no list any more.
MAX_REPEATED_PAGES = 100

# Half of what a URL may have: its beginning comes to it.
_MAX_LINK_CHARS = MAX_URL_CHARS // 2

# Of so many pages it is remembered which items they held, to know them again when rows appear before them.
REMEMBERED_PAGES = 8

_log = logging.getLogger("patchworks_core_client.pagination")


class PageRequest(NamedTuple):
    """One page to fetch.

    Attributes:
        query: the whole query: the caller's, and what selects the page.
        path: the path from the root of the host, where a link leads to another than the list's own.
        number: the number of the page, counted from 1, where pages are numbered.
    """

    query: Query
    path: str | None = None
    number: int | None = None


class PageSequence(Generic[T]):
    """What is to be fetched while one list is read once.

    Args:
        url: the URL of the list, to which links are relative and whose origin they must have.
        query: the caller's query; its `page` is where reading starts.
        concurrency: how many pages may be fetched ahead of the reader.
        max_pages: more pages than these are an error; `None` is a guard against lists that never end.
    """

    def __init__(self, url: str, query: Query, *, concurrency: int, max_pages: int | None = None) -> None:
        self._url = url
        self._query = query
        self._base = query.without("page", "cursor")
        self._concurrency = concurrency
        self._max_pages = max_pages
        self._furthest = 0
        self._announced: int | None = None
        self._last: int | None = None
        self._pages = 0
        self._repeated = 0
        self._previous: Page[T] | None = None
        self._visited: set[Hashable] = set()
        self._next: PageRequest | None = None
        self._error: PaginationError | None = None
        self._changed = False
        self._recent: deque[set[object]] = deque(maxlen=REMEMBERED_PAGES)

    def first(self) -> PageRequest:
        """The page to begin with, asked for as the caller did."""
        return PageRequest(self._query, None, whole_number(self._query.get("page")) or 1)

    def received(self, request: PageRequest, page: Page[T]) -> list[T]:
        """Take in the answer to `request`, which is next in order; gives the items that are new to the reader.

        Raises:
            PaginationError: the server gives the same page again and again.
        """
        previous, self._previous = self._previous, page
        self._pages += 1
        self._check_progress(previous, page)
        if page.last_page is not None:
            self._last = page.last_page
        if self._pages == 1:
            self._announced = _consistent_last_page(page)
        self._next = None
        try:
            self._next = self._successor(request, page)
            if self._next is not None:
                self._check_end()
        except PaginationError as error:
            # It belongs to the page that cannot be fetched: this one is in order.
            self._next, self._error = None, error
        return self._new_items(previous, page)

    def expected(self, request: PageRequest, wanted: int | None = None) -> list[PageRequest]:
        """The pages that come after that of `request`, unless its answer, which has not been read yet, says otherwise.

        To be started, never to be dropped for: this knows less than `upcoming`.
        """
        if not self._is_counted(request):
            return []
        if wanted is not None and self._previous is not None:
            wanted -= len(self._previous)
        return self._numbers((request.number or 0) + 1, self._pages + 1, wanted)

    def upcoming(self, wanted: int | None = None) -> list[PageRequest]:
        """The pages that come next, in order, as far as they are known and may be fetched now.

        Args:
            wanted: how many more items the reader wants; `None` is all.
        """
        if self._next is None or (wanted is not None and wanted <= 0):
            return []
        if not self._is_counted(self._next):
            return [self._next]
        return self._numbers(self._next.number or 0, self._pages, wanted) or [self._next]

    def _is_counted(self, request: PageRequest) -> bool:
        return request.number is not None and request.path is None and self._last is not None

    def _numbers(self, first: int, pages: int, wanted: int | None) -> list[PageRequest]:
        """Pages from the number `first` on, of those that the server has announced, after so many pages were read."""
        window = self._concurrency
        if wanted is not None and self._previous is not None and self._previous.items:
            window = min(window, -(-wanted // len(self._previous)))
        if self._max_pages is not None:
            window = min(window, self._max_pages - pages)
        # What was started stays wanted, though fewer pages might do now: no page is fetched twice.
        self._furthest = max(self._furthest, first + window - 1)
        return [self._numbered(number) for number in range(first, min(self._furthest, self._last or 0) + 1)]

    def end(self, wanted: int | None = None) -> None:
        """Say that the reader has had all pages there were to fetch, and still wants so many items (or all).

        Raises:
            PaginationError: there are more pages, and they cannot or must not be fetched.
        """
        if self._error is not None and (wanted is None or wanted > 0):
            raise self._error

    def _numbered(self, number: int) -> PageRequest:
        return PageRequest(Query((*self._base, ("page", str(number)))), None, number)

    def _successor(self, request: PageRequest, page: Page[T]) -> PageRequest | None:
        link = read_next_link(page.links.get("next"), self._url)
        number = request.number
        counted = number is not None and self._last is not None
        if number is not None and self._last is not None:
            if number < self._last and (page.items or link is not None):
                return self._numbered(number + 1)
            if not page.items:
                return None  # Past the end: rows have vanished, or `last_page` said too much.
        if link is not None:
            return self._forward(request, *link, counted)
        if isinstance(cursor := page.meta.get("next_cursor"), str) and cursor:
            return self._forward(request, None, Query([("cursor", cursor)]), counted)
        if number is not None and not counted and _full_page_without_links(page):
            return self._numbered(number + 1)
        return None

    def _forward(self, request: PageRequest, path: str | None, query: Query, counted: bool) -> PageRequest | None:
        """The page that a link asks for, unless it was read before."""
        number = whole_number(query.get("page"))
        place = (path, tuple(sorted(query)))
        if place in self._visited or (number is not None and number <= (request.number or 0)):
            if counted:
                return None  # The numbers say that this was the last page, and the link that it is broken.
            raise PaginationError("The server's links.next leads back to a page that was already read.")
        self._visited.add(place)
        whole = self._base.having(query)
        if not _can_be_sent(path, whole):
            raise PaginationError("The server's links.next is no URL that can be sent.")
        return PageRequest(whole, path, number)

    def _check_progress(self, previous: Page[T] | None, page: Page[T]) -> None:
        if previous is None or not _are_alike(page.items, previous.items):
            self._repeated = 0
            return
        self._repeated += 1
        stuck = bool(page.items) and page.current_page is not None and page.current_page == previous.current_page
        if stuck or self._repeated >= MAX_REPEATED_PAGES:
            raise PaginationError(
                f"The server gives the same page again (page {self._pages} of those read): this list is not paged, "
                "or never ends."
            )

    def _check_end(self) -> None:
        """Called when there is a next page: may it be read?"""
        if self._max_pages is not None:
            if self._pages >= self._max_pages:
                raise PaginationError(f"The list has more than max_pages={self._max_pages} pages.")
        elif self._pages >= max(MAX_PAGES, 2 * (self._announced or 0)):
            raise PaginationError(
                f"The list did not end after {self._pages} pages. If it is really that long, give max_pages= to say "
                "how many pages it may have."
            )

    def _new_items(self, previous: Page[T] | None, page: Page[T]) -> list[T]:
        """The items of `page` without those that only moved there when rows appeared before them."""
        if page.total is None:
            return page.items
        if previous is not None and previous.total is not None and previous.total != page.total and not self._changed:
            self._changed = True
            _log.warning(
                "The list changed while it was read (total %d, then %d): with numbered pages, rows that moved from "
                "one page to another may be missing.",
                previous.total,
                page.total,
            )
        identities = [_identity(item) for item in page.items]
        items = page.items
        if self._changed:
            given = frozenset[object]().union(*self._recent)
            items = [item for item, identity in zip(items, identities, strict=True) if identity not in given]
        self._recent.append({identity for identity in identities if identity is not None})
        return items


def _can_be_sent(path: str | None, query: Query) -> bool:
    """Whether what a server names as the next page makes a URL."""
    try:
        return len(path or "") + len(query.encode()) <= _MAX_LINK_CHARS
    except UnicodeEncodeError:
        return False


def _are_alike(items: list[T], others: list[T]) -> bool:
    try:
        return items == others
    except RecursionError:
        # They are nested as deeply as JSON can be read, and compared at another depth of the stack.
        return False


def _identity(item: object) -> int | str | None:
    fields: Any = item
    identity = fields.get("id") if isinstance(item, Mapping) else getattr(fields, "id", None)
    return identity if isinstance(identity, int | str) else None


def _consistent_last_page(page: Page[T]) -> int | None:
    """`last_page`, if the other numbers agree with it."""
    if page.total is None or not page.per_page:
        return None
    return page.last_page if page.last_page == max(1, -(-page.total // page.per_page)) else None


def _full_page_without_links(page: Page[T]) -> bool:
    """Whether the server numbers its pages, says nothing about a next one, and may have one all the same."""
    return bool(
        "next" not in page.links and page.current_page is not None and page.per_page and len(page) >= page.per_page
    )
