"""`deploy`, `history` and `rollback`."""

from __future__ import annotations

import json

import pytest

from patchworks_core_client import Patchworks

from .conftest import CommandLine
from .test_safety import draft_of, edit, variables

pytestmark = [pytest.mark.patchworks(keep_requests=10_000), pytest.mark.usefixtures("in_process")]


def deploy(cli: CommandLine, **values: str) -> None:
    cli.write(variables(**values))
    assert cli("apply", "patchworks.yaml", "--deploy", "--prune", "--yes").status == 0


def versions(cli: CommandLine) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(cli("history", "Shop", "--format", "json").out)
    return found


@pytest.mark.untraced
def test_a_rollback_brings_the_old_content_back(cli: CommandLine) -> None:
    deploy(cli, currency="GBP")
    before = cli("export", "Shop").out
    deploy(cli, currency="EUR", region="europe")
    cli.requests()
    done = cli("rollback", "Shop", "--yes")
    assert done.status == 0
    assert "goes back to version 1" in done.err
    assert "currency, region" in done.err
    assert cli.writes() == ["virtual_environments.copy_version", "virtual_environments.deploy_version"]
    assert cli("export", "Shop").out == before
    assert cli("diff", "Shop@draft", "Shop@deployed", "--exit-code").status == 0
    # Going back once more goes to what was deployed in between.
    assert "region" in cli("rollback", "Shop", "--yes").err
    assert "region" in cli("export", "Shop").out


def test_a_rollback_to_a_version(cli: CommandLine) -> None:
    for currency in ("GBP", "EUR", "USD", "SEK", "NOK"):
        deploy(cli, currency=currency)
    history = versions(cli)
    assert [version["status"] for version in history] == ["draft", "deployed", "inactive", "inactive", "inactive"]
    shown = cli("history", "Shop")
    assert all(version["id"] in shown.out for version in history)
    target, oldest = history[3], history[4]
    done = cli("rollback", "Shop", "--to", target["id"], "--yes")
    assert done.status == 0
    assert f"drops inactive version {oldest['number']} (id {oldest['id']}) for good" in done.err
    assert "USD" in cli("export", "Shop").out
    assert oldest["id"] not in [version["id"] for version in versions(cli)]


def test_what_cannot_be_gone_back_to(cli: CommandLine) -> None:
    deploy(cli, currency="GBP")
    assert "has no version that was deployed before" in cli("rollback", "Shop", "--yes").err
    (draft, deployed) = versions(cli)
    assert (
        f"version '{deployed['id']}' is the deployed one"
        in cli("rollback", "Shop", "--to", deployed["id"], "--yes").err
    )
    assert "is the draft one" in cli("rollback", "Shop", "--to", draft["id"], "--yes").err
    refused = cli("rollback", "Shop", "--to", "99", "--yes")
    assert refused.status == 6
    assert "has no version with the id '99'; inactive ones have the ids none" in refused.err


def test_a_draft_with_edits_is_not_lost_in_a_rollback(cli: CommandLine, patchworks: Patchworks) -> None:
    deploy(cli, currency="GBP")
    deploy(cli, currency="EUR")
    edit(patchworks, "currency", "XXX")
    cli.requests()
    refused = cli("rollback", "Shop", "--yes")
    assert refused.status == 5
    assert "(currency)" in refused.err
    assert not cli.writes()
    done = cli("rollback", "Shop", "--yes", "--discard-drafts")
    assert done.status == 0
    assert "1 edit in the draft will be discarded" in done.err
    assert "GBP" in cli("export", "Shop").out


def test_a_rollback_without_a_draft(cli: CommandLine, patchworks: Patchworks) -> None:
    deploy(cli, currency="GBP")
    deploy(cli, currency="EUR")
    delete_draft(patchworks)
    assert cli("rollback", "Shop", "--yes").status == 0
    assert "GBP" in cli("export", "Shop").out


def delete_draft(pw: Patchworks) -> None:
    (environment,) = [item for item in pw.virtual_environments.list(per_page=100) if item.name == "Shop"]
    pw.virtual_environments.delete_version(environment.id or 0, draft_of(pw))


def test_a_draft_is_deployed_by_hand(cli: CommandLine, patchworks: Patchworks) -> None:
    deploy(cli, currency="GBP")
    assert cli("deploy", "Shop", "--yes").out == "Shop: nothing to deploy\n"
    edit(patchworks, "currency", "EUR")
    edit(patchworks, "token", "x")
    cli.requests()
    done = cli("deploy", "Shop", "--yes")
    assert done.status == 0
    assert "2 entries change" in done.err
    assert cli.writes() == ["virtual_environments.deploy_version"]
    edit(patchworks, "currency", "SEK")
    assert "1 entry change" in cli("deploy", "Shop", "--yes").err
    delete_draft(patchworks)
    refused = cli("deploy", "Shop", "--yes")
    assert refused.status == 1
    assert "has no draft" in refused.err


def test_a_changed_secret_is_deployed_though_it_cannot_be_seen(
    cli: CommandLine, patchworks: Patchworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "one")
    cli.write(
        "schema: 1\nenvironments: {Shop: {variables: {t: {type: string, secret: true, value: !secret env:TOKEN}}}}\n"
    )
    assert cli("apply", "patchworks.yaml", "--deploy", "--yes").status == 0
    assert cli("apply", "patchworks.yaml", "--deploy", "--write-secret", "t", "--yes").status == 0
    assert len(versions(cli)) == 3


def test_a_failed_deploy_stops_the_rest_and_says_what_was_done(cli: CommandLine, patchworks: Patchworks) -> None:
    cli.write(
        "schema: 1\nenvironments:\n"
        + "".join(f"  {name}: {{variables: {{a: {{type: string, value: b}}}}}}\n" for name in "ABC")
    )
    assert cli("apply", "patchworks.yaml", "--yes", "--concurrency", "1").status == 0
    cli.requests()
    cli.sandbox.faults.add("next 403 on virtual_environments.deploy_version")
    refused = cli("deploy", "A", "B", "--yes")
    assert refused.status == 3
    assert cli.writes() == ["virtual_environments.deploy_version"]
    assert cli("deploy", "A", "--yes").status == 0

    def then_refuse(request: object) -> None:
        if "/2/versions/" in getattr(request, "path", "") and getattr(request, "method", "") == "POST":
            cli.sandbox.faults.add("next 403 on virtual_environments.deploy_version")

    cli.sandbox.on_request = then_refuse
    in_part = cli("deploy", "B", "C", "--yes")
    assert in_part.status == 4
    assert in_part.out.startswith("B: version ")


def test_an_apply_without_a_draft_makes_one(cli: CommandLine, patchworks: Patchworks) -> None:
    deploy(cli, currency="GBP")
    delete_draft(patchworks)
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0
    cli.write(variables(currency="EUR"))
    assert "has no draft; one is made" in cli("plan", "patchworks.yaml").out
    cli.requests()
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    assert cli.writes() == ["virtual_environments.copy_version", "virtual_environment_versions.update_variable"]


def test_an_apply_without_any_version_makes_one(cli: CommandLine, patchworks: Patchworks) -> None:
    cli.write("schema: 1\nenvironments: {Shop: {}}\n")
    assert cli("apply", "patchworks.yaml", "--yes").status == 0
    delete_draft(patchworks)
    cli.write(variables(currency="EUR"))
    cli.requests()
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy").status == 0
    assert cli.writes() == [
        "virtual_environments.create_version",
        "virtual_environment_versions.create_variable",
        "virtual_environments.deploy_version",
    ]
