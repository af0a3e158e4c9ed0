"""What the page shows of the sandbox; none of it is a secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ...patchworks import environments, version_differences, versions
from ..escaping import printable

if TYPE_CHECKING:
    import sqlite3

    from ...patchworks.version_differences import Difference
    from ...testing.sandbox_state import SandboxState

ENVIRONMENTS_PER_PAGE = 50
SHOWN_REQUESTS = 50


@dataclass(frozen=True, slots=True)
class EnvironmentView:
    """One environment.

    Attributes:
        row: its fields.
        versions: its versions, the newest first.
        draft: the draft, where there is one.
        deployed: the deployed version, where there is one.
        differences: what the draft would change; `None` where there are not both.
    """

    row: sqlite3.Row
    versions: list[sqlite3.Row]
    draft: sqlite3.Row | None
    deployed: sqlite3.Row | None
    differences: dict[str, list[Difference]] | None

    @property
    def changes(self) -> int | None:
        """How many entries of the draft differ from the deployed version."""
        if self.differences is None:
            return None
        return sum(len(found) for found in self.differences.values())


@dataclass(frozen=True, slots=True)
class RequestView:
    """One recorded request, without its query and its body."""

    time: str
    method: str
    path: str
    operation: str
    status: int
    ms: str
    request_id: str
    fault: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page shows of the state.

    Attributes:
        environments: those of this page.
        total: how many there are.
        page: which page this is, from 1.
        last: the last page.
    """

    environments: list[EnvironmentView]
    total: int
    page: int
    last: int


def overview(state: SandboxState, page: int) -> Overview:
    """Return a page of environments."""
    with state.database.transaction() as db:
        total = int(db.execute("SELECT count(*) FROM environments").fetchone()[0])
        last = max(1, -(-total // ENVIRONMENTS_PER_PAGE))
        shown = min(max(page, 1), last)
        rows = db.execute(
            "SELECT * FROM environments ORDER BY id LIMIT ? OFFSET ?",
            (ENVIRONMENTS_PER_PAGE, (shown - 1) * ENVIRONMENTS_PER_PAGE),
        ).fetchall()
        return Overview([_view(db, row) for row in rows], total, shown, last)


def environment(state: SandboxState, environment_id: int) -> EnvironmentView:
    """Return an environment.

    Raises:
        HttpError: 404.
    """
    with state.database.transaction() as db:
        return _view(db, environments.find(db, environment_id))


def recorded(state: SandboxState) -> list[RequestView]:
    """Return the newest requests, the newest first."""
    return [
        RequestView(
            time=datetime.fromtimestamp(request.at).astimezone().strftime("%H:%M:%S"),
            method=printable(request.method),
            path=printable(request.path),
            operation=request.operation or "",
            status=request.status,
            ms=f"{request.ms:,.1f}",
            request_id=request.request_id,
            fault=request.fault or "",
        )
        for request in reversed(state.requests.all()[-SHOWN_REQUESTS:])
    ]


def settings(state: SandboxState) -> list[tuple[str, str]]:
    """Return how the sandbox behaves, as names and values."""
    options = state.options
    rows = [
        ("Rate", str(state.throttle.rate or "no limit")),
        ("Responses", "as documented" if options.as_documented else "as the real API is believed to"),
        ("State", "in memory" if state.database.in_memory else "in a file"),
    ]
    if options.lag:
        rows.append(("Lag", f"{options.lag:g} s"))
    if options.max_environments is not None:
        rows.append(("Environments", f"{options.max_environments} may be created"))
    return rows


def _view(db: sqlite3.Connection, row: sqlite3.Row) -> EnvironmentView:
    found = db.execute("SELECT * FROM versions WHERE environment_id = ? ORDER BY version DESC", (row["id"],)).fetchall()
    draft = versions.draft(db, row["id"])
    deployed = next((version for version in found if version["status"] == "Deployed"), None)
    differ = None
    if draft is not None and deployed is not None:
        differ = version_differences.compare(db, deployed["id"], draft["id"])
    return EnvironmentView(row, found, draft, deployed, differ)
