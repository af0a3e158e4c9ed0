"""Times as Laravel writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def timestamp(now: float) -> str:
    """Return seconds since the epoch as a time in UTC, with microseconds and `Z`."""
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
