"""One page of a list, read from whatever envelope the server sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_DIGITS = re.compile(r"\s*[0-9]{1,18}\s*", re.ASCII)

# Laravel sends a paginator that is not wrapped in a resource without `meta` and `links`: its numbers stand
# beside `data`, and its links are called so.
_BARE_LINKS = {
    "first_page_url": "first",
    "last_page_url": "last",
    "prev_page_url": "prev",
    "next_page_url": "next",
}


@dataclass(frozen=True, slots=True, repr=False)
class Page(Generic[T_co]):
    """One page of a list.

    Iterating over a page gives its items; `len(page)` is their number.

    Nothing that the server says about its pages is needed to make one: what is missing or of another type is
    `None` here, and stands as it came in `meta` and `links`.

    Attributes:
        items: what the page holds, in the server's order.
        meta: what the server said about the list (`{}` if it said nothing).
        links: the links to other pages (`{}` if there were none).

    Example:
        ```python
        page = await pw.virtual_environments.list(per_page=50)
        print(page.total, [environment.name for environment in page])
        ```
    """

    items: list[T_co]
    meta: Mapping[str, Any]
    links: Mapping[str, Any]

    @property
    def current_page(self) -> int | None:
        """The number of this page, counted from 1."""
        return whole_number(self.meta.get("current_page"))

    @property
    def last_page(self) -> int | None:
        """The number of the last page; `None` where the server does not count its pages."""
        return whole_number(self.meta.get("last_page"))

    @property
    def per_page(self) -> int | None:
        """How many items a full page holds."""
        return whole_number(self.meta.get("per_page"))

    @property
    def total(self) -> int | None:
        """How many items all pages hold together."""
        return whole_number(self.meta.get("total"))

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        # The items stay out of it: a page of a hundred is no help in a log, and some hold what is nobody's
        # business.
        of = "" if self.last_page is None else f" of {self.last_page}"
        number = "?" if self.current_page is None else self.current_page
        return f"<Page {number}{of}: {len(self.items)} items>"


def page_from(body: object, items: Sequence[T]) -> Page[T]:
    """Make a page of the decoded `items` and of what the rest of the JSON `body` says about the list.

    Whatever the body is, this gives a page: `meta` and `links` that are missing or no objects are taken as
    empty.
    """
    envelope: Mapping[str, Any] = cast("Mapping[str, Any]", body) if isinstance(body, Mapping) else {}
    meta, links = envelope.get("meta"), envelope.get("links")
    if not isinstance(meta, Mapping):
        meta = {key: value for key, value in envelope.items() if key not in ("data", "meta", "links")}
    if not isinstance(links, Mapping):
        links = {name: envelope[key] for key, name in _BARE_LINKS.items() if key in envelope}
    return Page(list(items), cast("Mapping[str, Any]", meta), cast("Mapping[str, Any]", links))


def whole_number(value: object) -> int | None:
    """`value` as a number of 0 or more, where it is one in any spelling of JSON or PHP; else `None`."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = int(value) if _DIGITS.fullmatch(value) else None
    elif isinstance(value, float):
        value = int(value) if value.is_integer() else None
    return value if isinstance(value, int) and value >= 0 else None
