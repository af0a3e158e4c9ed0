"""The running text of the documentation, made safe to stand in a comment, a docstring or a terminal."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.openapi.structure import Node

TEXT_KEYS = ("summary", "description")

# What editors and Python disagree about as the end of a line.
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")


def plain_text(text: str) -> str:
    """The text with ordinary line ends, and without what cannot be seen.

    Control characters, and those that turn the direction of writing, could make code look like something else.
    """
    lines = _LINE_ENDS.sub("\n", text)
    return "".join(
        c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    ).strip()


def with_plain_texts(node: Node) -> Node:
    """A described part with plain texts; the very same one when they are plain."""
    changed = {
        key: plain_text(node[key])
        for key in TEXT_KEYS
        if isinstance(node.get(key), str) and plain_text(node[key]) != node[key]
    }
    return {**node, **changed} if changed else node
