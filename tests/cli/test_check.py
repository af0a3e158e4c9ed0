"""`patchworks check` against the sandbox, as it is and as documented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patchworks_core_client import models
from patchworks_core_client.environments import api_check_report
from patchworks_core_client.environments.api_check_report import Difference
from scripts.openapi.input_files import read_yaml
from scripts.openapi.project_paths import FRAGMENTS, OVERLAY
from scripts.pipeline import documented
from scripts.spec.apply_overlay import apply_corrections
from scripts.spec.fragments_folder import read_fragments

from .conftest import CommandLine

pytestmark = pytest.mark.usefixtures("in_process")

ROOT = Path(__file__).parents[2]


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
    assert "overlay" not in cli("check", "--format", "markdown").out


@pytest.mark.patchworks(seed=1)
def test_every_difference_is_found_with_what_the_overlay_would_need(cli: CommandLine) -> None:
    said = cli("check", "--format", "json")
    assert said.status == 2
    report = json.loads(said.out)
    found = {(item["model"], item["field"], item["kind"]): item["overlay"] for item in report["differences"]}
    assert found["VirtualEnvironmentVersion", "notes", "null"] == [
        {
            "target": "$.components.schemas.VirtualEnvironmentVersions.properties.notes",
            "description": "Null is sent, which is not described.",
            "x-pages": ["virtual-environment-versions"],
            "update": {"nullable": True},
        }
    ]
    # Where several types are described, it tells which of them came.
    came = {(item["model"], item["field"]): item["got"] for item in report["choices"]}
    assert came["VirtualEnvironmentVersion", "deployed_by"] == ["int"]
    assert came["Variable", "secret"] == ["bool"]
    assert found["Variable", "locked", "null"][0]["update"] == {"nullable": True}
    assert ("VirtualEnvironment", "deployed_version", "null") in found
    assert all(not request.startswith(("create", "update", "delete")) for request in cli.requests())
    shown = cli("check").out
    assert "deployed_by" in shown
    assert "actions:\n  - target:" in shown
    markdown = cli("check", "--format", "markdown").out
    assert "| `Variable` | `locked` | bool or int or str | NoneType |" in markdown
    assert "shop-token" not in shown + markdown


def test_what_the_overlay_would_need_is_what_it_takes(tmp_path: Path) -> None:
    wrong = [
        Difference("VirtualEnvironment", "deployed_version", "null", "models.VirtualEnvironmentVersion", "NoneType"),
        Difference("VirtualEnvironment", "odd name", "undescribed", "", "int"),
        Difference("VirtualEnvironmentVersion", "notes", "null", "str", "NoneType"),
        Difference("VirtualEnvironmentVersion", "status", "type", "models.VirtualEnvironmentVersionStatus", "str"),
        Difference("VirtualEnvironmentVersion", "manifests", "type", "list[models.Manifest]", "dict"),
        Difference("Manifest", "odd.name", "undescribed", "", "NoneType"),
        Difference("FlowPriority", "priority", "type", "int", "datetime"),
        Difference("Variable", "label", "type", "str", "list"),
    ]
    actions = [action for difference in wrong for action in difference.overlay]
    overlay = read_yaml(ROOT / OVERLAY)
    (tmp_path / "overlay.yaml").write_text(json.dumps(overlay | {"actions": overlay["actions"] + actions}), "utf-8")
    merged, _, gone = documented(read_fragments(ROOT / FRAGMENTS), ROOT)
    applied = apply_corrections(merged, tmp_path / "overlay.yaml", gone)
    assert not {action["target"] for action in actions} & {*applied.skipped, *applied.without_effect}
    schemas = merged.document["components"]["schemas"]
    environment = schemas["VirtualEnvironments"]["properties"]
    version = schemas["VirtualEnvironmentVersions"]["properties"]
    assert environment["deployed_version"] == {
        "allOf": [{"$ref": "#/components/schemas/VirtualEnvironmentVersions"}],
        "nullable": True,
    }
    assert version["notes"]["nullable"]
    assert "enum" not in version["status"]
    assert version["manifests"]["anyOf"] == [
        {"type": "array", "items": {"$ref": "#/components/schemas/Manifests"}},
        {"type": "object"},
    ]
    assert environment["odd name"] == {"type": "integer"}
    assert schemas["Variables"]["properties"]["label"]["anyOf"][1] == {"type": "array", "items": {}}
    unknown = Difference("Flow", "name", "type", "str", "int").overlay[0]
    assert unknown == {
        "target": "$.components.schemas.Flow.properties.name",
        "description": "int is sent, and str described.",
        "remove": True,
    }


def test_each_model_that_a_check_reads_is_found_in_the_description() -> None:
    read = {name.removesuffix("Include") for name in dir(models) if name.endswith("Include")} | {"Variable"}
    assert read == set(api_check_report.PUBLISHED)


@pytest.mark.patchworks(seed=1, admin_only=["virtual_environments.list_versions"])
def test_what_is_refused_is_reported_and_the_rest_is_asked(cli: CommandLine) -> None:
    said = cli("check")
    assert said.status == 3
    assert "refused" in said.out
    assert "skipped" in said.out


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
