"""Laravel's envelope of a page: `data`, `meta` and `links`, with the query kept in the links.

Which page, and how many rows, is read in `query`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from .query import Query

    # Makes JSON of a row, with the relations that were asked for.
    Serialiser = Callable[[sqlite3.Connection, sqlite3.Row, frozenset[str]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Location:
    """Where a list was asked for."""

    url: str
    query: Sequence[tuple[str, str]]

    def page(self, number: int) -> str:
        """Return the URL of another page of the same list."""
        kept = dict(self.query) | {"page": str(number)}
        return f"{self.url}?{urlencode(kept)}"


def page(
    db: sqlite3.Connection,
    source: str,
    values: Sequence[Any],
    *,
    query: Query,
    serialise: Serialiser,
    location: Location,
) -> dict[str, Any]:
    """Return one page of the rows of a table.

    Args:
        db: the connection, inside a transaction, so that the number of rows and the rows agree.
        source: the table, with a `WHERE` for what belongs to the list at all.
        values: the values bound in `source`.
        query: what was asked for.
        serialise: makes JSON of a row.
        location: what the links are built from.
    """
    found = f"FROM {source} AND {query.where}"
    bound = [*values, *query.values]
    total = int(db.execute(f"SELECT count(*) {found}", bound).fetchone()[0])
    offset = (query.page - 1) * query.per_page
    rows = db.execute(
        f"SELECT * {found} ORDER BY {query.order_by} LIMIT ? OFFSET ?", (*bound, query.per_page, offset)
    ).fetchall()
    last = max(1, -(-total // query.per_page))
    return {
        "data": [serialise(db, row, query.includes) for row in rows],
        "links": {
            "first": location.page(1),
            "last": location.page(last),
            "prev": location.page(query.page - 1) if query.page > 1 else None,
            "next": location.page(query.page + 1) if query.page < last else None,
        },
        "meta": {
            "current_page": query.page,
            "from": offset + 1 if rows else None,
            "last_page": last,
            "path": location.url,
            "per_page": query.per_page,
            "to": offset + len(rows) if rows else None,
            "total": total,
        },
    }
