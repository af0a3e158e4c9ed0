"""Suggest what a mistyped name may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from .escaping import MAX_SHOWN, quoted

MAX_SUGGESTIONS = 3
MAX_LISTED = 20


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
