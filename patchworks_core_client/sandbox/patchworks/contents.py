"""What a version holds: its flow priorities, manifests and variables, which all live alike."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Literal

from ..laravel.errors import missing
from ..laravel.validation import truthy

if TYPE_CHECKING:
    from collections.abc import Mapping

Table = Literal["flow_priorities", "manifests", "variables"]
MODELS: Mapping[Table, str] = {
    "flow_priorities": "FlowPriority",
    "manifests": "Manifest",
    "variables": "Variable",
}

Db = sqlite3.Connection
Row = sqlite3.Row


def find(db: Db, table: Table, version: int, row_id: int) -> Row:
    """The row with that id, of that version.

    Raises:
        HttpError: 404.
    """
    row: Row | None = db.execute(
        f"SELECT * FROM {table} WHERE id = ? AND version_id = ?",  # noqa: S608 - a name from this module
        (row_id, version),
    ).fetchone()
    if row is None:
        raise missing(MODELS[table], row_id)
    return row


def create(db: Db, table: Table, version: int, fields: Mapping[str, Any], now: str) -> int:
    """Adds a row to a draft; gives its id."""
    values = {"version_id": version, **_stored(fields), "created_at": now, "updated_at": now}
    if table == "variables":
        values = {"secret": 0, **values}
    inserted = db.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608
        tuple(values.values()),
    )
    _touch(db, version, now)
    return int(inserted.lastrowid or 0)


def update(db: Db, table: Table, row: Row, fields: Mapping[str, Any], now: str) -> None:
    """Changes the fields that are given."""
    changes = {**_stored(fields), "updated_at": now}
    if table == "variables" and row["secret"] and changes.get("secret") == 0:
        # What was a secret is not brought to light by calling it none.
        changes.setdefault("value", None)
    db.execute(
        f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in changes)} WHERE id = ?",  # noqa: S608
        (*changes.values(), row["id"]),
    )
    _touch(db, row["version_id"], now)


def delete(db: Db, table: Table, row: Row, now: str) -> None:
    """Takes a row out of a draft."""
    db.execute(f"DELETE FROM {table} WHERE id = ?", (row["id"],))  # noqa: S608
    _touch(db, row["version_id"], now)


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
