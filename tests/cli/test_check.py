"""`patchworks check` against the sandbox, as it is and as documented."""

from __future__ import annotations

import json

import pytest

from .conftest import CommandLine


@pytest.mark.patchworks(seed=1, as_documented=True)
def test_nothing_differs_where_all_is_as_documented(cli: CommandLine) -> None:
    said = cli("check")
    assert said.status == 0
    assert "Nothing differs" in said.out
    report = json.loads(cli("check", "--format", "json").out)
    assert len(report["operations"]) == 9
    assert {asked["outcome"] for asked in report["operations"]} == {"as described"}
    came = {(item["model"], item["field"]): item["got"] for item in report["choices"]}
    assert came["VirtualEnvironmentVersion", "deployed_by"] == ["list"]
    assert came["Variable", "secret"] == ["str"]


@pytest.mark.patchworks(seed=1)
def test_every_difference_is_found_with_what_the_overlay_would_need(cli: CommandLine) -> None:
    said = cli("check", "--format", "json")
    assert said.status == 2
    report = json.loads(said.out)
    found = {(item["model"], item["field"], item["kind"]): item["overlay"] for item in report["differences"]}
    assert found["VirtualEnvironmentVersion", "notes", "null"] == {
        "target": "$.components.schemas.VirtualEnvironmentVersion.properties.notes",
        "description": "null is sent, which is not described.",
        "update": {"type": ["string", "null"]},
    }
    # Where several types are described, it tells which of them came.
    came = {(item["model"], item["field"]): item["got"] for item in report["choices"]}
    assert came["VirtualEnvironmentVersion", "deployed_by"] == ["int"]
    assert came["Variable", "secret"] == ["bool"]
    assert found["Variable", "locked", "null"]["update"] == {"type": ["boolean", "integer", "string", "null"]}
    assert ("VirtualEnvironment", "deployed_version", "null") in found
    assert all(not request.startswith(("create", "update", "delete")) for request in cli.requests())
    shown = cli("check").out
    assert "deployed_by" in shown
    assert "actions:\n  - target:" in shown
    markdown = cli("check", "--format", "markdown").out
    assert "| `Variable` | `locked` | bool or int or str | NoneType |" in markdown
    assert "shop-token" not in shown + markdown


@pytest.mark.patchworks(seed=1, admin_only=["virtual_environments.list_versions"])
def test_what_is_refused_is_reported_and_the_rest_is_asked(cli: CommandLine) -> None:
    said = cli("check")
    assert said.status == 3
    assert "refused" in said.out
    assert "nothing to ask" in said.out


def test_where_nothing_is_there_there_is_nothing_to_ask(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("check").status == 0
    cli.sandbox.faults.add("100% 418")
    assert cli("check").status == 1
    cli.sandbox.faults.clear()
    monkeypatch.delenv("PATCHWORKS_API_KEY")
    monkeypatch.setenv("PATCHWORKS_USERNAME", cli.sandbox.username)
    monkeypatch.setenv("PATCHWORKS_PASSWORD", cli.sandbox.password)
    monkeypatch.setenv("PATCHWORKS_LOGIN_URL", f"{__import__('os').environ['PATCHWORKS_BASE_URL']}/fabric/api/login")
    assert "Credentials: a login" in cli("check").out
