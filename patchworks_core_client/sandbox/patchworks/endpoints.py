"""What each of the 27 operations does, as a function of one call inside one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..laravel.errors import StateConflict
from ..laravel.pagination import Location, page
from ..laravel.query import NO_QUERY, Query, read
from ..laravel.validation import Rules, validate
from . import contents, environments, filters, request_rules, resources, versions

if TYPE_CHECKING:
    import sqlite3

    from ..laravel.query import QueryRules
    from .contents import Table

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, past its authentication.

    Attributes:
        db: the connection, inside the transaction of this request.
        ids: the identifiers in the path, in their order.
        body: the decoded JSON object.
        pairs: the query parameters.
        url: the address without the query.
        now: the time to write into rows.
        documented: answer by the letter of the pages.
    """

    db: sqlite3.Connection
    ids: Sequence[int]
    body: Mapping[str, Any]
    pairs: Sequence[tuple[str, str]]
    url: str
    now: str
    documented: bool

    def fields(self, rules: Rules) -> Json:
        """The body by its rules."""
        return validate(self.body, rules, documented=self.documented)

    def query(self, rules: QueryRules) -> Query:
        """The query by its rules."""
        return read(self.pairs, rules, documented=self.documented)

    def page(self, source: str, values: Sequence[Any], rules: QueryRules, serialise: resources.Serialiser) -> Json:
        """A page of the rows that the query asks for."""
        location = Location(self.url, self.pairs)
        query = self.query(rules)
        return page(self.db, source, values, query=query, serialise=serialise, location=location)


Endpoint = Callable[[Call], Json]


# Virtual environments


def list_environments(call: Call) -> Json:
    return call.page("environments WHERE 1", (), filters.ENVIRONMENTS, resources.environment)


def list_deployed_environments(call: Call) -> Json:
    source = f"environments WHERE {filters.HAS_DEPLOYED}"
    return call.page(source, (), filters.ENVIRONMENTS, resources.environment)


def create_environment(call: Call) -> Json:
    fields = call.fields(request_rules.STORE_ENVIRONMENT)
    return _environment(call, environments.create(call.db, fields, call.now))


def get_environment(call: Call) -> Json:
    environment = environments.find(call.db, call.ids[0])
    query = call.query(filters.ENVIRONMENTS)
    return {"data": resources.environment(call.db, environment, query.includes)}


def update_environment(call: Call) -> Json:
    environment = environments.find(call.db, call.ids[0])
    environments.update(call.db, environment["id"], call.fields(request_rules.UPDATE_ENVIRONMENT), call.now)
    return _environment(call, environment["id"])


def delete_environment(call: Call) -> Json:
    environment = environments.find(call.db, call.ids[0])
    call.db.execute("DELETE FROM environments WHERE id = ?", (environment["id"],))
    return {"message": "Virtual environment deleted successfully."}


def copy_environment(call: Call) -> Json:
    environment = environments.find(call.db, call.ids[0])
    return _environment(call, environments.copy(call.db, environment, call.now))


def _environment(call: Call, environment: int) -> Json:
    row = environments.find(call.db, environment)
    return {"data": resources.environment(call.db, row, resources.NOTHING)}


# Versions of an environment


def list_versions(call: Call) -> Json:
    environment = environments.find(call.db, call.ids[0])
    source = "versions WHERE environment_id = ?"
    return call.page(source, (environment["id"],), filters.VERSIONS, resources.version)


def create_version(call: Call) -> Json:
    environment = environments.find(call.db, call.ids[0])["id"]
    fields = call.fields(request_rules.STORE_VERSION)
    if versions.draft(call.db, environment):
        raise StateConflict("version", "This virtual environment already has a draft version.")
    draft = versions.add_draft(call.db, environment, versions.newest(call.db, environment), call.now)
    if "notes" in fields:
        call.db.execute("UPDATE versions SET notes = ? WHERE id = ?", (fields["notes"], draft))
    return _version(call, draft)


def get_version(call: Call) -> Json:
    version = _version_in_path(call)
    call.query(NO_QUERY)
    return {"data": resources.version(call.db, version, resources.NOTHING)}


def update_version(call: Call) -> Json:
    version = _version_in_path(call)
    fields = call.fields(request_rules.UPDATE_VERSION)
    versions.require_draft(version)
    notes = fields.get("notes", version["notes"])
    call.db.execute("UPDATE versions SET notes = ?, updated_at = ? WHERE id = ?", (notes, call.now, version["id"]))
    return _version(call, version["id"])


def delete_version(call: Call) -> Json:
    version = _version_in_path(call)
    if version["status"] == "Deployed":
        raise StateConflict("version", "A deployed version cannot be deleted.")
    call.db.execute("DELETE FROM versions WHERE id = ?", (version["id"],))
    return {"message": "Virtual environment version deleted successfully."}


def copy_version(call: Call) -> Json:
    return _version(call, versions.copy_to_draft(call.db, _version_in_path(call), call.now))


def deploy_version(call: Call) -> Json:
    version = _version_in_path(call)
    versions.deploy(call.db, version, call.now)
    return _version(call, version["id"])


def _version_in_path(call: Call) -> sqlite3.Row:
    environment = environments.find(call.db, call.ids[0])
    return versions.find(call.db, call.ids[1], environment["id"])


def _version(call: Call, version: int) -> Json:
    return {"data": resources.version(call.db, versions.find(call.db, version), resources.NOTHING)}


# What a version holds


@dataclass(frozen=True, slots=True)
class Content:
    """The five endpoints of one kind of thing that a version holds."""

    table: Table
    name: str
    serialise: resources.Serialiser
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
        return self._answer(call, contents.create(call.db, self.table, version["id"], fields, call.now))

    def get(self, call: Call) -> Json:
        _, row = self._in_path(call)
        call.query(NO_QUERY)
        return {"data": self.serialise(call.db, row, resources.NOTHING)}

    def update(self, call: Call) -> Json:
        version, row = self._in_path(call)
        fields = call.fields(self.update_rules)
        versions.require_draft(version)
        contents.update(call.db, self.table, row, fields, call.now)
        return self._answer(call, row["id"])

    def delete(self, call: Call) -> Json:
        version, row = self._in_path(call)
        versions.require_draft(version)
        contents.delete(call.db, self.table, row, call.now)
        return {"message": f"{self.name} deleted successfully."}

    def _in_path(self, call: Call) -> tuple[sqlite3.Row, sqlite3.Row]:
        version = versions.find(call.db, call.ids[0])
        return version, contents.find(call.db, self.table, version["id"], call.ids[1])

    def _answer(self, call: Call, row_id: int) -> Json:
        row = contents.find(call.db, self.table, call.ids[0], row_id)
        return {"data": self.serialise(call.db, row, resources.NOTHING)}


FLOW_PRIORITIES = Content(
    "flow_priorities",
    "Flow priority",
    resources.flow_priority,
    filters.FLOW_PRIORITIES,
    request_rules.STORE_FLOW_PRIORITY,
    request_rules.UPDATE_FLOW_PRIORITY,
)
MANIFESTS = Content(
    "manifests",
    "Manifest",
    resources.manifest,
    filters.MANIFESTS,
    request_rules.STORE_MANIFEST,
    request_rules.UPDATE_MANIFEST,
)
VARIABLES = Content(
    "variables",
    "Variable",
    resources.variable,
    filters.VARIABLES,
    request_rules.STORE_VARIABLE,
    request_rules.UPDATE_VARIABLE,
)
