"""Values on their way out: copies of JSON that share nothing, and JSON made of what a caller gives."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from enum import Enum
from typing import Any

from .._types import NOT_GIVEN

_ATOMS = frozenset({str, int, float, bool, type(None)})


def plain(value: Any) -> Any:
    """Return a copy of a decoded value as plain JSON that shares no list and no object with it.

    Not recursive: what the parser could read must not fail here for its depth.
    """
    root = [value]
    todo: list[Any] = [root]
    while todo:
        container: Any = todo.pop()
        for key, inner in container.items() if isinstance(container, dict) else enumerate(container):
            kind = type(inner)
            if kind in _ATOMS:
                continue
            if isinstance(inner, dict | list | tuple):
                # A tuple is the caller's, who takes it for a list.
                copy: Any = list(inner) if isinstance(inner, tuple) else inner.copy()
            elif (decoder := getattr(kind, "__patchworks_decoder__", None)) is not None:
                copy = decoder.json(inner)
            else:
                # A date that the caller gave as one; what has no JSON stays what it is.
                with suppress(TypeError):
                    container[key] = _text(inner)
                continue
            # The key is there already, so that the loop goes on undisturbed.
            container[key] = copy
            if copy:
                todo.append(copy)
    return root[0]


def fields_of(model: Any) -> dict[str, Any]:
    """Return the fields of a model by their names in JSON, each as it reads: bytes are no text yet."""
    decoder = getattr(type(model), "__patchworks_decoder__", None)
    if decoder is None:
        # A class of the caller's own.
        return dict(model.to_dict())
    fields: dict[str, Any] = decoder.json(model)
    fields.update({named.wire: getattr(model, name) for name, named in decoder.names.items() if named.wire in fields})
    return fields


def is_given(value: Any) -> bool:
    """Return whether a value is one; cattrs and others make `...` of `NOT_GIVEN`."""
    return value is not NOT_GIVEN and value is not NOT_GIVEN.value


def encoded(value: Any) -> Any:
    """Return JSON for a value that a caller gives: models, dates, UUIDs, bytes and enumerations besides JSON itself.

    What is `NOT_GIVEN` in an object is left out.

    Raises:
        TypeError: if there is no JSON for it.
    """
    if isinstance(value, Enum) and value is not NOT_GIVEN:
        value = value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {_key(key): encoded(inner) for key, inner in value.items() if is_given(inner)}
    if isinstance(value, list | tuple):
        return [encoded(inner) for inner in value]
    if hasattr(type(value), "__patchworks_decoder__"):
        return plain(value)
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, date):
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
