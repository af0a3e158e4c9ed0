"""One call of an operation, as its endpoint gets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...laravel.pagination import Location, list_page
from ...laravel.query import Query, QueryRules, read
from ...laravel.validation import Rules, validate

if TYPE_CHECKING:
    import sqlite3

    from ...laravel.pagination import Serialiser

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, past its authentication.

    Attributes:
        db: the connection, inside the transaction of this request.
        ids: the identifiers in the path, in their order.
        body: the decoded JSON object.
        pairs: the query parameters.
        url: the address without the query.
        now: the time to write into rows.
        visible_at: when what this call creates can be read, in seconds since the epoch; 0 for at once.
        max_environments: how many environments may be created; `None` for any number.
        documented: answer exactly as in the pages.
    """

    db: sqlite3.Connection
    ids: Sequence[int]
    body: Mapping[str, Any]
    pairs: Sequence[tuple[str, str]]
    url: str
    now: str
    visible_at: float
    max_environments: int | None
    documented: bool

    def fields(self, rules: Rules) -> Json:
        """Return the body, validated."""
        return validate(self.body, rules, documented=self.documented)

    def query(self, rules: QueryRules) -> Query:
        """Return the query, validated."""
        return read(self.pairs, rules, documented=self.documented)

    def page(self, source: str, values: Sequence[Any], rules: QueryRules, serialise: Serialiser) -> Json:
        """Return the page of rows that the query asks for."""
        query = self.query(rules)
        return list_page(
            self.db,
            f"{source} AND visible_at <= now() AND {query.where}",
            [*values, *query.values],
            order_by=query.order_by,
            numbers=query.page,
            includes=query.includes,
            serialise=serialise,
            location=Location(self.url, self.pairs),
        )

    def delay(self, table: str, row_id: int, column: str = "id") -> None:
        """Hide what this call created for as long as the sandbox lags behind."""
        if self.visible_at:
            self.db.execute(
                f"UPDATE {table} SET visible_at = ? WHERE {column} = ?",
                (self.visible_at, row_id),
            )


Endpoint = Callable[[Call], Json]
