"""The operations on the versions of an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...laravel.errors import StateConflict
from ...laravel.query import NO_QUERY
from .. import environments, query_rules, request_rules, resources, versions

if TYPE_CHECKING:
    import sqlite3

    from .call import Call, Json


def list_all(call: Call) -> Json:
    environment = environments.find(call.db, call.ids[0])
    return call.page("versions WHERE environment_id = ?", (environment["id"],), query_rules.VERSIONS, resources.version)


def create(call: Call) -> Json:
    environment = environments.find(call.db, call.ids[0])["id"]
    fields = call.fields(request_rules.STORE_VERSION)
    if versions.draft(call.db, environment):
        raise StateConflict("version", "This virtual environment already has a draft version.")
    draft = versions.add_draft(call.db, environment, versions.newest(call.db, environment), call.now)
    call.db.execute("UPDATE versions SET notes = ? WHERE id = ?", (fields.get("notes"), draft))
    payload = _serialised(call, draft)
    call.delay("versions", draft)
    return payload


def get(call: Call) -> Json:
    version = _in_path(call)
    call.query(NO_QUERY)
    return {"data": resources.version(call.db, version, resources.NOTHING)}


def update(call: Call) -> Json:
    version = _in_path(call)
    fields = call.fields(request_rules.UPDATE_VERSION)
    versions.require_draft(version)
    notes = fields.get("notes", version["notes"])
    call.db.execute("UPDATE versions SET notes = ?, updated_at = ? WHERE id = ?", (notes, call.now, version["id"]))
    return _serialised(call, version["id"])


def delete(call: Call) -> Json:
    versions.delete(call.db, _in_path(call))
    return {"message": "Virtual environment version deleted successfully."}


def copy(call: Call) -> Json:
    version = _in_path(call)
    before = versions.draft(call.db, version["environment_id"])
    draft = versions.copy_to_draft(call.db, version, call.now)
    payload = _serialised(call, draft)
    if before is None:
        call.delay("versions", draft)
    return payload


def deploy(call: Call) -> Json:
    version = _in_path(call)
    versions.deploy(call.db, version, call.now)
    return _serialised(call, version["id"])


def _in_path(call: Call) -> sqlite3.Row:
    environment = environments.find(call.db, call.ids[0])
    return versions.find(call.db, call.ids[1], environment["id"])


def _serialised(call: Call, version: int) -> Json:
    return {"data": resources.version(call.db, versions.find(call.db, version), resources.NOTHING)}
