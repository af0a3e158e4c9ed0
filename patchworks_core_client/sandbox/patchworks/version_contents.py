"""Create, update and delete what a version holds: flow priorities, manifests, variables."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Literal

from ..laravel.errors import StateConflict, not_found
from ..laravel.validation import truthy

if TYPE_CHECKING:
    from collections.abc import Mapping

Table = Literal["flow_priorities", "manifests", "variables"]
MODELS: Mapping[Table, str] = {
    "flow_priorities": "FlowPriority",
    "manifests": "Manifest",
    "variables": "Variable",
}
# What no two rows of a version have alike: one priority for each flow, one rule for each component, one variable for
# each key. The last column is the one that an error is reported at.
UNIQUE: Mapping[Table, tuple[str, ...]] = {
    "flow_priorities": ("flow_id",),
    "manifests": ("model_type", "original_model_id"),
    "variables": ("key",),
}

Db = sqlite3.Connection
Row = sqlite3.Row


def find(db: Db, table: Table, version: int, row_id: int) -> Row:
    """Return the row with that id, of that version.

    Raises:
        HttpError: 404.
    """
    row: Row | None = db.execute(
        f"SELECT * FROM {table} WHERE id = ? AND version_id = ? AND visible_at <= now()",
        (row_id, version),
    ).fetchone()
    if row is None:
        raise not_found(MODELS[table], row_id)
    return row


def create(db: Db, table: Table, version: int, fields: Mapping[str, Any], now: str) -> int:
    """Add a row to a draft; return its id.

    Raises:
        StateConflict: the draft has such a row.
    """
    values = {"version_id": version, **_stored(fields), "created_at": now, "updated_at": now}
    if table == "variables":
        values = {"secret": 0, **values}
    _require_unique(db, table, values)
    inserted = db.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
        tuple(values.values()),
    )
    _touch(db, version, now)
    return int(inserted.lastrowid or 0)


def update(db: Db, table: Table, row: Row, fields: Mapping[str, Any], now: str) -> None:
    """Change the fields that are given.

    Raises:
        StateConflict: another row of the draft is like that.
    """
    changes = {**_stored(fields), "updated_at": now}
    if table == "variables" and row["secret"] and changes.get("secret") == 0:
        # What was a secret is not brought to light by calling it none.
        changes.setdefault("value", None)
    _require_unique(db, table, dict(row) | changes)
    db.execute(
        f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in changes)} WHERE id = ?",
        (*changes.values(), row["id"]),
    )
    _touch(db, row["version_id"], now)


def delete(db: Db, table: Table, row: Row, now: str) -> None:
    """Remove a row from a draft."""
    db.execute(f"DELETE FROM {table} WHERE id = ?", (row["id"],))
    _touch(db, row["version_id"], now)


def _require_unique(db: Db, table: Table, values: Mapping[str, Any]) -> None:
    columns = UNIQUE[table]
    # As text, since an identifier may be sent as either.
    conditions = " AND ".join(f"CAST({column} AS TEXT) = CAST(? AS TEXT)" for column in columns)
    taken = db.execute(
        f"SELECT 1 FROM {table} WHERE version_id = ? AND id IS NOT ? AND {conditions}",
        (values["version_id"], values.get("id"), *(values[column] for column in columns)),
    ).fetchone()
    if taken:
        field = columns[-1]
        raise StateConflict(field, f"The {field.replace('_', ' ')} has already been taken.")


def _stored(fields: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(fields)
    if "secret" in values:
        values["secret"] = int(truthy(values["secret"]))
    if "priority" in values:
        # As text, since an integer of JSON has any size and one of SQLite 64 bits.
        values["priority"] = str(values["priority"])
    return values


def _touch(db: Db, version: int, now: str) -> None:
    db.execute("UPDATE versions SET updated_at = ? WHERE id = ?", (now, version))
