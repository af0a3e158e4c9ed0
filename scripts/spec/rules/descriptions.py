"""Rules for summaries and descriptions: plain line ends, and no character that cannot be seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts.openapi.escaping import visible

if TYPE_CHECKING:
    from scripts.openapi.structure import Node

TEXT_KEYS = ("summary", "description")

# What editors and Python disagree about as the end of a line.
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")


def plain_text(text: str) -> str:
    """Return the text with ordinary line ends, and without what cannot be seen.

    Control characters, and those that turn the direction of writing, could make code look like something else.
    """
    return visible(_LINE_ENDS.sub("\n", text), keep="\n\t")


def plain_descriptions(node: Node) -> Node:
    """Return a described part with plain texts; the very same one when they are plain."""
    changed = {
        key: plain_text(node[key])
        for key in TEXT_KEYS
        if isinstance(node.get(key), str) and plain_text(node[key]) != node[key]
    }
    return {**node, **changed} if changed else node
