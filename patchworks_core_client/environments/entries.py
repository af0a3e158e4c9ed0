"""Entries (variables, manifests, flow priorities): their keys, fields and order, in the file as on the server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import attrs

from .escaping import printable

Section = Literal["variables", "manifests", "flow_priorities"]
SECTIONS: tuple[Section, ...] = ("variables", "manifests", "flow_priorities")
FIELDS: Mapping[Section, tuple[str, ...]] = {
    "variables": ("type", "value", "fallback", "date_format"),
    "manifests": ("replacement",),
    "flow_priorities": ("priority", "notes"),
}
Key = tuple[str, ...]
_TRUE = frozenset({"1", "true", "on", "yes"})


@attrs.frozen
class Entry:
    """A variable, a replacement rule or a flow priority.

    Attributes:
        section: the section of the file that it belongs to.
        key: its natural key inside of the section: a variable's key; model type and original; a flow.
        fields: what it says, as text; what is empty is left out. The value of a secret is never among them.
        secret: whether it is a secret variable.
        source: where the value of a secret is to be had.
        id: the server's id of it.
        updated_at: when the server last changed it.
    """

    section: Section
    key: Key
    fields: Mapping[str, str] = attrs.field(factory=dict[str, str])
    secret: bool = False
    source: str | None = None
    id: str | None = None
    updated_at: str | None = None

    @property
    def place(self) -> Key:
        """Its natural key, the section included."""
        return (self.section, *self.key)


Contents = Mapping[Key, Entry]


def label(place: Key) -> str:
    """Return what to call the entry at `place`: `currency`, `connector 812`, `flow 12`."""
    prefix = "flow " if place[0] == "flow_priorities" else ""
    return prefix + printable(" ".join(place[1:]))


def order(place: Key) -> tuple[Any, ...]:
    """Return what to sort places by: sections in their order, numbers as numbers."""
    return (SECTIONS.index(place[0]), tuple(natural(part) for part in place[1:]))


def natural(text: str) -> tuple[int, int, str]:
    """Return what to sort a text by that may be a number."""
    is_number = text.isascii() and text.isdigit() and len(text) < 19
    return (0, int(text), text) if is_number else (1, 0, text)


def as_text(value: object) -> str:
    """Return a value of the server as text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def when(value: object) -> str:
    """Return a time of the server as text, in UTC."""
    if not isinstance(value, datetime):
        return as_text(value)
    return (value.astimezone(UTC) if value.tzinfo else value).isoformat()


def is_true(value: object) -> bool:
    """Return what a flag means, however the server spells it."""
    return value.strip().lower() in _TRUE if isinstance(value, str) else bool(value)


def filled(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that are not empty."""
    return {name: value for name, value in fields.items() if value}
