"""Docstrings of generated code: how text of the documentation is escaped, wrapped and laid out.

Whatever a page says is data. Every text goes through one of the functions here before a template prints it: as the
content of a docstring, or as a string literal.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from scripts.openapi.escaping import visible

WIDTH = 118


def plain(text: str) -> str:
    """Return the text on one line, without characters that cannot be seen."""
    return visible(re.sub(r"\s+", " ", text))


def in_docstring(text: str) -> str:
    """Return one line of text that is safe between triple quotes, wherever it stands there."""
    return re.sub(r'"(?="|$)', r"\"", plain(text).replace("\\", "\\\\"))


def sentence(text: str) -> str:
    """Return the text with a full stop behind it, unless it is empty or ends in a mark of its own."""
    text = plain(text)
    return text + "." if text and text[-1] not in ".!?:" else text


def paragraph(text: str, *, indent: int, hanging: int = 0) -> str:
    """Return the text escaped and wrapped; the lines after the first are indented, the first one is not."""
    lines = textwrap.wrap(
        in_docstring(text),
        WIDTH - indent,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return ("\n" + " " * indent).join(lines)


def docstring(blocks: Iterable[str], sections: Iterable[tuple[str, Iterable[str]]] = (), *, indent: int) -> str:
    """Return a whole docstring with its quotes.

    Args:
        blocks: the summary and the paragraphs below it, as raw text; empty ones are dropped.
        sections: such as `("Args", ["name: what it is", ...])`, as raw text; those without a line are dropped.
        indent: the column at which the docstring stands.
    """
    margin = "\n" + " " * indent
    parts = [paragraph(block, indent=indent) for block in blocks if plain(block)]
    for title, items in sections:
        lines = [paragraph(item, indent=indent + 4, hanging=4) for item in items]
        if lines:
            parts.append(f"{title}:" + "".join(f"{margin}    {line}" for line in lines))
    content = ("\n" + margin).join(parts)
    return f'"""{content}"""' if "\n" not in content else f'"""{content}{margin}"""'
