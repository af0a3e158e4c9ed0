"""Checks of arguments whose caller need not use a type checker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def count(value: int, name: str, *, least: int) -> int:
    """A whole number that is `least` or more; errors call it `name`.

    Raises:
        TypeError: it is no `int`.
        ValueError: it is less.
    """
    if not isinstance(value, int) or isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name}= must be an int, not {type(value).__name__}")
    if value < least:
        raise ValueError(f"{name}= must be {least} or more")
    return value


def mapping(value: Mapping[str, Any] | None, name: str) -> Mapping[str, Any]:
    """A mapping, an empty one for `None`; errors call it `name`.

    Raises:
        TypeError: it is none.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name}= takes a mapping such as a dict, not a {type(value).__name__}")
    return value
