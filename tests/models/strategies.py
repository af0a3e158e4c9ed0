"""JSON for the tests: any at all, and such as a model describes, with faults."""

from __future__ import annotations

import functools
import string
from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

from patchworks_core_client import Model, NotGiven

HOSTILE = (
    "to_dict",
    "from_dict",
    "evolve",
    "additional_properties",
    "__class__",
    "__dict__",
    "__init__",
    "__eq__",
    "__reduce__",
    "__reduce_ex__",
    "__deepcopy__",
    "__patchworks_decoder__",
    "__patchworks_came__",
    "__patchworks_extra__",
    "_raw",
    "self",
    "cls",
    "from_",
    "",
    "'",
    '"""',
    "\\",
    "{}",
    "\ud800",
)
DATES = (
    "2025-01-02T03:04:05.000000Z",
    "2025-01-02T03:04:05+00:00",
    "2025-01-02 03:04:05",
    "2025-01-02",
    "2025-01-02T24:00",
    "0000-00-00 00:00:00",
    "2025W01-10:00Z",
    "20250102",
    "1234",
    "2025-01-02T03:04:60Z",
)

keys = st.sampled_from(HOSTILE) | st.text(max_size=8)
scalars: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(DATES)
    | st.just("0b64f3a0-5d8c-4a54-9f27-0f3d0a4f7a11")
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
objects = st.dictionaries(keys, anything, max_size=8)


@functools.cache
def described(kind: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values as an annotation describes them, dates and the like as text."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return st.one_of([described(arg, depth) for arg in args if arg != NotGiven])
    if origin is Literal:
        return st.sampled_from(args)
    if origin is list:
        return st.lists(described(args[0], depth + 1), max_size=0 if depth > 3 else 3)
    if origin is dict:
        return st.dictionaries(st.text(string.ascii_lowercase, max_size=3), described(args[1], depth + 1), max_size=2)
    if isinstance(kind, type) and issubclass(kind, Model):
        return documented(kind, depth + 1)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        Any: anything,
        None: st.none(),
        NoneType: st.none(),
        bool: st.booleans(),
        int: st.integers(),
        float: st.floats() | st.integers(),
        str: st.text(max_size=12),
        datetime: st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
        date: st.dates().map(date.isoformat),
        UUID: st.uuids().map(str),
        bytes: st.sampled_from(["", "AAAA", "aGVsbG8="]),
    }
    return simple[kind]


def _of_field(cls: type[Model], name: str, depth: int) -> st.SearchStrategy[Any]:
    return st.none() | st.deferred(lambda: described(get_type_hints(cls)[name], depth))


@functools.cache
def documented(cls: type[Model], depth: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    """Objects as a model describes them, with some fields missing and some null."""
    fields = cls.__patchworks_decoder__.fields
    if depth > 3:
        return st.just({})
    optional = {wire: _of_field(cls, field.name, depth) for wire, field in fields.items()}
    return st.fixed_dictionaries({}, optional=optional)


@functools.cache
def mutated(cls: type[Model]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects as described but for some values: of any other type, renamed, or besides the described ones."""
    names = st.sampled_from([*cls.__patchworks_decoder__.fields]) | keys
    wrong = st.dictionaries(names, anything, min_size=1, max_size=4)
    return st.tuples(documented(cls), wrong).map(lambda both: both[0] | both[1])
