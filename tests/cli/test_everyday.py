"""Export, plan, apply: what a team does every day, with ten environments of forty entries each."""

from __future__ import annotations

import json
import re

import pytest

from .conftest import CommandLine

pytestmark = [pytest.mark.patchworks(seed=1, keep_requests=100_000), pytest.mark.usefixtures("in_process")]

BASE = "  variables:\n"
SOME = ("UK sandbox", "UK live", "DE sandbox", "DE live")


def with_variable(text: str, line: str) -> str:
    """The file with one more variable in its base."""
    return text.replace(BASE, f"{BASE}    {line}\n", 1)


@pytest.mark.untraced
def test_a_plan_of_an_export_is_empty_and_exports_are_alike_byte_for_byte(cli: CommandLine) -> None:
    assert cli("export", "-o", "patchworks.yaml").status == 0
    assert cli("export").out == cli.read()
    assert not cli.writes()
    planned = cli("plan", "patchworks.yaml", "--exit-code")
    assert planned.status == 0
    # It takes at most six requests for each of the ten environments, and one.
    requests = cli.requests()
    assert len(requests) <= 1 + 6 * 10
    assert "Nothing to do" in planned.out
    assert not [name for name in requests if not name.partition(".")[2].startswith(("list", "get"))]
    assert cli("validate", "patchworks.yaml").status == 0
    assert not cli.requests()


def test_an_export_of_one_environment_needs_no_base(cli: CommandLine) -> None:
    text = cli("export", "UK live").out
    cli.write(text)
    assert "base:" not in text
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


@pytest.mark.untraced
def test_a_change_of_the_base_reaches_all_environments(cli: CommandLine) -> None:
    cli.write(with_variable(cli("export", *SOME).out, "region: {type: string, value: europe}"))
    planned = json.loads(cli("plan", "patchworks.yaml", "--format", "json").out)
    assert planned["summary"] == {"create": 4, "update": 0, "delete": 0, "environments": 4, "empty": False}
    applied = cli("apply", "patchworks.yaml", "--yes", "--format", "json")
    assert applied.status == 0
    assert [item["created"] for item in json.loads(applied.out)["environments"]] == [1] * 4
    assert cli.writes().count("virtual_environment_versions.create_variable") == 4
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


@pytest.mark.untraced
def test_an_overlay_takes_an_entry_of_the_base_out(cli: CommandLine) -> None:
    cli.write(
        "schema: 1\n"
        "base:\n"
        "  variables: {currency: {type: string, value: GBP}, legacy: {type: string, value: 1}}\n"
        "  manifests: [{model_type: connector, original: 812, replacement: 940}]\n"
        "  flow_priorities: [{flow: 12, priority: 1}]\n"
        "environments:\n"
        "  One: {}\n"
        "  Two:\n"
        "    variables: {currency: {value: EUR}, legacy: null}\n"
        "    manifests: [{model_type: connector, original: 812, replacement: null}]\n"
        "    flow_priorities: [{flow: 12, priority: null}]\n"
        "  Three: {variables: !none , manifests: !none , flow_priorities: !none }\n"
    )
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    exported = cli("export", "One", "Two", "Three").out
    two = cli("export", "Two").out
    assert "EUR" in two
    assert "legacy" not in two
    assert "812" not in two
    assert "flow_priorities: []" in two
    assert "variables: {}" in cli("export", "Three").out
    cli.write(exported, "again.yaml")
    assert cli("plan", "again.yaml", "--exit-code").status == 0
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


def test_an_environment_is_created_and_one_that_is_not_in_the_file_is_left_alone(cli: CommandLine) -> None:
    cli.write(
        "schema: 1\nenvironments:\n"
        "  PT live: {type: live, description: Portugal, labels: [3], variables: {a: {type: string, value: b}}}\n"
    )
    assert "PT live  (new)" in cli("plan", "patchworks.yaml").out
    assert cli("apply", "patchworks.yaml", "--yes", "--prune", "--deploy").status == 0
    assert cli.writes() == [
        "virtual_environments.create",
        "virtual_environment_versions.create_variable",
        "virtual_environments.deploy_version",
    ]
    assert "deployed" in cli("history", "PT live").out
    exported = cli("export", "PT live").out
    assert "type: live\n    description: Portugal\n    labels: [3]\n" in exported
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").out == "PT live: nothing to do\n"
    assert not cli.writes()


def test_the_environment_itself_is_changed_and_what_is_not_managed_stays(cli: CommandLine) -> None:
    cli.write("schema: 1\nenvironments:\n  UK live: {description: The British shop}\n")
    planned = cli("plan", "patchworks.yaml")
    assert "~ description: Master flows for UK, in GBP -> The British shop" in planned.out
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    assert "labels: [2]" in cli("export", "UK live").out
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


def test_a_pinned_environment_survives_a_rename(cli: CommandLine) -> None:
    history = json.loads(cli("plan", cli.write("schema: 1\nenvironments: {UK live: }\n"), "--format", "json").out)
    pinned = history["environments"][0]["id"]
    cli.write(f"schema: 1\nenvironments:\n  Britain: {{id: {pinned}}}\n")
    assert "~ name: UK live -> Britain" in cli("plan", "patchworks.yaml").out
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    assert cli.writes() == ["virtual_environments.update"]
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


def test_deletes_wait_for_prune(cli: CommandLine) -> None:
    cli.write(re.sub(r"    carrier:.*\n", "", with_only_own_carriers(cli("export", "UK live").out)))
    planned = cli("plan", "patchworks.yaml", "--exit-code")
    assert planned.status == 2
    assert "- variable carrier" in planned.out
    applied = cli("apply", "patchworks.yaml", "--yes")
    assert (applied.status, applied.out) == (0, "UK live: nothing to do (1 delete waits for --prune)\n")
    assert not cli.writes()
    assert cli("apply", "patchworks.yaml", "--yes", "--prune").out == "UK live: 1 deleted\n"
    assert cli.writes() == ["virtual_environment_versions.delete_variable"]
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


def with_only_own_carriers(text: str) -> str:
    """The text of one environment, whose variables stand two levels deeper than those of a base."""
    return text.replace("      carrier:", "    carrier:")


def test_creates_and_updates_come_before_deletes(cli: CommandLine) -> None:
    text = cli("export", "UK live").out
    text = re.sub(r"      carrier:.*\n", "      courier: {type: string, value: x}\n", text)
    cli.write(re.sub(r"price_list: .*\n", "price_list: {type: string, value: new}\n", text))
    assert cli("apply", "patchworks.yaml", "--yes", "--prune").status == 0
    assert cli.writes()[-1] == "virtual_environment_versions.delete_variable"
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


@pytest.mark.untraced
def test_drift_is_a_plan_that_exits_with_2(cli: CommandLine) -> None:
    cli("export", *SOME, "-o", "patchworks.yaml")
    assert cli("drift", "patchworks.yaml").status == 0
    cli.write(with_variable(cli.read(), "region: {type: string, value: europe}"))
    assert cli("drift", "patchworks.yaml").status == 2
    assert cli("drift", "patchworks.yaml", "UK live").status == 2
    assert cli("plan", "patchworks.yaml").status == 0
    assert not cli.writes()


def test_the_schema_is_published(cli: CommandLine) -> None:
    schema = json.loads(cli("schema").out)
    assert schema["properties"]["schema"] == {"description": "The version of this format.", "const": 1}
    assert not cli.requests()


@pytest.mark.untraced
@pytest.mark.patchworks(seed=None)
def test_names_with_every_special_character_and_a_thousand_variables(cli: CommandLine, soak: bool) -> None:
    many = 1_000 if soak else 130
    odd = "&*!|>'\"%@`#{}[],?:- $(rm) ;\\ é 日本 \u202e \u0085x"
    variables = "".join(
        f"      {json.dumps(f'{odd}{number}')}: {{type: string, value: {number}}}\n" for number in range(many)
    )
    cli.write(f"schema: 1\nenvironments:\n  {json.dumps(odd)}:\n    variables:\n{variables}")
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    exported = cli("export", odd).out
    cli.write(exported, "again.yaml")
    planned = cli("plan", "again.yaml", odd, "--exit-code")
    assert planned.status == 0
    assert "\u202e" not in planned.out
    assert exported.count("type: string") == many
