"""`diff` and `promote`: comparing environments, and moving a change from one to another."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from patchworks_core_client.sandbox import RunningSandbox

from .conftest import CommandLine, applied

pytestmark = [pytest.mark.patchworks(keep_requests=10_000), pytest.mark.usefixtures("in_process")]

FILE = """\
# Our shops.
schema: 1
aliases:
  shopify-master: 812   # the one in the flows
  shopify-uk: 940
base:
  variables:
    currency: {type: string, value: GBP}
    mail: {type: string, value: shop@example.com}   # who answers
  manifests:
    - {model_type: connector, original: !alias shopify-master, replacement: !alias shopify-uk}
  flow_priorities:
    - {flow: 12, priority: 1}
environments:
  Sandbox:
    variables:
      api_token: {type: string, secret: true, value: !secret env:TOKEN}
      host: {type: string, value: sandbox.example}
      mail: {value: new@example.com}
    manifests:
      - {model_type: connector, original: 900, replacement: !alias shopify-uk}
    flow_priorities:
      - {flow: 12, priority: 5}
  Live:   # be careful
    type: live
    variables:
      host: {type: string, value: live.example}
      old: {type: string, value: "x"}
  Third:
    flow_priorities: !none
"""


@pytest.fixture(scope="module")
def state(patchworks_server: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sandbox that is ahead of the live environment."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TOKEN", "s3cret")
        return applied(patchworks_server, tmp_path_factory.mktemp("shops"), FILE)


@pytest.fixture
def shops(start_from: Callable[[Path], CommandLine], state: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line in front of that."""
    monkeypatch.setenv("TOKEN", "s3cret")
    cli = start_from(state)
    cli.write(FILE)
    return cli


def test_a_diff_shows_two_environments_side_by_side(shops: CommandLine) -> None:
    shown = shops("diff", "Sandbox", "Live")
    assert shown.status == 0
    for line in ("~  variable host", "+  variable old", "-  manifest connector 900", "6 differ, 2 alike."):
        assert line in shown.out
    assert shops("diff", "Sandbox", "Live", "--exit-code").status == 2
    found = json.loads(shops("diff", "Sandbox", "Live", "--format", "json").out)
    assert {
        "section": "variables",
        "key": ["api_token"],
        "a": {"type": "string", "secret": "true"},
        "b": None,
    } in found["differences"]
    assert (
        "| variable host | sandbox.example | live.example |"
        in shops("diff", "Sandbox", "Live", "--format", "markdown").out
    )
    assert "≠ live.example" in shops("diff", "Sandbox", "Live", "--format", "html").out
    assert not shops.writes()


def test_a_diff_of_draft_and_deployed(shops: CommandLine) -> None:
    same = shops("diff", "Sandbox@draft", "Sandbox@deployed", "--exit-code")
    assert same.status == 0
    assert "0 differ, 7 alike; 1 secret cannot be compared." in same.out
    assert "Nothing differs." in shops("diff", "Live", "Live", "--format", "markdown").out
    found = json.loads(shops("diff", "Sandbox@draft", "Sandbox@deployed", "--format", "json").out)
    assert found["incomparable"] == [{"section": "variables", "key": ["api_token"]}]
    shops.write("schema: 1\nenvironments: {New@draft: }\n")
    assert shops("apply", "patchworks.yaml", "--yes").status == 0
    # An environment that is called so wins, and one that was never deployed has no such side.
    assert shops("diff", "New@draft", "New@draft").status == 0
    refused = shops("diff", "New@draft@deployed", "Live")
    assert refused.status == 1
    assert "has no deployed version" in refused.err


@pytest.mark.untraced
def test_a_promotion_keeps_what_is_listed_and_brings_the_file_up_to_date(shops: CommandLine) -> None:
    arguments = ("promote", "Sandbox@deployed", "Live", "Third", "--keep", "host", "--out", "live.plan")
    noted = shops(*arguments)
    assert "the file differs" in noted.err
    assert "Stays different in Live: api_token, host" in noted.out
    promoted = shops(*arguments, "--write", "patchworks.yaml", "--exit-code")
    assert promoted.status == 2
    assert not shops.writes()
    assert shops("apply", "--plan", "live.plan", "--yes", "--prune", "--deploy").status == 0

    shown = shops("diff", "Sandbox", "Live").out
    assert "host" in shown
    assert "api_token" in shown
    assert "2 differ" in shown
    written = shops.read()
    for line in (
        "# Our shops.",
        "  Live:   # be careful",
        "shopify-master: 812   # the one in the flows",
        "      mail: {value: new@example.com}",
        "- {flow: 12, priority: 5}",
        "- {model_type: connector, original: 900, replacement: !alias shopify-uk}",
        "value: !secret env:TOKEN}",
    ):
        assert line in written
    assert "old:" not in written
    assert shops("plan", "patchworks.yaml", "--exit-code").status == 0


def test_a_promotion_back_removes_what_the_base_gives_already(shops: CommandLine) -> None:
    assert shops("promote", "Live", "Sandbox", "--keep", "host", "--write", "patchworks.yaml", "--out", "x").status == 0
    written = shops.read()
    sandbox = written[written.index("  Sandbox:") : written.index("  Live:")]
    assert "mail" not in sandbox
    assert "flow: 12" not in sandbox
    assert "original: 900" not in sandbox
    assert "api_token" not in sandbox
    # What the source lacks is deleted, and so waits for --prune.
    assert shops("apply", "--plan", "x", "--yes").status == 0
    assert "api_token" in shops("export", "Sandbox").out


def test_entries_of_the_base_are_taken_out_in_an_overlay(shops: CommandLine) -> None:
    assert shops("promote", "Third", "Live", "--write", "patchworks.yaml").status == 0
    live = shops.read()[shops.read().index("  Live:") :]
    assert "{flow: 12, priority: null}" in live or "{flow: 12, priority: }" in live
    assert "currency" not in live


def test_what_cannot_be_promoted(shops: CommandLine) -> None:
    for arguments, message in (
        (("Live", "Live"), "is the source, and cannot be a target"),
        (("Live", "Third", "--keep", "hots"), "neither source nor targets hold it; did you mean 'host'?"),
        (("Live", "Third", "--write", "missing.yaml"), "No such file"),
    ):
        refused = shops("promote", *arguments)
        assert refused.status == 6
        assert message in refused.err
    shops.write("schema: 1\nenvironments: {Live: }\n", "other.yaml")
    assert "other.yaml has no environment 'Third'" in shops("promote", "Live", "Third", "--write", "other.yaml").err


def test_a_file_that_does_not_manage_a_section_gets_it(shops: CommandLine) -> None:
    shops.write("schema: 1\nenvironments:\n  Live:\n")
    assert shops("promote", "Sandbox", "Live", "--keep", "host", "--write", "patchworks.yaml", "--out", "p").status == 0
    assert "shop@example.com" not in shops.read()
    assert "new@example.com" in shops.read()
    assert shops("apply", "--plan", "p", "--yes", "--prune").status == 0
    assert shops("plan", "patchworks.yaml", "--exit-code").status == 0


def test_what_an_overlay_says_already_is_replaced(shops: CommandLine) -> None:
    shops.write(
        FILE.replace(
            "  Third:\n    flow_priorities: !none\n",
            "  Third:\n"
            "    variables: {api_token: {type: string, secret: true, value: !secret env:TOKEN, fallback: a}}\n"
            "    manifests: !none\n"
            "    flow_priorities: [{flow: 12, priority: 7}]\n",
        )
    )
    assert shops("apply", "patchworks.yaml", "Third", "--yes", "--prune").status == 0
    promoted = shops(
        "promote", "Sandbox", "Third", "--write", "patchworks.yaml", "--format", "markdown", "--keep", "host"
    )
    assert "Stays different in Third: host" in promoted.out
    assert "cannot be compared" in promoted.out
    third = shops.read()[shops.read().index("  Third:") :]
    assert "api_token: {type: string, secret: true, value: !secret env:TOKEN}" in third
    assert "{flow: 12, priority: 5}" in third
    assert "original: 900" in third
    assert shops("promote", "Third", "Live", "--write", "patchworks.yaml").status == 0
    assert shops("promote", "Live", "Third", "--out", "x").status == 0


def test_a_section_that_was_cleared_comes_back_entry_by_entry(shops: CommandLine) -> None:
    shops.write(FILE.replace("    flow_priorities: !none", "    manifests: !none\n    flow_priorities: !none"))
    assert shops("promote", "Live", "Third", "--write", "patchworks.yaml", "--keep", "connector 812").status == 0
    cleared = FILE.replace(
        "    - {flow: 12, priority: 1}", "    - {flow: 12, priority: 1}\n    - {flow: 13, priority: 1}"
    )
    cleared = cleared.replace(
        "replacement: !alias shopify-uk}\n  flow",
        "replacement: 1}\n    - {model_type: a, original: 1, replacement: 2}\n  flow",
    )
    shops.write(cleared.replace("flow_priorities: !none", "flow_priorities: !none\n    manifests: !none"))
    assert shops("promote", "Live", "Third", "--write", "patchworks.yaml").status == 0
    third = shops.read()[shops.read().index("  Third:") :]
    assert "{flow: 13, priority:" in third
    assert "{model_type: a, original: 1, replacement:" in third


def test_a_promotion_of_what_is_alike_says_nothing_of_the_file(shops: CommandLine) -> None:
    shops.write("schema: 1\nenvironments: {P: , Q: }\n")
    assert shops("apply", "patchworks.yaml", "--yes").status == 0
    said = shops("promote", "P", "Q", "--exit-code")
    assert (said.status, said.err) == (0, "")
    assert "Nothing to do" in shops("promote", "P", "Q", "--format", "markdown").out


def test_a_promotion_into_a_protected_environment_is_refused(shops: CommandLine) -> None:
    shops.write(FILE.replace("    type: live\n", "    type: live\n    protected: true\n"))
    assert shops("promote", "Sandbox", "Live", "--write", "patchworks.yaml", "--out", "p").status == 0
    shops.requests()
    refused = shops("apply", "--plan", "p", "--yes")
    assert refused.status == 6
    assert not shops.writes()
    assert shops("apply", "--plan", "p", "--yes", "--include-protected").status == 0


def test_a_file_that_says_two_things_in_one_place_is_left_alone(shops: CommandLine) -> None:
    text = "schema: 1\nenvironments:\n  Live: &shared {variables: {a: {type: string, value: b}}}\n  Third: *shared\n"
    shops.write(text)
    refused = shops("promote", "Sandbox", "Live", "--write", "patchworks.yaml", "--keep", "api_token")
    assert refused.status == 1
    assert "edit it by hand" in refused.err
    assert shops.read() == text


def test_an_overlay_may_say_anew_what_kind_of_variable_it_is(shops: CommandLine) -> None:
    shops.write(
        "schema: 1\nbase: {variables: {a: {type: string, secret: true}, b: {type: string, value: 1}}}\nenvironments:\n"
        "  New: {variables: {a: {type: number, secret: false, value: 5}, b: null}}\n"
    )
    assert shops("apply", "patchworks.yaml", "--yes").status == 0
    assert "a: {type: number, value: '5'}" in shops("export", "New").out
