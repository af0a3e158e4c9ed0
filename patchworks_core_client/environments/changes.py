"""What differs between what is wanted and what is there: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import attrs

from .configuration import Wanted
from .entries import SECTIONS, Contents, Entry, Key, differences, order, same
from .reading import State

Action = Literal["create", "update", "delete"]


@attrs.frozen
class Change:
    """One entry that is to be created, changed or deleted.

    Attributes:
        action: what is to be done.
        place: the entry's natural key, the section included.
        want: what it is to be; `None` for a delete.
        have: what it is; `None` for a create.
        fields: of an update, the fields that differ.
    """

    action: Action
    place: Key
    want: Entry | None
    have: Entry | None
    fields: tuple[str, ...] = ()


@attrs.frozen
class AttributeChange:
    """A change of the environment itself: its name, type, description or labels."""

    name: str
    have: str
    want: str


def required_changes(wanted: Wanted, contents: Contents) -> tuple[Change, ...]:
    """Return what makes `contents` what is wanted: creates and updates, then deletes."""
    wants = wanted.contents
    writes: list[Change] = []
    deletes: list[Change] = []
    for place in sorted({*wants, *(place for place in contents if place[0] in wanted.sections)}, key=order):
        want, have = wants.get(place), contents.get(place)
        if want is None:
            deletes.append(Change("delete", place, None, have))
        elif have is None:
            writes.append(Change("create", place, want, None))
        elif fields := differences(have, want):
            writes.append(Change("update", place, want, have, fields))
    return (*writes, *deletes)


def attribute_changes(wanted: Wanted, state: State) -> tuple[AttributeChange, ...]:
    """Return what differs in the environment itself, as far as the file manages it."""
    named = state.named
    pairs = [
        ("name", named.name, wanted.name),
        ("type", named.type, wanted.type),
        ("description", named.description, wanted.description),
        ("labels", shown_labels(named.labels), None if wanted.labels is None else shown_labels(wanted.labels)),
    ]
    return tuple(
        AttributeChange(name, have, want)
        for name, have, want in pairs
        if want is not None and have.strip() != want.strip()
    )


def shown_labels(labels: Iterable[str] | None) -> str:
    """Return labels as one text that compares."""
    return ", ".join(sorted(labels or ()))


def incomparable(wanted: Wanted, contents: Contents) -> tuple[Key, ...]:
    """Return the secrets that are both wanted and there: whether their values are alike cannot be told."""
    return tuple(
        place
        for place, entry in sorted(wanted.contents.items(), key=lambda item: order(item[0]))
        if entry.secret and place in contents
    )


def edits(wanted: Wanted, state: State) -> tuple[Key, ...]:
    """Return what the draft holds that is in neither the file nor the deployed version; absence is a state, too.

    Only sections that the file manages are looked at: nothing is written to others.
    """
    if state.draft is None:
        return ()
    wants, deployed = wanted.contents, state.deployed or {}
    places = {place for place in (*wants, *state.draft, *deployed) if place[0] in wanted.sections}
    return tuple(
        place
        for place in sorted(places, key=order)
        if not same(state.draft.get(place), wants.get(place)) and not same(state.draft.get(place), deployed.get(place))
    )


def undeployed(state: State, sections: Iterable[str] = SECTIONS) -> tuple[Key, ...]:
    """Return where the draft differs from the deployed version, in some sections; nothing where either is missing."""
    if state.draft is None or state.deployed is None:
        return ()
    return differing(state.draft, state.deployed, sections)


def differing(one: Contents, other: Contents, sections: Iterable[str] = SECTIONS) -> tuple[Key, ...]:
    """Return where two contents differ."""
    chosen = set(sections)
    places = {place for place in (*one, *other) if place[0] in chosen}
    return tuple(sorted((place for place in places if not same(one.get(place), other.get(place))), key=order))


def after(contents: Contents, made: Iterable[Change]) -> Contents:
    """Return what `contents` will be once those changes are made."""
    result: dict[Key, Entry] = dict(contents)
    for change in made:
        if change.want is None:
            result.pop(change.place, None)
        else:
            result[change.place] = change.want
    return result


def tally(made: Iterable[Change]) -> Mapping[str, int]:
    """Return how many changes there are of each action."""
    counts = {"create": 0, "update": 0, "delete": 0}
    for change in made:
        counts[change.action] += 1
    return counts
