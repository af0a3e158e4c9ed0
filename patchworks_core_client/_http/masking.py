"""Takes out of a text what must not be shown, should a server or a library have repeated it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MASK = "***"
# Shorter ones are words like any other: "1", "GB". They are masked where they stand alone.
_DISTINCTIVE_CHARS = 4


def redact(text: str, secrets: Iterable[str]) -> str:
    """`text` with each of `secrets` masked."""
    for secret in sorted({s for s in secrets if s.strip()}, key=len, reverse=True):
        if len(secret) >= _DISTINCTIVE_CHARS:
            text = text.replace(secret, _MASK)
        elif secret in text:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", _MASK, text)
    return text
