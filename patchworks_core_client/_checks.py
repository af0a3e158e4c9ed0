"""Checks of arguments whose caller need not use a type checker."""

from __future__ import annotations

from collections.abc import Mapping
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
    """A whole number that is `least` or more; errors call it `name`.

    Raises:
        TypeError: it is no `int`.
        ValueError: it is less.
    """
    if not isinstance(value, int) or isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name}= must be an int, not {kind_of(value)}")
    if value < least:
        raise ValueError(f"{name}= must be {least} or more, not {value}")
    return value


def flag(value: bool, name: str) -> bool:
    """`True` or `False`; errors call it `name`.

    Raises:
        TypeError: it is neither, though it may be true or false to Python.
    """
    if not isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name}= must be True or False, not {kind_of(value)}")
    return value


def function(value: T, name: str, *, may_be_async: bool) -> T:
    """A function to be called, or `None`; errors call it `name`.

    Args:
        value: what was given.
        name: of the argument.
        may_be_async: whether a function that has to be awaited will be.

    Raises:
        TypeError: it cannot be called, or has to be awaited and will not be.
    """
    if value is None:
        return value
    if not callable(value):
        raise TypeError(f"{name}= takes a function, not {kind_of(value)}")
    if not may_be_async and is_async(value):
        raise TypeError(f"{name}= takes a plain function here: nobody would await an `async def`")
    return value


def is_async(value: Any) -> bool:
    """Whether calling `value` gives something to be awaited, as far as can be known before."""
    import inspect

    return inspect.iscoroutinefunction(value) or inspect.iscoroutinefunction(type(value).__call__)


def instance(value: T, name: str, method: str, wanted: str) -> T:
    """An object with a certain method, or `None`; errors call it `name` and say what is `wanted`.

    Raises:
        TypeError: it has no such method, or is a class and no object of it.
    """
    if value is not None and (isinstance(value, type) or not callable(getattr(value, method, None))):
        raise TypeError(f"{name}= takes {wanted}, not {kind_of(value)}")
    return value


def mapping(value: Mapping[str, Any] | None, name: str) -> Mapping[str, Any]:
    """A mapping, an empty one for `None`; errors call it `name`.

    Raises:
        TypeError: it is none.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name}= takes a mapping such as a dict, not {kind_of(value)}")
    return value
