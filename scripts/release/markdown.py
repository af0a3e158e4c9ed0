"""Escape text of the documentation for Markdown, so that it neither links, mentions nor embeds anything."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scripts.openapi.escaping import printable

MAX_CODE_LENGTH = 160


def code(text: str, limit: int = MAX_CODE_LENGTH) -> str:
    """Return the text as a code span, on one line, with whatever cannot be seen made visible."""
    if not text:
        return "(nothing)"
    shown = printable(text, limit)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    padding = " " if not shown.strip() or "`" in (shown[0], shown[-1]) else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def codes(texts: Iterable[str]) -> str:
    """Return several code spans, with commas."""
    return ", ".join(code(text) for text in texts)


def within(text: str, limit: int) -> str:
    """Return the text cut at the end of a line, saying so, where it is longer than a pull request may be."""
    if len(text) <= limit:
        return text
    note = "\n\n_And more: the report is cut here._\n"
    return text[: text.rfind("\n", 0, limit - len(note))] + note
