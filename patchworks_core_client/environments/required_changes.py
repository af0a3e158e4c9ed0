"""Decide which entries and attributes have to be created, updated or deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import attrs

from .configuration import Wanted
from .entries import Contents, Entry, Key, order
from .entry_differences import differences
from .server_state import EnvironmentState

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


def attribute_changes(wanted: Wanted, state: EnvironmentState) -> tuple[AttributeChange, ...]:
    """Return what differs in the environment itself, as far as the file manages it."""
    environment = state.environment
    pairs = [
        ("name", environment.name, wanted.name),
        ("type", environment.type, wanted.type),
        ("description", environment.description, wanted.description),
        ("labels", shown_labels(environment.labels), None if wanted.labels is None else shown_labels(wanted.labels)),
    ]
    return tuple(
        AttributeChange(name, have, want)
        for name, have, want in pairs
        if want is not None and have.strip() != want.strip()
    )


def shown_labels(labels: Iterable[str] | None) -> str:
    """Return labels as one text that compares."""
    return ", ".join(sorted(labels or ()))


def contents_after(contents: Contents, made: Iterable[Change]) -> Contents:
    """Return what `contents` will be once those changes are made."""
    result: dict[Key, Entry] = dict(contents)
    for change in made:
        if change.want is None:
            result.pop(change.place, None)
        else:
            result[change.place] = change.want
    return result


def count_by_action(made: Iterable[Change]) -> Mapping[str, int]:
    """Return how many changes there are of each action."""
    counts = {"create": 0, "update": 0, "delete": 0}
    for change in made:
        counts[change.action] += 1
    return counts
