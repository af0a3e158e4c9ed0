"""Compare two versions, entry by entry, for the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping

    from .version_contents import Table

Change = Literal["added", "removed", "changed"]

SECRET = "secret"  # noqa: S105 - a word that is shown in the place of one
ANOTHER_SECRET = "another secret"  # noqa: S105
NO_VALUE = "nothing"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an entry, before and after; `None` where the entry is not there."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry that differs.

    Attributes:
        change: how it differs.
        name: what a person calls it.
        fields: the fields that differ; all of them where the entry is not on both sides.
    """

    change: Change
    name: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the rows of a table are told apart, named and compared."""

    title: str
    columns: str
    name: Callable[[sqlite3.Row], str]
    fields: tuple[str, ...]


KINDS: Mapping[Table, _Kind] = {
    "variables": _Kind(
        "Variables", "key", lambda row: row["key"], ("type", "value", "fallback", "date_format", "secret")
    ),
    "manifests": _Kind(
        "Replacement rules",
        "model_type, CAST(original_model_id AS TEXT)",
        lambda row: f"{row['model_type']} {row['original_model_id']}",
        ("replacement_model_id",),
    ),
    "flow_priorities": _Kind(
        "Flow priorities", "CAST(flow_id AS TEXT)", lambda row: f"flow {row['flow_id']}", ("priority", "notes")
    ),
}


def compare(db: sqlite3.Connection, before: int, after: int) -> dict[str, list[Difference]]:
    """Return the differences between two versions, by the title of what a version holds.

    The value of a secret is not shown, only that it differs.

    Args:
        db: the connection, inside a transaction.
        before: the id of one version.
        after: the id of the other.
    """
    found = {kind.title: list(_differences(db, table, kind, before, after)) for table, kind in KINDS.items()}
    return {title: differences for title, differences in found.items() if differences}


def _differences(db: sqlite3.Connection, table: Table, kind: _Kind, before: int, after: int) -> Iterator[Difference]:
    sides = [_entries(db, table, kind, version) for version in (before, after)]
    # In the order of the later version; what is no longer there comes last.
    for name in {**sides[1], **sides[0]}:
        old, new = sides[0].get(name), sides[1].get(name)
        fields = tuple(_changes(kind, old, new))
        if fields:
            yield Difference("added" if old is None else "removed" if new is None else "changed", name, fields)


def _entries(db: sqlite3.Connection, table: Table, kind: _Kind, version: int) -> dict[str, sqlite3.Row]:
    rows = db.execute(
        f"SELECT * FROM {table} WHERE version_id = ? ORDER BY {kind.columns}",
        (version,),
    )
    return {kind.name(row): row for row in rows}


def _changes(kind: _Kind, old: sqlite3.Row | None, new: sqlite3.Row | None) -> Iterator[FieldChange]:
    for field in kind.fields:
        values = [None if row is None else _value(row, field) for row in (old, new)]
        raw = [None if row is None else row[field] for row in (old, new)]
        if old is None or new is None:
            # Of what is on one side only, empty fields say nothing.
            if raw not in ([None, None], [0, None], [None, 0]):
                yield FieldChange(field.replace("_", " "), *values)
        elif str(raw[0]) != str(raw[1]):
            if values == [SECRET, SECRET]:
                values[1] = ANOTHER_SECRET
            yield FieldChange(field.replace("_", " "), *values)


def _value(row: sqlite3.Row, field: str) -> str:
    value: Any = row[field]
    if field == "secret":
        return "yes" if value else "no"
    if value is None:
        return NO_VALUE
    if field in {"value", "fallback"} and row["secret"]:
        return SECRET
    return str(value)
