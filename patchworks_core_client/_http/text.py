"""Text from outside, made safe to be shown: in an exception, a log line or a terminal."""

from __future__ import annotations

import unicodedata

# Controls, bidirectional and other invisible marks, halves of surrogate pairs, private characters, line and paragraph
# separators: what a terminal obeys, or what makes a text look like another one.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def escaped(text: str) -> str:
    """`text` with every character that is not seen as itself written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_written(c) if unicodedata.category(c) in _HIDDEN else c for c in text)


def one_line(text: str, limit: int) -> str:
    """`text` on one line, escaped, and cut after `limit` characters."""
    return escaped(" ".join(text[: 4 * limit].split())[:limit])


def _written(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
