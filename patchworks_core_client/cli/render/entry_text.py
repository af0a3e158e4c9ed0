"""An entry, or a change of one, as one line of text; the value of a secret is masked."""

from __future__ import annotations

from ...environments.entries import Entry, Key
from ...environments.escaping import printable
from ...environments.required_changes import Change
from ...environments.saved_plans import shown_fields, shown_value

NOUNS = {"variables": "variable", "manifests": "manifest", "flow_priorities": "priority"}
MARKS = {"create": "+", "update": "~", "delete": "-"}
MAX_VALUE = 60
MASKED = "••••"
NOTHING = "-"
FIELDS = {
    "variables": ("value", "fallback", "date_format", "type", "secret"),
    "manifests": ("replacement",),
    "flow_priorities": ("priority", "notes"),
}


def shown(value: str | None, limit: int = MAX_VALUE) -> str:
    """Return a value as it is shown."""
    return '""' if not value else printable(value, limit)


def noun(place: Key) -> str:
    """Return what kind of entry stands at a place."""
    return NOUNS[place[0]]


def summary(entry: Entry | None, limit: int = MAX_VALUE) -> str:
    """Return an entry in one line; the value of a secret is masked."""
    if entry is None:
        return NOTHING
    main, *others = FIELDS[entry.section]
    parts = [MASKED if entry.secret else shown(entry.fields.get(main), limit)]
    for name in others:
        value = shown_value(entry, name)
        if value is not None and not (name == "type" and value == "string"):
            parts.append("secret" if name == "secret" else f"{name}: {shown(value, limit)}")
    return ", ".join(parts)


def change_text(change: Change, limit: int = MAX_VALUE) -> str:
    """Return what a change does, in one line."""
    if change.action == "create":
        return summary(change.want, limit)
    if change.action == "delete":
        return f"was {summary(change.have, limit)}"
    return "; ".join(
        f"{name}: {shown(have, limit)} -> {shown(want, limit)}" for name, have, want in shown_fields(change)
    )
