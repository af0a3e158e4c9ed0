"""Values on their way out: copies of JSON that share nothing, and JSON made of what a caller gives."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from .._types import NOT_GIVEN

if TYPE_CHECKING:
    from .decoder import Plan

_ATOMS = frozenset({str, int, float, bool, type(None)})


def plain(value: Any) -> Any:
    """A copy of a decoded value as plain JSON that shares no list and no object with it.

    Not recursive: what the parser could read must not fail here for its depth.
    """
    root = [value]
    todo: list[Any] = [root]
    while todo:
        container: Any = todo.pop()
        for key, inner in container.items() if type(container) is dict else enumerate(container):
            kind = type(inner)
            if kind in _ATOMS:
                continue
            if isinstance(inner, dict | list):
                copy: Any = inner.copy()
            elif (plan := getattr(kind, "__patchworks_plan__", None)) is not None:
                copy = plan.wire(inner)
            else:
                continue
            # The key is there already, so that the loop goes on undisturbed.
            container[key] = copy
            if copy:
                todo.append(copy)
    return root[0]


def encoded(value: Any) -> Any:
    """JSON for a value that a caller gives: models, dates, UUIDs, bytes and enumerations besides JSON itself.

    Raises:
        TypeError: if there is no JSON for it.
    """
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {_key(key): encoded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [encoded(inner) for inner in value]
    if hasattr(type(value), "__patchworks_plan__"):
        return plain(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray):
        from base64 import b64encode

        return b64encode(value).decode("ascii")
    # Compared by name, since hardly anybody pays for the import.
    if type(value).__name__ == "UUID":
        return str(value)
    raise TypeError(f"there is no JSON for a value of type {type(value).__name__}")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key of a JSON object is text, not of type {type(key).__name__}")
    return key


def wire_of(plan: Plan, values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON for arguments of a model's constructor; those that are `NOT_GIVEN` are left out.

    Raises:
        TypeError: if there is no field of such a name, or no JSON for a value.
    """
    raw: dict[str, Any] = {}
    names = plan.names
    for name, value in values.items():
        if name not in names:
            raise TypeError(_unknown(plan, name))
        if value is not NOT_GIVEN:
            try:
                raw[names[name].wire] = encoded(value)
            except TypeError as error:
                raise TypeError(f"{plan.cls.__name__}.{name}: {error}") from None
    return raw


def _unknown(plan: Plan, name: str) -> str:
    from difflib import get_close_matches  # for an error message only

    fields = plan.fields
    near = [fields[name].name] if name in fields else get_close_matches(name, plan.names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{plan.cls.__name__} has no field {name!r}{hint}"
