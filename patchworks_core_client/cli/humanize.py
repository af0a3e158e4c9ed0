"""Numbers and durations in words: `2 secrets`, `3 min`."""

from __future__ import annotations


def count(number: int, what: str, several: str | None = None) -> str:
    """Return a number with its noun: `1 secret`, `2 secrets`, `2 entries`."""
    return f"{number} {what if number == 1 else several or what + 's'}"


def duration(seconds: float) -> str:
    """Return a time: `40 s`, `3 min`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"
