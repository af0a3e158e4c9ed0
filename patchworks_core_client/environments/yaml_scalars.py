"""The type of a plain scalar, by the core schema of YAML 1.2, in which `no` is a text."""

from __future__ import annotations

import re

Kind = str

# What is longer is a text, whatever its digits.
MAX_NUMBER = 64

_NULL = re.compile(r"~|null|Null|NULL|", re.ASCII)
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE", re.ASCII)
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", re.ASCII
)


def plain_kind(text: str) -> Kind:
    """Return `null`, `boolean`, `integer`, `number` or `text`."""
    if len(text) <= MAX_NUMBER:
        for kind, form in (("null", _NULL), ("boolean", _BOOL), ("integer", _INT), ("number", _FLOAT)):
            if form.fullmatch(text):
                return kind
    return "text"
