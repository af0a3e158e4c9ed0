"""Read the query string: sorting, includes and filters; the page is read in `pagination`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import HttpError
from .pagination import PageNumbers, page_numbers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

FILTER = re.compile(r"filter\[(?P<name>[^]]*)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRules:
    """What the query of one operation may ask for.

    Attributes:
        filters: for each name in `filter[name]` its SQL condition, whose `?` is the JSON array of values.
        includes: the relations, nested ones with a dot; a relation on the way to a nested one is allowed too.
        sorts: for each field to sort by its SQL expression.
        paged: whether `page` and `per_page` are described for it.
    """

    filters: Mapping[str, str] = field(default_factory=dict[str, str])
    includes: frozenset[str] = frozenset()
    sorts: Mapping[str, str] = field(default_factory=dict[str, str])
    paged: bool = True


NO_QUERY = QueryRules(paged=False)


@dataclass(frozen=True, slots=True)
class Query:
    """One query string, read by the rules of its operation."""

    page: PageNumbers
    includes: frozenset[str]
    order_by: str
    where: str
    values: list[str]


def read(pairs: Sequence[tuple[str, str]], rules: QueryRules, *, documented: bool) -> Query:
    """Read a query string; parameters that nobody knows are ignored, as Laravel does.

    Args:
        pairs: the parameters in their order; of two with one name the last counts, as in PHP.
        rules: what the operation may be asked.
        documented: refuse what is not documented though Laravel would take it: a page that is no number, an
            empty name.

    Raises:
        HttpError: 400 for a relation, a filter or a sort field that the operation does not have.
        QueryError: for numbers out of their limits.
    """
    given = dict(pairs)
    conditions: list[str] = []
    values: list[str] = []
    for name, value in given.items():
        found = FILTER.fullmatch(name)
        if found:
            _known("filter", [found["name"]], rules.filters)
            wanted = [part for part in value.split(",") if part]
            if wanted:
                conditions.append(f"({rules.filters[found['name']]})")
                values.append(json.dumps(wanted))
    return Query(
        page=page_numbers(given, documented=documented) if rules.paged else PageNumbers(),
        includes=_includes(_names(given.get("include"), documented=documented), rules),
        order_by=_order(_names(given.get("sort"), documented=documented), rules),
        where=" AND ".join(conditions) or "1",
        values=values,
    )


def _known(what: str, names: Sequence[str], allowed: Collection[str]) -> None:
    unknown = [name for name in names if name not in allowed]
    if unknown:
        options = f"allowed are {', '.join(sorted(allowed))}" if allowed else "this operation has none"
        raise HttpError(400, f"Unknown {what} {', '.join(unknown)}; {options}.")


def _names(text: str | None, *, documented: bool) -> list[str]:
    # No name is none of those that are documented.
    return [] if text is None else [name for name in text.split(",") if name or documented]


def _includes(asked: Sequence[str], rules: QueryRules) -> frozenset[str]:
    _known("include", asked, _with_ancestors(rules.includes))
    return _with_ancestors(asked)


def _with_ancestors(names: Iterable[str]) -> frozenset[str]:
    """Return relations with those on the way to them: to include a nested one is to include its parent."""
    paths = [name.split(".") for name in names]
    return frozenset(".".join(path[:depth]) for path in paths for depth in range(1, len(path) + 1))


def _order(names: Sequence[str], rules: QueryRules) -> str:
    asked = {name.removeprefix("-"): name for name in reversed(names)}
    _known("sort", list(asked), rules.sorts)
    columns = [
        f"{rules.sorts[name]} COLLATE NOCASE {'DESC' if written.startswith('-') else 'ASC'}"
        for name, written in reversed(asked.items())
    ]
    # The id settles what else is equal, so that no row is on two pages.
    return ", ".join([*columns, "id"])
