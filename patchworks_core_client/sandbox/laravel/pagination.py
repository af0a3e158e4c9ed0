"""Pages as Laravel has them: which page, of how many rows, in an envelope of `data`, `meta` and `links`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from .errors import QueryError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    # Makes JSON of a row, with the relations that were asked for.
    Serialiser = Callable[[sqlite3.Connection, sqlite3.Row, frozenset[str]], dict[str, Any]]

DEFAULT_PER_PAGE = 15
MAX_PER_PAGE = 100
# Beyond this no number of rows goes, and SQLite takes no greater one.
MAX_PAGE = 2**40
NUMBER = re.compile(r"[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageNumbers:
    """Which page was asked for, and of how many rows."""

    page: int = 1
    per_page: int = DEFAULT_PER_PAGE


@dataclass(frozen=True, slots=True)
class Location:
    """Where a list was asked for; the links of its pages keep the query."""

    url: str
    query: Sequence[tuple[str, str]]

    def page(self, number: int) -> str:
        """Return the URL of another page of the same list."""
        kept = dict(self.query) | {"page": str(number)}
        return f"{self.url}?{urlencode(kept)}"


def page_numbers(given: Mapping[str, str], *, documented: bool) -> PageNumbers:
    """Read `page` and `per_page` of a query.

    Args:
        given: the query.
        documented: refuse a page that is no number, which Laravel takes.

    Raises:
        QueryError: they are out of their limits.
    """
    errors: dict[str, list[str]] = {}
    page = _number(given.get("page", "1"))
    if page < 1:
        # Laravel's paginator takes any page that is no number as the first one.
        page = 1
        if documented:
            errors["page"] = ["The page field must be at least 1."]
    text = given.get("per_page")
    per_page = DEFAULT_PER_PAGE
    if text is not None and (text or documented):
        per_page = _number(text)
        if per_page < 1:
            errors["per_page"] = ["The per page field must be at least 1."]
        elif per_page > MAX_PER_PAGE:
            errors["per_page"] = [f"The per page field must not be greater than {MAX_PER_PAGE}."]
    if errors:
        raise QueryError(errors)
    return PageNumbers(page, per_page)


def list_page(
    db: sqlite3.Connection,
    source: str,
    values: Sequence[Any],
    *,
    order_by: str,
    numbers: PageNumbers,
    includes: frozenset[str],
    serialise: Serialiser,
    location: Location,
) -> dict[str, Any]:
    """Return one page of the rows of a table.

    Args:
        db: the connection, inside a transaction, so that the number of rows and the rows agree.
        source: the table, with a `WHERE` for what belongs to the list.
        values: the values bound in `source`.
        order_by: the order of the rows.
        numbers: which page.
        includes: the relations that `serialise` is to add.
        serialise: makes JSON of a row.
        location: what the links are built from.
    """
    page, per_page = numbers.page, numbers.per_page
    found = f"FROM {source}"
    total = int(db.execute(f"SELECT count(*) {found}", values).fetchone()[0])
    offset = (page - 1) * per_page
    rows = db.execute(f"SELECT * {found} ORDER BY {order_by} LIMIT ? OFFSET ?", (*values, per_page, offset)).fetchall()
    last = max(1, -(-total // per_page))
    return {
        "data": [serialise(db, row, includes) for row in rows],
        "links": {
            "first": location.page(1),
            "last": location.page(last),
            "prev": location.page(page - 1) if page > 1 else None,
            "next": location.page(page + 1) if page < last else None,
        },
        "meta": {
            "current_page": page,
            "from": offset + 1 if rows else None,
            "last_page": last,
            "path": location.url,
            "per_page": per_page,
            "to": offset + len(rows) if rows else None,
            "total": total,
        },
    }


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text):
        return 0
    return int(text) if len(text) < len(str(MAX_PAGE)) else MAX_PAGE
