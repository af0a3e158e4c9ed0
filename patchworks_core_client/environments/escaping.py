"""Escape text from outside, so that it is safe to show in a terminal."""

from __future__ import annotations

MAX_SHOWN = 200


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
