"""Create, update and copy virtual environments, and limit how many there are."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from ..laravel.errors import HttpError, not_found
from . import versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COPY_SUFFIX = " (copy)"
MAX_NAME = 255

Db = sqlite3.Connection
Row = sqlite3.Row


def find(db: Db, environment: int) -> Row:
    """Return an environment.

    Raises:
        HttpError: 404.
    """
    row: Row | None = db.execute(
        "SELECT * FROM environments WHERE id = ? AND visible_at <= now()", (environment,)
    ).fetchone()
    if row is None:
        raise not_found("VirtualEnvironment", environment)
    return row


def require_room(db: Db, limit: int | None) -> None:
    """Let an environment be created where the plan allows one more; those of the seed data do not count.

    Raises:
        HttpError: 403.
    """
    if limit is None:
        return
    created = db.execute("SELECT count(*) FROM environments WHERE NOT seeded").fetchone()[0]
    if created >= limit:
        raise HttpError(403, f"Your plan allows {limit} virtual environments.")


def create(db: Db, fields: Mapping[str, Any], now: str) -> int:
    """Create an environment with an empty draft as its version 1; return its id."""
    environment = _insert(db, fields, now)
    versions.add_draft(db, environment, None, now)
    return environment


def update(db: Db, environment: int, fields: Mapping[str, Any], now: str) -> None:
    """Change the fields that are given, and replace the labels."""
    changes = {name: value for name, value in fields.items() if name != "labels"}
    assignments = "".join(f"{name} = ?, " for name in changes)
    db.execute(
        f"UPDATE environments SET {assignments}updated_at = ? WHERE id = ?",
        (*changes.values(), now, environment),
    )
    _set_labels(db, environment, fields["labels"])


def copy(db: Db, environment: Row, now: str) -> int:
    """Create an environment with the name marked as a copy, the same labels, and the newest content in its draft.

    A name of 245 characters, the most when creating, has room for the mark within the 255 of a name.
    """
    labels = db.execute("SELECT label_id FROM labels WHERE environment_id = ? ORDER BY rowid", (environment["id"],))
    fields = {
        "name": environment["name"][: MAX_NAME - len(COPY_SUFFIX)] + COPY_SUFFIX,
        "description": environment["description"],
        "type": environment["type"],
        "labels": [row["label_id"] for row in labels],
    }
    copied = _insert(db, fields, now)
    versions.add_draft(db, copied, versions.newest(db, environment["id"]), now)
    return copied


def _insert(db: Db, fields: Mapping[str, Any], now: str) -> int:
    inserted = db.execute(
        "INSERT INTO environments (name, description, type, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
        (fields["name"], fields.get("description"), fields.get("type"), now, now),
    )
    environment = int(inserted.lastrowid or 0)
    _set_labels(db, environment, fields["labels"])
    return environment


def _set_labels(db: Db, environment: int, labels: Iterable[Any]) -> None:
    db.execute("DELETE FROM labels WHERE environment_id = ?", (environment,))
    db.executemany(
        "INSERT OR IGNORE INTO labels (environment_id, label_id) VALUES (?, ?)",
        [(environment, label) for label in labels],
    )
