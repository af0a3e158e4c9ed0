"""A table of entries by environment: what the HTML and Markdown formats show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import attrs

from ...environments.entries import Contents, Entry, Key, label, order
from ...environments.entry_differences import same
from ...environments.plans import EnvironmentPlan, Plan
from .entry_text import MASKED, noun, summary

# A cell has room for more than a line.
MAX_VALUE = 240

Mark = Literal["", "create", "update", "delete", "differs", "unknown"]


@attrs.frozen
class Cell:
    """One entry in one environment.

    Attributes:
        text: what it is, or will be.
        was: what it was, where that changes.
        mark: how it differs.
    """

    text: str
    was: str = ""
    mark: Mark = ""


@attrs.frozen
class Row:
    """One entry in all environments."""

    noun: str
    label: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether anything is marked."""
        return any(cell.mark not in {"", "unknown"} for cell in self.cells)


@attrs.frozen
class Table:
    """A table of entries by environment.

    Attributes:
        title: what it shows.
        columns: the names of the environments.
        rows: the entries.
        summary: what it comes to.
        notes: what else is to be said.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    summary: str = ""
    notes: tuple[str, ...] = ()


def plan_table(plan: Plan, title: str, closing: Sequence[str] = ()) -> Table:
    """Return a plan as a table: what is there, and what it becomes."""
    places: set[Key] = set()
    for environment in plan.environments:
        places |= {*environment.contents, *environment.wanted.contents}
    rows = [
        Row(noun(place), label(place), tuple(_planned(environment, place) for environment in plan.environments))
        for place in sorted(places, key=order)
    ]
    attributes = [_attributes(plan)] if any(item.attributes for item in plan.environments) else []
    edited = [
        f"{environment.name}: the draft holds edits that are neither in the file nor deployed: "
        + ", ".join(label(place) for place in environment.edits)
        for environment in plan.environments
        if environment.edits
    ]
    columns = tuple(environment.name for environment in plan.environments)
    return Table(title, columns, (*attributes, *rows), " ".join(closing), tuple(edited))


def comparison_table(title: str, sides: Mapping[str, Contents]) -> Table:
    """Return contents side by side; what differs from the first is marked."""
    places = sorted({place for contents in sides.values() for place in contents}, key=order)
    first = next(iter(sides.values()))
    rows: list[Row] = []
    for place in places:
        cells = [
            Cell(_text(contents.get(place)), mark=_compared(first.get(place), contents.get(place)))
            for contents in sides.values()
        ]
        rows.append(Row(noun(place), label(place), tuple(cells)))
    return Table(title, tuple(sides), tuple(rows))


def _compared(first: Entry | None, other: Entry | None) -> Mark:
    if not same(first, other):
        return "differs"
    return "unknown" if first and first.secret and first is not other else ""


def _planned(plan: EnvironmentPlan, place: Key) -> Cell:
    have, want = plan.contents.get(place), plan.wanted.contents.get(place)
    if place[0] not in plan.wanted.sections:
        return Cell(_text(have))
    if want is None:
        return Cell("deleted", _text(have), "delete") if have else Cell("")
    if have is None:
        return Cell(_text(want), "", "create")
    if not same(have, want):
        # What becomes a secret is not shown as it was either.
        was = MASKED if want.secret else _text(have)
        return Cell(_text(want), was, "update")
    return Cell(_text(want), mark="unknown" if want.secret else "")


def _attributes(plan: Plan) -> Row:
    cells: list[Cell] = []
    for environment in plan.environments:
        have = "; ".join(f"{item.name}: {item.have or '-'}" for item in environment.attributes)
        want = "; ".join(f"{item.name}: {item.want or '-'}" for item in environment.attributes)
        cells.append(Cell(want, have, "update" if want else ""))
    return Row("itself", "environment", tuple(cells))


def _text(entry: Entry | None) -> str:
    return summary(entry, MAX_VALUE)
