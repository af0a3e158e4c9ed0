"""Types that appear in public signatures."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

if TYPE_CHECKING:
    import ssl as ssl
    from typing import Any

    import httpx as httpx


class _Sentinel(Enum):
    # A member of an Enum stays the same object through copy, deepcopy and pickle, and type checkers narrow on it.
    # JSON has no such value, so that what is unpacked from the member can be taken for no value either.
    NOT_GIVEN = ...

    def __repr__(self) -> str:
        return self.name

    def __bool__(self) -> bool:
        return False


NotGiven: TypeAlias = Literal[_Sentinel.NOT_GIVEN]
NOT_GIVEN: NotGiven = _Sentinel.NOT_GIVEN
"""The default of an argument for which `None` has a meaning of its own: left out, so not sent."""

Id: TypeAlias = int | str | None
"""An identifier in a path. `None` is part of the type so that the `id` of a model, of which no server can be trusted to
send one, goes in as it is; at run time it is a `TypeError` before anything is sent."""

FilterValue: TypeAlias = str | int | float | bool
Filter: TypeAlias = FilterValue | Sequence[FilterValue] | None
"""The value of a filter: one, or several that are joined with commas (an OR); `None` is not sent."""

File: TypeAlias = bytes | tuple[str, bytes]
"""A file to send: its content, or its name and its content."""

T = TypeVar("T")
OneOrMore: TypeAlias = T | Sequence[T] | None
"""One name or several, which are joined with commas; `None` is not sent."""

if TYPE_CHECKING:
    Timeout: TypeAlias = float | httpx.Timeout | None
else:
    # Annotations name these through this module, as in `_types.Timeout`: they are imported when somebody resolves the
    # annotation, since httpx takes longer to import than all of this package.
    def __getattr__(name: str) -> Any:
        if name in {"httpx", "ssl"}:
            from importlib import import_module

            return import_module(name)
        if name == "Timeout":
            import httpx

            return float | httpx.Timeout | None
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
