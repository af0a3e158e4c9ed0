"""How text of the documentation is escaped where it is shown, and which characters are taken out of it."""

from __future__ import annotations

import unicodedata

MAX_TEXT_LENGTH = 300

# Control and format characters, surrogates and what has no meaning: bidirectional overrides among them make text look
# like other text in an editor.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def printable(text: str, limit: int = 4 * MAX_TEXT_LENGTH) -> str:
    """Return the text on one line, safe to show in a terminal, and not longer than `limit` characters."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def quoted(text: str) -> str:
    """Return the text in quotation marks, shortened."""
    return f'"{printable(text, MAX_TEXT_LENGTH)}"'


def visible(text: str, keep: str = "") -> str:
    """Return the text without characters that cannot be seen, but those in `keep`, and without space around it."""
    return "".join(c for c in text if c in keep or unicodedata.category(c) not in _INVISIBLE).strip()
