"""The operations on what a version holds: flow priorities, manifests and variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...laravel.query import NO_QUERY
from .. import query_rules, request_rules, resources, version_contents, versions

if TYPE_CHECKING:
    import sqlite3

    from ...laravel.pagination import Serialiser
    from ...laravel.query import QueryRules
    from ...laravel.validation import Rules
    from ..version_contents import Table
    from .call import Call, Json


@dataclass(frozen=True, slots=True)
class ContentEndpoints:
    """The five endpoints of one kind of thing that a version holds."""

    table: Table
    name: str
    serialise: Serialiser
    query: QueryRules
    store_rules: Rules
    update_rules: Rules

    def list(self, call: Call) -> Json:
        version = versions.find(call.db, call.ids[0])
        return call.page(f"{self.table} WHERE version_id = ?", (version["id"],), self.query, self.serialise)

    def create(self, call: Call) -> Json:
        version = versions.find(call.db, call.ids[0])
        fields = call.fields(self.store_rules)
        versions.require_draft(version)
        created = version_contents.create(call.db, self.table, version["id"], fields, call.now)
        payload = self._serialised(call, created)
        call.delay(self.table, created)
        return payload

    def get(self, call: Call) -> Json:
        _, row = self._in_path(call)
        call.query(NO_QUERY)
        return {"data": self.serialise(call.db, row, resources.NOTHING)}

    def update(self, call: Call) -> Json:
        version, row = self._in_path(call)
        fields = call.fields(self.update_rules)
        versions.require_draft(version)
        version_contents.update(call.db, self.table, row, fields, call.now)
        return self._serialised(call, row["id"])

    def delete(self, call: Call) -> Json:
        version, row = self._in_path(call)
        versions.require_draft(version)
        version_contents.delete(call.db, self.table, row, call.now)
        return {"message": f"{self.name} deleted successfully."}

    def _in_path(self, call: Call) -> tuple[sqlite3.Row, sqlite3.Row]:
        version = versions.find(call.db, call.ids[0])
        return version, version_contents.find(call.db, self.table, version["id"], call.ids[1])

    def _serialised(self, call: Call, row_id: int) -> Json:
        row = version_contents.find(call.db, self.table, call.ids[0], row_id)
        return {"data": self.serialise(call.db, row, resources.NOTHING)}


FLOW_PRIORITIES = ContentEndpoints(
    "flow_priorities",
    "Flow priority",
    resources.flow_priority,
    query_rules.FLOW_PRIORITIES,
    request_rules.STORE_FLOW_PRIORITY,
    request_rules.UPDATE_FLOW_PRIORITY,
)
MANIFESTS = ContentEndpoints(
    "manifests",
    "Manifest",
    resources.manifest,
    query_rules.MANIFESTS,
    request_rules.STORE_MANIFEST,
    request_rules.UPDATE_MANIFEST,
)
VARIABLES = ContentEndpoints(
    "variables",
    "Variable",
    resources.variable,
    query_rules.VARIABLES,
    request_rules.STORE_VARIABLE,
    request_rules.UPDATE_VARIABLE,
)
