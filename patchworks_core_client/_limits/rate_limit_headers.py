"""What `X-RateLimit-*` of a response say of the server's limits. `Retry-After` is read in `_session.retry`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_DIGITS = 9


def rate_limit(headers: Iterable[tuple[bytes, bytes]]) -> tuple[int | None, int | None]:
    """`X-RateLimit-Remaining` and `X-RateLimit-Limit`; `None` for one that is not sent, or is no number."""
    remaining = limit = None
    for name, value in headers:
        # Most names are of another length, which is faster to see.
        if len(name) == 21 and name.lower() == b"x-ratelimit-remaining":
            remaining = _number(value)
        elif len(name) == 17 and name.lower() == b"x-ratelimit-limit":
            limit = _number(value)
    return remaining, limit


def _number(value: bytes) -> int | None:
    text = value.strip()
    return int(text) if text.isdigit() and len(text) <= _MAX_DIGITS else None
