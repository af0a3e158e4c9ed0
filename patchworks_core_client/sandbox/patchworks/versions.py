"""The life of a version: one draft at most, one deployed at most, five in all."""

from __future__ import annotations

import sqlite3

from ..laravel.errors import StateConflict, missing

MAX_VERSIONS = 5

Db = sqlite3.Connection
Row = sqlite3.Row

# What a version holds, copied from one to another; all but the columns that a row has for itself.
CONTENT = {
    "flow_priorities": "flow_id, priority, notes",
    "manifests": "model_type, original_model_id, replacement_model_id",
    "variables": "label, type, key, value, fallback, date_format, secret",
}


def find(db: Db, version: int, environment: int | None = None) -> Row:
    """The version, of that environment where one is given.

    Raises:
        HttpError: 404.
    """
    row: Row | None = db.execute("SELECT * FROM versions WHERE id = ?", (version,)).fetchone()
    if row is None or environment not in {None, row["environment_id"]}:
        raise missing("VirtualEnvironmentVersion", version)
    return row


def newest(db: Db, environment: int) -> Row | None:
    """The version with the highest number."""
    row: Row | None = db.execute(
        "SELECT * FROM versions WHERE environment_id = ? ORDER BY version DESC LIMIT 1", (environment,)
    ).fetchone()
    return row


def draft(db: Db, environment: int) -> Row | None:
    """The draft, where there is one."""
    row: Row | None = db.execute(
        "SELECT * FROM versions WHERE environment_id = ? AND status = 'Draft'", (environment,)
    ).fetchone()
    return row


def require_draft(version: Row) -> None:
    """Lets only a draft be edited.

    Raises:
        StateConflict: the version is deployed or inactive.
    """
    if version["status"] != "Draft":
        raise StateConflict("version", f"Only a draft can be edited; this version is {version['status'].lower()}.")


def add_draft(db: Db, environment: int, source: Row | None, now: str) -> int:
    """Makes a draft with the content and the notes of another version, and makes room for it.

    Args:
        environment: the environment that gets it; it has no draft.
        source: the version to copy, of any environment; `None` makes an empty one.
        now: the time of its creation.

    Returns:
        The id of the draft.
    """
    last = newest(db, environment)
    number = last["version"] + 1 if last else 1
    inserted = db.execute(
        "INSERT INTO versions (environment_id, version, status, notes, created_at, updated_at) "
        "VALUES (?, ?, 'Draft', ?, ?, ?)",
        (environment, number, source["notes"] if source else None, now, now),
    )
    draft_id = int(inserted.lastrowid or 0)
    if source:
        copy_content(db, source["id"], draft_id, now)
    # One is deployed and one the draft at most, so past five there is an inactive one to give up.
    db.execute(
        "DELETE FROM versions WHERE id IN (SELECT id FROM versions WHERE environment_id = ? "
        "AND status = 'Inactive' ORDER BY version LIMIT "
        "max(0, (SELECT count(*) FROM versions WHERE environment_id = ?) - ?))",
        (environment, environment, MAX_VERSIONS),
    )
    return draft_id


def copy_content(db: Db, source: int, target: int, now: str) -> None:
    """Replaces the manifests, variables and flow priorities of one version by those of another."""
    for table, columns in CONTENT.items():
        db.execute(f"DELETE FROM {table} WHERE version_id = ?", (target,))  # noqa: S608 - names from this module
        db.execute(
            f"INSERT INTO {table} (version_id, {columns}, created_at, updated_at) "  # noqa: S608
            f"SELECT ?, {columns}, ?, ? FROM {table} WHERE version_id = ? ORDER BY id",
            (target, now, now, source),
        )


def deploy(db: Db, version: Row, now: str) -> None:
    """Deploys a draft; the deployed one becomes inactive, and a copy of the draft the new draft.

    Raises:
        StateConflict: the version is no draft.
    """
    if version["status"] != "Draft":
        raise StateConflict("version", f"Only a draft can be deployed; this version is {version['status'].lower()}.")
    environment = version["environment_id"]
    db.execute(
        "UPDATE versions SET status = 'Inactive', updated_at = ? WHERE environment_id = ? AND status = 'Deployed'",
        (now, environment),
    )
    db.execute(
        "UPDATE versions SET status = 'Deployed', deployed_at = ?, updated_at = ? WHERE id = ?",
        (now, now, version["id"]),
    )
    add_draft(db, environment, version, now)


def copy_to_draft(db: Db, version: Row, now: str) -> int:
    """Makes a version's content the draft's, and a draft where there is none; gives the draft's id."""
    existing = draft(db, version["environment_id"])
    if existing is None:
        return add_draft(db, version["environment_id"], version, now)
    if existing["id"] != version["id"]:
        copy_content(db, version["id"], existing["id"], now)
        db.execute("UPDATE versions SET updated_at = ? WHERE id = ?", (now, existing["id"]))
    return int(existing["id"])
