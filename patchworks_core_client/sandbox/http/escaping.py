"""Escape text from outside, so that it is safe to show in a terminal or on the page."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return a text without what would steer a terminal, or turn the direction of what is written."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
