"""Lets docstrings hold examples in fences of three backticks, as Markdown does; Sphinx reads reStructuredText."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_FENCE = re.compile(r"(?P<indent>\s*)```(?P<language>\w*)\s*")
# Before napoleon, which reads the sections of the docstring.
_PRIORITY = 400


def blocks_of_fences(lines: list[str]) -> list[str]:
    """Return `lines` with each fence as a `code-block` directive."""
    converted: list[str] = []
    inside = False
    for line in lines:
        fence = _FENCE.fullmatch(line)
        if fence is None:
            converted.append(f"    {line}" if inside and line.strip() else line)
            continue
        inside = not inside
        if inside:
            converted += ["", f"{fence['indent']}.. code-block:: {fence['language'] or 'text'}", ""]
        else:
            converted.append("")
    return converted


def _process(_app: Sphinx, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    lines[:] = blocks_of_fences(lines)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("autodoc-process-docstring", _process, priority=_PRIORITY)
    return {"version": "1", "parallel_read_safe": True}
