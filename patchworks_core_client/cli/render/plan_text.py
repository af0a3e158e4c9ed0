"""A plan as text, for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from ...environments.entries import Key, label
from ...environments.escaping import printable
from ...environments.plans import REQUESTS_PER_MINUTE, EnvironmentPlan, Plan
from ...environments.required_changes import Change, count_by_action
from ..humanize import count, duration
from .entry_text import MARKS, change_text, noun, shown, summary

STYLES = {"create": "green", "update": "yellow", "delete": "red"}
SHORT = 30
MAX_LISTED = 20
# Stands for a space until a line is broken.
_HELD = "\ue000"


def show_plan(plan: Plan, console: Console) -> None:
    """Print a plan: what changes by environment, what does not in one line."""
    # At once, since printing a line takes longer than making it.
    console.print(Text("\n").join(_rows(plan, console)))


def _rows(plan: Plan, console: Console) -> Iterator[Text]:
    folded = [environment for environment in plan.environments if environment.is_empty and not environment.edits]
    for environment in plan.environments:
        if environment not in folded:
            yield _title(environment)
            for line in _lines(environment):
                yield from _wrapped(line, console, indent=2, hanging=4)
            yield Text()
    for text in _folded(folded):
        yield from _wrapped(text, console, hanging=2)
    for name, places in plan.kept:
        if places:
            names = ", ".join(_unbroken(label(place)) for place in places)
            yield from _wrapped(Text(f"Stays different in {printable(name)}: {names}"), console, hanging=2)
    for sentence in closing(plan):
        yield from _wrapped(Text(sentence, "bold"), console)


def _wrapped(text: Text, console: Console, *, indent: int = 0, hanging: int = 0) -> Iterator[Text]:
    """Yield the lines of a text with an indent, and a deeper one for the lines that it goes on over."""
    margin = indent + hanging
    for number, line in enumerate(text.wrap(console, max(20, console.width - margin))):
        line.rstrip()
        line.plain = line.plain.replace(_HELD, " ")
        yield Text(" " * (margin if number else indent)) + line


def _unbroken(name: str) -> str:
    """Return a name that no line ends in."""
    return printable(name).replace(" ", _HELD)


def _listed(names: Iterable[str]) -> str:
    """Return names in one line, as many as one likes to read."""
    first = list(names)
    more = f" and {len(first) - MAX_LISTED} more" if len(first) > MAX_LISTED else ""
    return ", ".join(first[:MAX_LISTED]) + more


def closing(plan: Plan) -> tuple[str, ...]:
    """Return the last sentences of a plan."""
    if plan.is_empty:
        return ("Nothing to do: the drafts hold what is wanted.",)
    total = count_by_action(change for environment in plan.environments for change in environment.changes)
    new = sum(environment.state is None for environment in plan.environments)
    changed = sum(bool(environment.attributes) for environment in plan.environments)
    parts = [
        f"{total['create']} to create, {total['update']} to change, {total['delete']} to delete",
        *([count(new, "new environment")] if new else []),
        *([f"{count(changed, 'environment')} to change"] if changed else []),
    ]
    estimate = f"{count(plan.requests, 'request')}, about {duration(plan.seconds)} at {REQUESTS_PER_MINUTE} a minute."
    return (f"Plan: {', '.join(parts)}.", estimate)


def _title(plan: EnvironmentPlan) -> Text:
    title = Text(printable(plan.name), "bold")
    notes = [note for note, holds in (("new", plan.state is None), ("protected", plan.wanted.protected)) if holds]
    if plan.state is not None and plan.state.draft is None and not plan.is_empty:
        notes.append("has no draft; one is made")
    return title.append(f"  ({', '.join(notes)})" if notes else "", "dim")


def _lines(plan: EnvironmentPlan) -> Iterator[Text]:
    for item in plan.attributes:
        yield Text.assemble(("~ ", "yellow"), f"{item.name}: {shown(item.have)} -> {shown(item.want)}")
    for change in plan.changes:
        yield _change(change)
    for place in plan.incomparable:
        yield Text.assemble(("? ", "cyan"), f"{noun(place)} {label(place)}: a secret, cannot be compared")
    if any(change.action == "delete" for change in plan.changes):
        yield Text("deletes wait for --prune", "dim")
    if plan.edits:
        yield Text(f"{count(len(plan.edits), 'edit')} in the draft, neither in the file nor deployed:", "magenta")
        for place in plan.edits:
            yield _edit(plan, place)
    others = [place for place in plan.undeployed if place not in plan.edits]
    if others:
        yield Text(f"not deployed yet: {_listed(_unbroken(label(place)) for place in others)}", "dim")


def _change(change: Change) -> Text:
    line = Text(f"{MARKS[change.action]} ", STYLES[change.action])
    line.append(f"{noun(change.place)} {label(change.place)}", STYLES[change.action])
    return line.append(f": {change_text(change)}", "default")


def _edit(plan: EnvironmentPlan, place: Key) -> Text:
    draft, deployed = (plan.state.draft or {}, plan.state.deployed or {}) if plan.state else ({}, {})
    states = (
        ("draft", draft.get(place)),
        ("deployed", deployed.get(place)),
        ("file", plan.wanted.contents.get(place)),
    )
    text = ", ".join(f"{name} {summary(entry, SHORT)}" for name, entry in states)
    return Text.assemble(("! ", "magenta"), f"{noun(place)} {label(place)}: {text}")


def _folded(folded: list[EnvironmentPlan]) -> Iterator[Text]:
    if not folded:
        return
    secrets = sum(len(environment.incomparable) for environment in folded)
    names = _listed(_unbroken(environment.name) for environment in folded)
    note = f" ({count(secrets, 'secret')} cannot be compared)" if secrets else ""
    yield Text(f"Unchanged: {names}{note}", "dim")
    waiting = [environment for environment in folded if environment.undeployed]
    if waiting:
        names = _listed(f"{_unbroken(item.name)} ({len(item.undeployed)})" for item in waiting)
        yield Text(f"Not deployed yet: {names}", "dim")
