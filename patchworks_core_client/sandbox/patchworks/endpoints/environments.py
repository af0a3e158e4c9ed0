"""The operations on virtual environments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import environments, query_rules, request_rules, resources

if TYPE_CHECKING:
    from .call import Call, Json


def list_all(call: Call) -> Json:
    return call.page("environments WHERE 1", (), query_rules.ENVIRONMENTS, resources.environment)


def list_deployed(call: Call) -> Json:
    return call.page(
        f"environments WHERE {query_rules.HAS_DEPLOYED}", (), query_rules.ENVIRONMENTS, resources.environment
    )


def create(call: Call) -> Json:
    fields = call.fields(request_rules.STORE_ENVIRONMENT)
    environments.require_room(call.db, call.max_environments)
    return _created(call, environments.create(call.db, fields, call.now))


def get(call: Call) -> Json:
    environment = environments.find(call.db, call.ids[0])
    query = call.query(query_rules.ENVIRONMENTS)
    return {"data": resources.environment(call.db, environment, query.includes)}


def update(call: Call) -> Json:
    environment = environments.find(call.db, call.ids[0])["id"]
    environments.update(call.db, environment, call.fields(request_rules.UPDATE_ENVIRONMENT), call.now)
    return _serialised(call, environment)


def delete(call: Call) -> Json:
    environment = environments.find(call.db, call.ids[0])
    call.db.execute("DELETE FROM environments WHERE id = ?", (environment["id"],))
    return {"message": "Virtual environment deleted successfully."}


def copy(call: Call) -> Json:
    environment = environments.find(call.db, call.ids[0])
    environments.require_room(call.db, call.max_environments)
    return _created(call, environments.copy(call.db, environment, call.now))


def _created(call: Call, environment: int) -> Json:
    payload = _serialised(call, environment)
    call.delay("environments", environment)
    call.delay("versions", environment, "environment_id")
    return payload


def _serialised(call: Call, environment: int) -> Json:
    row = environments.find(call.db, environment)
    return {"data": resources.environment(call.db, row, resources.NOTHING)}
