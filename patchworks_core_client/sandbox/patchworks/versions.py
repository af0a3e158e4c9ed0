"""The life cycle of a version: one draft at most, one deployed at most, five in all."""

from __future__ import annotations

import sqlite3

from ..laravel.errors import StateConflict, not_found

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
    """Return a version, of `environment` where one is given.

    Raises:
        HttpError: 404.
    """
    row: Row | None = db.execute("SELECT * FROM versions WHERE id = ? AND visible_at <= now()", (version,)).fetchone()
    if row is None or environment not in {None, row["environment_id"]}:
        raise not_found("VirtualEnvironmentVersion", version)
    return row


def newest(db: Db, environment: int) -> Row | None:
    """Return the version with the highest number."""
    row: Row | None = db.execute(
        "SELECT * FROM versions WHERE environment_id = ? ORDER BY version DESC LIMIT 1", (environment,)
    ).fetchone()
    return row


def draft(db: Db, environment: int) -> Row | None:
    """Return the draft, where there is one."""
    row: Row | None = db.execute(
        "SELECT * FROM versions WHERE environment_id = ? AND status = 'Draft'", (environment,)
    ).fetchone()
    return row


def require_draft(version: Row) -> None:
    """Let only a draft be edited.

    Raises:
        StateConflict: the version is deployed or inactive.
    """
    if version["status"] != "Draft":
        raise StateConflict("version", f"Only a draft can be edited; this version is {version['status'].lower()}.")


def add_draft(db: Db, environment: int, source: Row | None, now: str) -> int:
    """Make a draft with the content of another version, and make room for it.

    Notes stay with their version; a new draft has none.

    Args:
        environment: the environment that gets it; it has no draft.
        source: the version to copy, of any environment; `None` makes an empty draft.
        now: the time of its creation.

    Returns:
        The id of the draft.
    """
    last = newest(db, environment)
    inserted = db.execute(
        "INSERT INTO versions (environment_id, version, status, created_at, updated_at) VALUES (?, ?, 'Draft', ?, ?)",
        (environment, last["version"] + 1 if last else 1, now, now),
    )
    draft_id = int(inserted.lastrowid or 0)
    if source:
        copy_content(db, source["id"], draft_id, now)
    # One is deployed and one the draft at most, so past five there is an inactive one to give up. The numbers of the
    # others stay: it is overwritten, not deleted.
    db.execute(
        "DELETE FROM versions WHERE id IN (SELECT id FROM versions WHERE environment_id = ? "
        "AND status = 'Inactive' ORDER BY version LIMIT "
        "max(0, (SELECT count(*) FROM versions WHERE environment_id = ?) - ?))",
        (environment, environment, MAX_VERSIONS),
    )
    return draft_id


def copy_content(db: Db, source: int, target: int, now: str) -> None:
    """Replace the manifests, variables and flow priorities of one version by those of another."""
    for table, columns in CONTENT.items():
        db.execute(f"DELETE FROM {table} WHERE version_id = ?", (target,))
        db.execute(
            f"INSERT INTO {table} (version_id, {columns}, created_at, updated_at) "
            f"SELECT ?, {columns}, ?, ? FROM {table} WHERE version_id = ? ORDER BY id",
            (target, now, now, source),
        )


def deploy(db: Db, version: Row, now: str) -> None:
    """Deploy a draft; the deployed version becomes inactive, and a copy of the draft the new draft.

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
    """Make the content of a version that of the draft, and a draft where there is none; return the draft's id.

    Raises:
        StateConflict: the version is the draft.
    """
    if version["status"] == "Draft":
        raise StateConflict("version", "A draft is made from a deployed or an inactive version; this one is the draft.")
    existing = draft(db, version["environment_id"])
    if existing is None:
        return add_draft(db, version["environment_id"], version, now)
    copy_content(db, version["id"], existing["id"], now)
    db.execute("UPDATE versions SET updated_at = ? WHERE id = ?", (now, existing["id"]))
    return int(existing["id"])


def delete(db: Db, version: Row) -> None:
    """Delete a draft or an inactive version, and renumber the later ones so that no number is missing.

    Raises:
        StateConflict: the version is deployed.
    """
    if version["status"] == "Deployed":
        raise StateConflict("version", "A deployed version cannot be deleted.")
    db.execute("DELETE FROM versions WHERE id = ?", (version["id"],))
    later = db.execute(
        "SELECT id FROM versions WHERE environment_id = ? AND version > ? ORDER BY version",
        (version["environment_id"], version["version"]),
    )
    # One after the other, in order: two versions never have one number, not even in between.
    for row in later.fetchall():
        db.execute("UPDATE versions SET version = version - 1 WHERE id = ?", (row["id"],))
