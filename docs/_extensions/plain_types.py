"""Shows types as the names that one would write in an annotation, and not as what they stand for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

_NAMES = [
    (re.compile(r"Literal\[[\w.~]*_Sentinel\.NOT_GIVEN\]"), "NotGiven"),
    # One of several names, or a sequence of them.
    (re.compile(r"(Literal\[[^\]]*\]) \| ~?collections\.abc\.Sequence\[~?typing\.\1\] \| None"), r"OneOrMore[\1]"),
    (re.compile(r"str \| int \| float \| bool \| Sequence\[str \| int \| float \| bool\] \| None"), "Filter"),
    (re.compile(r"int \| str \| None"), "Id"),
    (re.compile(r"(?:patchworks_core_client\.)?_types\."), ""),
]
# Sphinx writes them down at 500, and napoleon those of attributes.
_BEFORE, _AFTER = 400, 600


def plain(text: str) -> str:
    """Return a type as one would write it."""
    for pattern, name in _NAMES:
        text = pattern.sub(name, text)
    return text


def _arguments(app: Sphinx, _domain: str, _kind: str, content: nodes.Element) -> None:
    signature = content.parent[0]
    annotations = app.env.current_document.autodoc_annotations
    for name in (signature.get("fullname", ""), f"{signature.get('module', '')}.{signature.get('fullname', '')}"):
        for argument, text in annotations.get(name, {}).items():
            annotations[name][argument] = plain(text)


def _attributes(_app: Sphinx, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    lines[:] = [plain(line) if line.lstrip().startswith(":type") else line for line in lines]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("object-description-transform", _arguments, priority=_BEFORE)
    app.connect("autodoc-process-docstring", _attributes, priority=_AFTER)
    return {"version": "1", "parallel_read_safe": True}
