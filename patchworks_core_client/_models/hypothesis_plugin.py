"""Strategies of hypothesis: `st.from_type` of a model, which hypothesis alone cannot make of free-form JSON.

Hypothesis calls `register` when it is imported, and a model that is made later registers itself. Neither imports the
other: a program that uses only one of them pays for one.
"""

from __future__ import annotations

# Strategies are of no type that matters here.
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
import sys
import typing
from datetime import UTC, datetime
from types import UnionType
from typing import Any, Union, get_args, get_origin

from .._types import NOT_GIVEN

# A version has an environment, which has versions.
MAX_DEPTH = 2
MAX_ITEMS = 3


def register() -> None:
    """Register every model that there is."""
    module = sys.modules.get(f"{__package__}.model")
    todo: list[Any] = [module.Model] if module is not None else []
    while todo:
        cls = todo.pop()
        register_model(cls)
        todo += cls.__subclasses__()


def register_model(cls: Any) -> None:
    from hypothesis import strategies as st

    st.register_type_strategy(cls, model)


def model(cls: Any, depth: int = 0) -> Any:
    """Return the strategy for a model: any of its fields, of the described type, null or left out."""
    from hypothesis import strategies as st

    hints = typing.get_type_hints(cls)
    fields = {name: st.just(NOT_GIVEN) | _value(hints[name], depth) for name in cls.__patchworks_decoder__.names}
    return st.builds(cls, **fields)


def _value(kind: Any, depth: int) -> Any:
    from hypothesis import strategies as st

    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return st.one_of([_value(arg, depth) for arg in args])
    if origin is list or kind is list:
        return st.lists(_value(args[0] if args else Any, depth), max_size=MAX_ITEMS)
    if origin is dict or kind is dict:
        return st.dictionaries(st.text(), _value(args[1] if args else Any, depth), max_size=MAX_ITEMS)
    if hasattr(kind, "__patchworks_decoder__"):
        return st.none() if depth == MAX_DEPTH else st.deferred(lambda: model(kind, depth + 1))
    anything = st.none() | st.booleans() | st.integers() | st.text()
    # JSON has no infinity, and a naive moment comes back in UTC.
    special: dict[Any, Any] = {
        float: st.floats(allow_nan=False, allow_infinity=False),
        datetime: st.datetimes(timezones=st.just(UTC)),
        Any: anything,
        object: anything,
    }
    return special[kind] if kind in special else st.from_type(kind)
