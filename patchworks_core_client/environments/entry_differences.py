"""Compare entries: which fields differ, and which secrets cannot be compared."""

from __future__ import annotations

from collections.abc import Iterable

from .entries import FIELDS, SECTIONS, Contents, Entry, Key, order


def differences(old: Entry, new: Entry) -> tuple[str, ...]:
    """Return the names of the fields in which two entries differ.

    Numbers and texts are compared as text, and without the spaces around them, which the server takes off. Empty is
    as good as missing. Of a secret, the value cannot be compared.
    """
    names = [
        name
        for name in FIELDS[new.section]
        if not (new.secret and name == "value") and _normal(old, name) != _normal(new, name)
    ]
    if old.secret != new.secret:
        names.append("secret")
    return tuple(names)


def same(one: Entry | None, other: Entry | None) -> bool:
    """Return whether two states of an entry are alike; absence is one."""
    if one is None or other is None:
        return one is other
    return not differences(one, other)


def differing(one: Contents, other: Contents, sections: Iterable[str] = SECTIONS) -> tuple[Key, ...]:
    """Return where two contents differ."""
    chosen = set(sections)
    places = {place for place in (*one, *other) if place[0] in chosen}
    return tuple(sorted((place for place in places if not same(one.get(place), other.get(place))), key=order))


def incomparable(wants: Contents, contents: Contents) -> tuple[Key, ...]:
    """Return the secrets that are both wanted and there: whether their values are alike cannot be told."""
    return tuple(sorted((place for place, entry in wants.items() if entry.secret and place in contents), key=order))


def _normal(entry: Entry, name: str) -> str:
    return entry.fields.get(name, "").strip()
