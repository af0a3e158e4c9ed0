"""Rows of the database as the JSON objects that Laravel's resources would send."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..laravel.pagination import Serialiser

Db = sqlite3.Connection
Row = sqlite3.Row
Json = dict[str, Any]
Includes = frozenset[str]

NOTHING: Includes = frozenset()
# Nobody but the sandbox itself works in it.
USER: Mapping[str, Any] = {
    "id": 1,
    "name": "Sandbox Administrator",
    "email": "admin@sandbox.test",
}


def environment(db: Db, row: Row, includes: Includes) -> Json:
    """Return a virtual environment, with the relations that were asked for."""
    key = (row["id"],)
    counted = db.execute(
        "SELECT count(*) AS versions, coalesce(sum(status = 'Deployed'), 0) AS deployed "
        "FROM versions WHERE environment_id = ?",
        key,
    ).fetchone()
    result: Json = {
        "id": row["id"],
        "name": row["name"],
        "description": row["description"],
        "type": row["type"],
        "versions_count": counted["versions"],
        "deployments_count": counted["deployed"],
        "is_deployed": bool(counted["deployed"]),
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }
    if includes:
        versions = db.execute(
            "SELECT * FROM versions WHERE environment_id = ? AND visible_at <= now() ORDER BY version", key
        ).fetchall()
        deployed = next((found for found in versions if found["status"] == "Deployed"), None)
        if "versions" in includes:
            result["versions"] = [version(db, found, NOTHING) for found in versions]
        if "firstVersion" in includes:
            result["first_version"] = _optional(
                version, db, versions[0] if versions else None, includes, "firstVersion"
            )
        if "deployedVersion" in includes:
            result["deployed_version"] = _optional(version, db, deployed, includes, "deployedVersion")
        if "deployments" in includes:
            result["deployments"] = [deployment(deployed, _below(includes, "deployments"))] if deployed else []
        if "packageDeployments" in includes:
            result["package_deployments"] = []
        if "labels" in includes:
            result["labels"] = labels(db, row["id"])
    return result


def version(db: Db, row: Row, includes: Includes) -> Json:
    """Return a version of a virtual environment."""
    result: Json = {
        "id": row["id"],
        "virtual_environment_id": row["environment_id"],
        "version": row["version"],
        "status": row["status"],
        "notes": row["notes"],
        "deployed_at": row["deployed_at"],
        "deployed_by": USER["id"] if row["deployed_at"] else None,
        "user_id": USER["id"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }
    if "virtualEnvironment" in includes:
        parent = db.execute("SELECT * FROM environments WHERE id = ?", (row["environment_id"],)).fetchone()
        result["virtual_environment"] = environment(db, parent, NOTHING)
    if "variables" in includes:
        rows = db.execute("SELECT * FROM variables WHERE version_id = ? ORDER BY id", (row["id"],)).fetchall()
        result["variables"] = [variable(db, found, NOTHING) for found in rows]
    if "user" in includes:
        result["user"] = dict(USER)
    return result


def deployment(deployed: Row, includes: Includes) -> Json:
    """Return the deployment of an environment: in the sandbox, that it has a deployed version.

    Flows and packages are no part of the sandbox, so those relations are null.
    """
    result: Json = {
        "id": deployed["id"],
        "virtual_environment_id": deployed["environment_id"],
        "virtual_environment_version_id": deployed["id"],
        "created_at": deployed["deployed_at"],
        "updated_at": deployed["updated_at"],
    }
    for relation, name, value in (
        ("flowVersion", "flow_version", None),
        ("enabledBy", "enabled_by", dict(USER)),
        ("user", "user", dict(USER)),
        ("package", "package", None),
    ):
        if relation in includes:
            result[name] = value
    return result


def labels(db: Db, environment_id: int) -> list[Json]:
    """Return the labels of an environment, with made-up names: the API of labels is no part of the sandbox."""
    rows = db.execute("SELECT label_id FROM labels WHERE environment_id = ? ORDER BY rowid", (environment_id,))
    return [{"id": row["label_id"], "name": f"Label {row['label_id']}"} for row in rows]


def flow_priority(db: Db, row: Row, includes: Includes) -> Json:
    """Return the priority of a flow in a version."""
    result: Json = {
        "id": row["id"],
        "flow_id": row["flow_id"],
        "priority": int(row["priority"]),
        "notes": row["notes"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }
    _add_version(db, row, includes, result)
    if "flow" in includes:
        result["flow"] = {"id": row["flow_id"], "name": f"Flow {row['flow_id']}"}
    return result


def manifest(db: Db, row: Row, includes: Includes) -> Json:
    """Return a replacement rule of a version."""
    result: Json = {
        "id": row["id"],
        "model_type": row["model_type"],
        "original_model_id": row["original_model_id"],
        "replacement_model_id": row["replacement_model_id"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }
    _add_version(db, row, includes, result)
    for relation, name in (("originalModel", "original_model"), ("replacementModel", "replacement_model")):
        if relation in includes:
            key = row[f"{name}_id"]
            result[name] = {"id": key, "name": f"{row['model_type']} {key}"}
    return result


def variable(db: Db, row: Row, includes: Includes) -> Json:
    """Return a variable of a version; the value of a secret is never shown again."""
    del db, includes
    return {
        "id": row["id"],
        "label": row["label"],
        "type": row["type"],
        "key": row["key"],
        "value": None if row["secret"] else row["value"],
        "fallback": row["fallback"],
        "date_format": row["date_format"],
        "secret": bool(row["secret"]),
        "locked": None,
        "configurable": None,
        "required": False,
        "advanced": False,
        "alias": None,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def _add_version(db: Db, row: Row, includes: Includes, result: Json) -> None:
    if "virtualEnvironmentVersion" in includes:
        parent = db.execute("SELECT * FROM versions WHERE id = ?", (row["version_id"],)).fetchone()
        result["virtual_environment_version"] = version(db, parent, NOTHING)


def _optional(serialise: Serialiser, db: Db, row: Row | None, includes: Includes, relation: str) -> Json | None:
    return serialise(db, row, _below(includes, relation)) if row else None


def _below(includes: Includes, relation: str) -> Includes:
    """Return what was asked for inside a relation."""
    return frozenset(name.removeprefix(f"{relation}.") for name in includes if name.startswith(f"{relation}."))
