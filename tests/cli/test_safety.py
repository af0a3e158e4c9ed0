"""What is refused, and that nothing was written then."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from patchworks_core_client import Patchworks
from patchworks_core_client.sandbox import RunningSandbox

from .conftest import CommandLine, applied

pytestmark = [pytest.mark.patchworks(keep_requests=100_000), pytest.mark.usefixtures("in_process")]


def variables(**values: str) -> str:
    """A file with one environment that holds those variables."""
    lines = "".join(f"      {key}: {{type: string, value: {value}}}\n" for key, value in values.items())
    return f"schema: 1\nenvironments:\n  Shop:\n    variables:\n{lines}"


@pytest.fixture(scope="module")
def state(patchworks_server: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with a deployed version."""
    return applied(patchworks_server, tmp_path_factory.mktemp("shop"), variables(currency="GBP", shop="one"))


@pytest.fixture
def shop(start_from: Callable[[Path], CommandLine], state: Path) -> CommandLine:
    """The command line in front of that."""
    cli = start_from(state)
    cli.write(variables(currency="GBP", shop="one"))
    return cli


def draft_of(pw: Patchworks, name: str = "Shop") -> int:
    """The id of the draft of an environment."""
    (environment,) = [item for item in pw.virtual_environments.list(per_page=100) if item.name == name]
    versions = pw.virtual_environments.list_versions(environment.id or 0)
    return next(version.id or 0 for version in versions if version.status == "Draft")


def edit(pw: Patchworks, key: str, value: str) -> None:
    """Change a variable in the draft by hand."""
    draft = draft_of(pw)
    for variable in pw.virtual_environment_versions.list_variables(draft):
        if variable.key == key:
            pw.virtual_environment_versions.update_variable(draft, variable.id or 0, value=value)
            return
    pw.virtual_environment_versions.create_variable(draft, type="string", key=key, value=value)


def test_without_a_terminal_and_without_yes_nothing_is_sent(shop: CommandLine) -> None:
    shop.write(variables(currency="EUR", shop="one"))
    refused = shop("apply", "patchworks.yaml")
    assert refused.status == 6
    assert "takes --yes" in refused.err
    assert not shop.requests()


def test_a_hand_edit_in_the_draft_is_shown_and_not_overwritten(shop: CommandLine, patchworks: Patchworks) -> None:
    edit(patchworks, "currency", "XXX")
    shop.requests()
    planned = shop("plan", "patchworks.yaml")
    assert "! variable currency: draft XXX, deployed GBP, file GBP" in planned.out
    refused = shop("apply", "patchworks.yaml", "--yes", "--deploy")
    assert refused.status == 5
    assert not shop.writes()
    assert shop("apply", "patchworks.yaml", "--yes", "--discard-drafts").status == 0
    assert shop.writes() == ["virtual_environments.copy_version"]
    assert shop("plan", "patchworks.yaml", "--exit-code").status == 0


def test_an_entry_that_was_removed_by_hand_is_an_edit_too(shop: CommandLine, patchworks: Patchworks) -> None:
    draft = draft_of(patchworks)
    variables_of = patchworks.virtual_environment_versions.list_variables(draft)
    (variable,) = [variable for variable in variables_of if variable.key == "currency"]
    patchworks.virtual_environment_versions.delete_variable(draft, variable.id or 0)
    assert "! variable currency: draft -, deployed GBP, file GBP" in shop("plan", "patchworks.yaml").out
    assert shop("apply", "patchworks.yaml", "--yes").status == 5


def test_where_nothing_was_deployed_discarding_deletes_what_the_file_does_not_hold(
    cli: CommandLine, patchworks: Patchworks
) -> None:
    cli.write(variables(currency="GBP"))
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    edit(patchworks, "by_hand", "1")
    cli.requests()
    assert cli("apply", "patchworks.yaml", "--yes").status == 5
    assert not cli.writes()
    discarded = cli("apply", "patchworks.yaml", "--yes", "--discard-drafts")
    assert (discarded.status, discarded.out) == (0, "Shop: 1 deleted\n")
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0


def test_a_section_that_is_not_managed_is_never_touched(shop: CommandLine, patchworks: Patchworks) -> None:
    draft = draft_of(patchworks)
    patchworks.virtual_environment_versions.create_flow_priority(draft, flow_id="12", priority=3)
    shop.write(variables(currency="EUR", shop="one"))
    # It is written to, but what somebody else left in another section is not deployed along with it.
    assert shop("apply", "patchworks.yaml", "--yes", "--deploy").status == 5
    assert shop("apply", "patchworks.yaml", "--yes", "--prune").status == 0
    assert "{flow: 12, priority: 3}" in shop("export", "Shop").out


def test_a_stale_plan_is_refused_before_anything_is_written(shop: CommandLine, patchworks: Patchworks) -> None:
    shop.write(variables(currency="EUR", shop="one"))
    assert shop("plan", "patchworks.yaml", "--out", "shop.plan").status == 0
    edit(patchworks, "shop", "two")
    shop.requests()
    refused = shop("apply", "--plan", "shop.plan", "--yes")
    assert refused.status == 5
    assert "stale" in refused.err
    assert not shop.writes()


def test_a_saved_plan_is_carried_out_and_prunes_only_when_told(shop: CommandLine) -> None:
    shop.write(variables(currency="EUR"))
    shop("plan", "patchworks.yaml", "--out", "shop.plan")
    shop.write("this file is not read again")
    assert shop("apply", "--plan", "shop.plan", "--yes").out == "Shop: 1 changed, 1 delete waits for --prune\n"
    shop.write(variables(currency="GBP"))
    shop("plan", "patchworks.yaml", "--out", "shop.plan")
    assert shop("apply", "--plan", "shop.plan", "--yes", "--discard-drafts", "--prune").out == (
        "Shop: edits in the draft discarded, 1 deleted\n"
    )


@pytest.mark.parametrize(
    "content", ["", "{}", "[", "[]", '{"format": "patchworks-plan/1"}', '{"format": 1}', "[" * 9999]
)
def test_what_is_no_saved_plan_is_refused(cli: CommandLine, content: str) -> None:
    refused = cli("apply", "--plan", cli.write(content, "x.plan"), "--yes")
    assert refused.status == 6
    assert "no saved plan" in refused.err
    assert not cli.requests()


def test_a_plan_for_another_server_is_refused(shop: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    shop("plan", "patchworks.yaml", "--out", "shop.plan")
    shop.requests()
    monkeypatch.setenv("PATCHWORKS_BASE_URL", "http://127.0.0.1:9")
    assert shop("apply", "--plan", "shop.plan", "--yes").status == 6
    assert not shop.requests()


def test_a_protected_environment_is_only_written_to_when_told(shop: CommandLine) -> None:
    shop.write(variables(currency="EUR", shop="one") + "    protected: true\n")
    assert "Shop  (protected)" in shop("plan", "patchworks.yaml").out
    refused = shop("apply", "patchworks.yaml", "--yes", "--deploy")
    assert refused.status == 6
    assert "--include-protected" in refused.err
    assert not shop.writes()
    assert shop("apply", "patchworks.yaml", "--yes", "--include-protected").status == 0


def test_more_than_30_percent_are_deleted_only_with_force(cli: CommandLine) -> None:
    cli.write(variables(**{f"v{number}": "1" for number in range(10)}))
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    cli.requests()
    cli.write(variables(**{f"v{number}": "1" for number in range(6)}))
    refused = cli("apply", "patchworks.yaml", "--yes", "--prune")
    assert refused.status == 6
    assert "4 of 10 entries" in refused.err
    assert not cli.writes()
    assert cli("apply", "patchworks.yaml", "--yes", "--prune", "--force").status == 0
    cli.write(variables(v0="1"))
    # An environment of fewer than ten entries may lose them all.
    assert cli("apply", "patchworks.yaml", "--yes", "--prune").status == 0


def test_others_are_done_with_keep_going(shop: CommandLine, patchworks: Patchworks) -> None:
    edit(patchworks, "currency", "XXX")
    shop.write(variables(currency="GBP", shop="one") + "  Other: {variables: {a: {type: string, value: b}}}\n")
    shop.requests()
    assert shop("apply", "patchworks.yaml", "--yes").status == 5
    assert not shop.writes()
    went_on = shop("apply", "patchworks.yaml", "--yes", "--keep-going")
    assert went_on.status == 4
    assert "Shop: refused, nothing was written\nOther: environment written, 1 created\n" in went_on.out
    assert shop("plan", "patchworks.yaml", "Other", "--exit-code").status == 0


@pytest.mark.usefixtures("visible_at_once")
def test_a_failed_create_stops_the_deletes_and_counts_are_true(shop: CommandLine) -> None:
    shop.write(variables(currency="EUR", new="1"))
    shop.sandbox.faults.add("next 422 on virtual_environment_versions.create_variable")
    failed = shop("apply", "patchworks.yaml", "--yes", "--prune", "--format", "json", "--deploy")
    assert failed.status == 4
    (environment,) = json.loads(failed.out)["environments"]
    assert (environment["status"], environment["created"], environment["changed"]) == ("failed", 0, 1)
    writes = shop.writes()
    assert not [name for name in writes if "delete" in name or "deploy" in name]
    # The rerun needs no --discard-drafts: what was written is what the file wants.
    assert shop("apply", "patchworks.yaml", "--yes", "--prune", "--deploy").status == 0


def test_what_is_deployed_already_is_not_deployed_again_and_a_full_draft_is(shop: CommandLine) -> None:
    assert shop("apply", "patchworks.yaml", "--yes", "--deploy").out == "Shop: nothing to do\n"
    assert not shop.writes()
    shop.write(variables(currency="EUR", shop="one"))
    assert shop("apply", "patchworks.yaml", "--yes").status == 0
    assert "not deployed yet" not in shop("plan", "patchworks.yaml").err
    shop.requests()
    assert shop("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    assert shop.writes() == ["virtual_environments.deploy_version"]


def test_what_was_never_deployed_is_deployed_though_nothing_has_to_be_changed(shop: CommandLine) -> None:
    shop.write("schema: 1\nenvironments:\n  New: {}\n")
    assert shop("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    assert shop.writes() == ["virtual_environments.create", "virtual_environments.deploy_version"]


def test_two_environments_of_one_name_are_an_error_that_names_both(shop: CommandLine, patchworks: Patchworks) -> None:
    other = patchworks.virtual_environments.create(name="Shop", labels=[])
    refused = shop("plan", "patchworks.yaml")
    assert refused.status == 6
    assert str(other.id) in refused.err
    assert "2 environments called 'Shop'" in refused.err
    assert shop("export").status == 6
    shop.write(f"schema: 1\nenvironments:\n  Shop: {{id: {other.id}}}\n")
    assert shop("plan", "patchworks.yaml").status == 0
    shop.write(f"schema: 1\nenvironments:\n  Shop: {{id: {other.id}}}\n  B: {{id: 999999}}\n")
    assert "pinned to the id '999999'" in shop("plan", "patchworks.yaml").err


def test_one_environment_under_two_names_of_the_file_is_an_error(shop: CommandLine, patchworks: Patchworks) -> None:
    (environment,) = [item for item in patchworks.virtual_environments.list(per_page=100) if item.name == "Shop"]
    shop.write(f"schema: 1\nenvironments:\n  Shop: {{}}\n  B: {{id: {environment.id}}}\n")
    refused = shop("plan", "patchworks.yaml")
    assert refused.status == 6
    assert "both the environment" in refused.err
