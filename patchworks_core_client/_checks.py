"""Checks of arguments whose caller need not use a type checker: what does not fit is a TypeError or a ValueError."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


def kind_of(value: object) -> str:
    """What a value is, for an error: `None`, `the class Client`, `an int`, `a str`."""
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def count(value: int, name: str, *, least: int) -> int:
    """A whole number that is `least` or more; errors call it `name`."""
    if not isinstance(value, int) or isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name}= must be an int, not {kind_of(value)}")
    if value < least:
        raise ValueError(f"{name}= must be {least} or more, not {value}")
    return value


def flag(value: bool, name: str) -> bool:
    """`True` or `False`, and nothing that Python takes for one; errors call it `name`."""
    if not isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance] - callers need not be typed
        raise TypeError(f"{name}= must be True or False, not {kind_of(value)}")
    return value


def function(value: T, name: str, *, may_be_async: bool) -> T:
    """A function, which may have to be awaited if `may_be_async`, or `None`; errors call it `name`."""
    if value is None:
        return value
    if not callable(value):
        raise TypeError(f"{name}= takes a function, not {kind_of(value)}")
    import inspect

    called: Any = value
    while isinstance(called, partial):
        called = called.func
    for form in (called, type(called).__call__):
        if inspect.isgeneratorfunction(form) or inspect.isasyncgenfunction(form):
            raise TypeError(f"{name}= takes a plain function here: nobody would go through what a generator yields")
        if not may_be_async and inspect.iscoroutinefunction(form):
            raise TypeError(f"{name}= takes a plain function here: nobody would await an `async def`")
    return value


def is_utf8(text: str) -> bool:
    """Whether UTF-8 can express a text: it cannot do so with half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def finished(result: Any, name: str) -> None:
    """Refuse what a function returned that has to be awaited: nobody would, and it has not done its work."""
    if hasattr(result, "__await__"):
        close = getattr(result, "close", None)
        if close is not None:
            close()
        raise TypeError(f"{name}= takes a plain function here: what it returned would have to be awaited")


def instance(value: T, name: str, method: str, wanted: str) -> T:
    """An object with a certain method, or `None`; errors call it `name` and say what is `wanted`."""
    if value is not None and (isinstance(value, type) or not callable(getattr(value, method, None))):
        raise TypeError(f"{name}= takes {wanted}, not {kind_of(value)}")
    return value


def mapping(value: Mapping[str, Any] | None, name: str) -> Mapping[str, Any]:
    """A mapping, an empty one for `None`; errors call it `name`."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - callers need not be typed
        raise TypeError(f"{name}= takes a mapping such as a dict, not {kind_of(value)}")
    return value
