"""Text from outside, made safe to show, and suggestions for mistyped names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MAX_SHOWN = 200
MAX_SUGGESTIONS = 3
MAX_LISTED = 20


def printable(text: str, limit: int | None = MAX_SHOWN) -> str:
    """Return `text` with control, bidirectional and other invisible characters escaped.

    Args:
        text: anything.
        limit: the characters after which it is cut; `None` keeps all.
    """
    if limit is not None and len(text) > limit:
        text = text[:limit] + "..."
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


def quoted(text: str) -> str:
    """Return `text` for a message, in quotes."""
    return f"'{printable(text)}'"


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown name: what was perhaps meant, else what is known."""
    names = sorted(known)
    close = difflib.get_close_matches(name[:MAX_SHOWN], names, MAX_SUGGESTIONS)
    if close:
        return f"; did you mean {' or '.join(quoted(found) for found in close)}?"
    if not names:
        return "; there are none"
    listed = ", ".join(quoted(found) for found in names[:MAX_LISTED])
    return f"; known are {listed}{' ...' if len(names) > MAX_LISTED else ''}"
