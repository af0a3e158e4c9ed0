"""schemathesis, somebody else's tool, tries to catch a sandbox answering otherwise than documented."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis.configuration import storage_directory

from patchworks_core_client.sandbox import create_app, serve
from patchworks_core_client.sandbox.patchworks.routes import OPERATION_NAMES

if TYPE_CHECKING:
    from patchworks_core_client.sandbox import RecordedRequest
    from patchworks_core_client.sandbox.testing.sandbox_state import SandboxState

DOCUMENT = Path(__file__).parents[3] / "openapi" / "patchworks-core.json"
PROGRAM = Path(sys.executable).with_name("schemathesis")
# In the short form and in the long one (`pytest --soak`).
PHASES = ("fuzzing", "coverage,fuzzing,stateful")
MAX_EXAMPLES = (5, 25)
TIMEOUT_S = 600

METHODS = {"get", "put", "post", "delete"}
# Laravel's and HTTP's own answers, which the pages leave out.
LEFT_OUT = ("400", "404", "405", "413", "415", "429")

# Which of the ten seeded environments an operation works on, so that none takes another one's ground away.
# Identifiers made up at random would not get past the 404.
READ = ("1", "2", "4")
DELETED = ("9", "10")
WITHOUT_DRAFT = "5"
EDITED_DRAFT = "1"
VERSIONS_READ, VERSION_UPDATED, VERSION_DELETED, VERSION_DEPLOYED = "3", "7", "6", "8"

DRAFT = "SELECT id FROM versions WHERE status = 'Draft' AND environment_id = ?"
QUERIES = {
    "version": "SELECT id FROM versions WHERE environment_id = ?",
    "virtual_environment_version": DRAFT,
    "flow_priority": f"SELECT id FROM flow_priorities WHERE version_id = ({DRAFT})",
    "manifest": f"SELECT id FROM manifests WHERE version_id = ({DRAFT})",
    "variable": f"SELECT id FROM variables WHERE version_id = ({DRAFT})",
}


def described(state: SandboxState) -> dict[str, Any]:
    """The merged document, with the statuses that it leaves out and with identifiers that exist."""
    document: dict[str, Any] = json.loads(DOCUMENT.read_text())
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            operation = item[method]
            for status in LEFT_OUT:
                operation["responses"][status] = {"description": "Left out", "content": error}
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    keys = identifiers(state, parameter["name"], method, path)
                    parameter["schema"] = {"type": "string", "enum": keys}
    return document


def identifiers(state: SandboxState, name: str, method: str, path: str) -> list[str]:
    """What a place in a path may hold."""
    environments = environments_for(method, path)
    if name == "virtual_environment":
        return list(environments)
    query = DRAFT if method == "put" or path.endswith("/deploy") else QUERIES["version"]
    with state.database.transaction() as db:
        return [str(row["id"]) for row in db.execute(query if name == "version" else QUERIES[name], environments)]


def environments_for(method: str, path: str) -> tuple[str, ...]:
    """The environments that an operation works on."""
    if "/virtual-environment-versions/" in path:
        return (EDITED_DRAFT,)
    if path.endswith("/deploy"):
        return (VERSION_DEPLOYED,)
    if "{version}" in path:
        return ({"put": VERSION_UPDATED, "delete": VERSION_DELETED}.get(method, VERSIONS_READ),)
    if method == "delete":
        return DELETED
    return (WITHOUT_DRAFT,) if method == "post" and path.endswith("/versions") else READ


# It takes the field `priority` of a flow priority, any number, for the identifier that `{flow_priority}` stands for,
# and then misses that resource.
CONFIGURATION = """
[[operations]]
include-path-regex = "/flow-priorities"
checks.ensure_resource_availability.enabled = false
"""


@pytest.mark.soak
def test_it_finds_nothing(tmp_path: Path, *, soak: bool) -> None:
    app = create_app(as_documented=True, seed=1)
    state: SandboxState = app.state.sandbox_state
    document = tmp_path / "document.json"
    document.write_text(json.dumps(described(state)))
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(CONFIGURATION)
    with state.database.transaction() as db:
        db.execute("DELETE FROM versions WHERE status = 'Draft' AND environment_id = ?", (WITHOUT_DRAFT,))
    succeeded: set[str | None] = set()

    def note(seen: RecordedRequest) -> None:
        if seen.status == 200:
            succeeded.add(seen.operation)

    state.listener = note
    with serve(app) as served:
        command = [
            *(
                str(PROGRAM),
                "--config-file",
                str(configuration),
                "--no-color",
                "run",
                str(document),
                "--url",
                served.url,
            ),
            *("--header", "Authorization: sandbox-api-key"),
            *("--phases", PHASES[soak], "--max-examples", str(MAX_EXAMPLES[soak])),
            *("--seed", "1", "--generation-database", "none"),
        ]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            # What Hypothesis has worked out of Unicode takes it a second to find out again.
            env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(storage_directory().path)},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    # It has been where it counts: each operation also did what it is for.
    assert succeeded == OPERATION_NAMES - {"login"}
