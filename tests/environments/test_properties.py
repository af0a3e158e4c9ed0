"""Properties of the pure decisions, for any state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import pytest
from hypothesis import given, settings, strategies as st

from patchworks_core_client.environments import exporting, file_updates, required_changes
from patchworks_core_client.environments.apply_work import ApplyOptions, blocking_edits, work_for
from patchworks_core_client.environments.configuration import Configuration, Wanted
from patchworks_core_client.environments.draft_edits import edits_of_others
from patchworks_core_client.environments.entries import SECTIONS, Contents, Entry
from patchworks_core_client.environments.entry_differences import differing
from patchworks_core_client.environments.plans import make_plan
from patchworks_core_client.environments.safety_rules import broken_rule
from patchworks_core_client.environments.saved_plans import SavedPlan, to_json
from patchworks_core_client.environments.server_state import Environment, EnvironmentState, Version

CHARACTERS = st.characters(exclude_categories=["Cs"])
# The server takes spaces around a text off, so no key has any.
KEYS = st.one_of(
    st.sampled_from(["currency", "no", "12", "007", "1.50", "null", "<<", "~", "a: b", "- x", "é"]),
    st.text(CHARACTERS, min_size=1, max_size=8).map(str.strip).filter(bool),
)
VALUES = st.one_of(st.just(""), KEYS, st.text(CHARACTERS, max_size=12))
IDS = st.one_of(st.integers(0, 30).map(str), KEYS)


@st.composite
def variables(draw: st.DrawFn) -> Entry:
    secret = draw(st.integers(0, 5)) == 0
    fields = {"type": draw(KEYS), "fallback": draw(VALUES), "date_format": draw(VALUES)}
    if not secret:
        fields["value"] = draw(VALUES)
    fields = {name: value for name, value in fields.items() if value}
    return Entry("variables", (draw(KEYS),), fields, secret=secret)


manifests = st.builds(
    lambda kind, original, replacement: Entry("manifests", (kind, original), {"replacement": replacement}),
    st.sampled_from(["connector", "script"]),
    IDS,
    IDS,
)
priorities = st.builds(
    lambda flow, priority, notes: Entry(
        "flow_priorities", (flow,), {"priority": str(priority), **({"notes": notes} if notes else {})}
    ),
    IDS,
    st.integers(-5, 5),
    VALUES,
)
contents: st.SearchStrategy[Contents] = st.lists(st.one_of(variables(), manifests, priorities), max_size=12).map(
    lambda entries: {entry.place: entry for entry in entries}
)


@st.composite
def states(draw: st.DrawFn, name: str = "Shop") -> EnvironmentState:
    draft, deployed = draw(st.one_of(st.none(), contents)), draw(st.one_of(st.none(), contents))
    versions = (
        *([Version("1", "1", "deployed")] if deployed is not None else []),
        *([Version("2", "2", "draft")] if draft is not None else []),
    )
    labels = draw(st.lists(st.integers(1, 9).map(str), max_size=3, unique=True).map(sorted).map(tuple))
    named = Environment("7", name, draw(st.sampled_from(["", "test", "live"])), draw(VALUES)[:9].strip(), labels)
    return EnvironmentState(named, versions, draft, deployed)


wanteds = st.builds(
    lambda content, managed: Wanted(
        "Shop",
        sections={
            section: tuple(entry for entry in content.values() if entry.section == section) for section in managed
        },
    ),
    contents,
    st.sets(st.sampled_from(SECTIONS)),
)
# Of the two that write and read whole files.
fewer = settings(max_examples=settings().max_examples // 3)
options = st.builds(
    ApplyOptions, deploy=st.booleans(), prune=st.booleans(), force=st.booleans(), discard_drafts=st.booleans()
)


@pytest.mark.parametrize(
    "text",
    ["?0", "?", ":a", ":", "a:?", "-a", "- a", "=", "<<", "<", "a: b", "a #b", "{a", "a]", "no", "null", "0x1", "1_0"],
)
def test_a_text_that_yaml_has_a_use_for_stays_a_text(tmp_path: Path, text: str) -> None:
    entries = (
        Entry("variables", (text,), {"type": "string", "value": text}),
        Entry("flow_priorities", (text,), {"priority": "1"}),
        Entry("manifests", ("Flow", text), {"replacement": text}),
    )
    wanted = Wanted(
        "One", sections={section: tuple(e for e in entries if e.section == section) for section in SECTIONS}
    )
    path = tmp_path / "x.yaml"
    path.write_text("schema: 1\nenvironments:\n  One: {}\n", "utf-8")
    found = Configuration.parse(file_updates.updated_text(path, [wanted]))
    assert not required_changes.required_changes(wanted, found.select(["One"])[0].contents)
    assert found.select(["One"])[0].contents.keys() == {entry.place for entry in entries}


@fewer
@given(states("One"), states("Two"), wanteds, st.sampled_from(["\n", "\r\n"]))
def test_a_file_is_brought_up_to_date_whatever_its_texts(
    one: EnvironmentState, two: EnvironmentState, wanted: Wanted, end: str
) -> None:
    text = exporting.file_text([one, two])
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.yaml")
        path.write_text(text, "utf-8", newline=end)
        found = file_updates.updated_text(path, [attrs.evolve(wanted, name="One")])
    assert found.count("\n") == found.count(end)
    before, after = Configuration.parse(text), Configuration.parse(found)
    assert after.select(["Two"]) == before.select(["Two"])
    assert not required_changes.required_changes(wanted, after.select(["One"])[0].contents)


@fewer
@given(st.lists(states(), min_size=1, max_size=4))
def test_a_plan_of_an_export_is_empty(found: list[EnvironmentState]) -> None:
    named = [
        attrs.evolve(
            state,
            environment=attrs.evolve(state.environment, id=str(number), name=f"{state.environment.name} {number}"),
        )
        for number, state in enumerate(found)
    ]
    text = exporting.file_text(named)
    assert text == exporting.file_text(named[::-1])
    configuration = Configuration.parse(text)
    by_name: Mapping[str, EnvironmentState] = {state.environment.name: state for state in named}
    plan = make_plan(configuration.environments, [by_name[wanted.name] for wanted in configuration.environments])
    assert plan.is_empty, [(item.attributes, item.changes) for item in plan.environments]


@pytest.mark.untraced
@given(wanteds, contents)
def test_the_changes_make_it_what_is_wanted_and_nothing_else(wanted: Wanted, content: Contents) -> None:
    made = required_changes.required_changes(wanted, content)
    result = required_changes.contents_after(content, made)
    assert not required_changes.required_changes(wanted, result)
    assert not differing(result, wanted.contents, wanted.sections)
    assert not differing(result, content, set(SECTIONS) - set(wanted.sections))
    actions = [change.action for change in made]
    assert "delete" not in actions or set(actions[actions.index("delete") :]) == {"delete"}


@given(wanteds, states(), options)
def test_what_an_apply_may_do(wanted: Wanted, state: EnvironmentState, chosen: ApplyOptions) -> None:
    plan = make_plan([wanted], [state]).environments[0]
    work = work_for(plan, chosen)
    deletes = sum(change.action == "delete" for change in work.changes)
    never_deployed = state.deployed is None
    if deletes:
        assert chosen.prune or (chosen.discard_drafts and never_deployed and plan.edits)
    if broken_rule(work, chosen) is None and not work.is_empty:
        # What others did in the draft is not lost, and not deployed unseen, unless that is asked for.
        assert chosen.discard_drafts or not blocking_edits(plan, chosen)
        held = len(plan.contents)
        assert chosen.force or held < 10 or deletes <= 0.3 * held
    if work.deploy:
        assert chosen.deploy


@pytest.mark.untraced
@given(wanteds, states())
def test_a_rerun_after_any_part_of_the_work_is_not_taken_for_edits_of_others(
    wanted: Wanted, state: EnvironmentState
) -> None:
    """Whatever share of the changes was made when it broke off, the draft then holds no more edits than before."""
    if state.draft is None:
        return
    before = set(edits_of_others(wanted, state))
    made = required_changes.required_changes(wanted, state.draft)
    for count in range(len(made) + 1):
        halfway = attrs.evolve(state, draft=required_changes.contents_after(state.draft, made[:count]))
        assert set(edits_of_others(wanted, halfway)) <= before


@pytest.mark.untraced
@given(wanteds, states())
def test_a_plan_is_saved_and_read_again(wanted: Wanted, state: EnvironmentState) -> None:
    plan = make_plan([wanted], [state])
    saved = SavedPlan.parse(json.dumps(to_json(plan, "http://x")), "x")
    assert saved.wanted == (wanted,)
    assert (saved.digest, saved.server) == (plan.digest, "http://x")
    assert make_plan(saved.wanted, [state]) == plan


@pytest.mark.untraced
@given(states(), states())
def test_the_digest_tells_states_apart(one: EnvironmentState, other: EnvironmentState) -> None:
    alike = make_plan([Wanted("Shop")], [one]).digest == make_plan([Wanted("Shop")], [other]).digest
    assert alike == (one == other)


@pytest.mark.untraced
@given(contents, contents)
def test_the_base_is_what_more_than_half_share(one: Contents, other: Contents) -> None:
    base = exporting.shared_entries([one, one, other])
    assert not differing(base, one)
    assert exporting.shared_entries([one]) == one


def test_a_section_that_only_one_lacks_is_cleared_in_its_overlay() -> None:
    entry = Entry("variables", ("a",), {"type": "string", "value": "b"})
    rule = Entry("manifests", ("connector", "1"), {"replacement": "2"})
    full, bare = {entry.place: entry, rule.place: rule}, {rule.place: rule}
    found = [
        EnvironmentState(Environment(str(number), f"E{number}"), draft=draft)
        for number, draft in enumerate((full, full, bare))
    ]
    text = exporting.file_text(found)
    assert "  E2:\n    variables: !none" in text
    configuration = Configuration.parse(text)
    assert make_plan(configuration.environments, found).is_empty
    assert "{model_type: connector, original: 1, replacement: null}" in exporting.file_text(
        [*found[:2], EnvironmentState(Environment("3", "E3"), draft={entry.place: entry, **other()})]
    )


def other() -> Contents:
    entry = Entry("manifests", ("connector", "9"), {"replacement": "2"})
    return {entry.place: entry}
