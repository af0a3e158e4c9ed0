"""The path of an operation: its template, with each id escaped so that it stays one segment."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from .._checks import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._types import Id


@lru_cache(maxsize=4096)
def _pieces(template: str) -> tuple[str, ...]:
    # A brace by itself is part of the path.
    return tuple(re.split(r"\{[^{}]*\}", template))


def fill(template: str, ids: Sequence[Id]) -> str:
    """The path of a template, with each `{place}` taken by one id, escaped so that it stays one segment."""
    pieces = _pieces(template)
    if len(pieces) - 1 != len(ids):
        raise TypeError(f"{template} takes {len(pieces) - 1} ids, not {len(ids)}")
    path = pieces[0]
    for number, value in enumerate(ids, 1):
        path += path_segment(value) + pieces[number]
    return path


def path_segment(value: Id) -> str:
    """One id, escaped for a path.

    Raises:
        TypeError: it is neither `int` nor `str`.
        ValueError: it is empty or blank, or would lead to another resource.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(int(value))
    if not isinstance(value, str):
        raise TypeError(f"an id must be an int or a str, not {kind_of(value)}")
    if not value.strip():
        raise ValueError("an id must not be empty or blank")
    # Servers decode `%2F` before they look for the resource, and some decode more than once.
    if any(text in {".", ".."} or "/" in text or "\\" in text for text in (value, unquote(value))):
        raise ValueError(
            "an id must not be '.' or '..', or hold a slash or a backslash: it would name another resource"
        )
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise ValueError("an id must be text that UTF-8 can express") from None
