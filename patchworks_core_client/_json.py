"""JSON as it goes over the wire: what the caller gave to bytes, bytes to plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def encode(value: object) -> bytes:
    """The JSON of a value, compact and in UTF-8.

    Models, mappings, dates, UUIDs and members of enumerations are taken at every depth.

    Raises:
        TypeError: something in it has no JSON form.
        ValueError: it holds a number that is not finite, or itself.
    """
    return json.dumps(value, default=_plain, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8")


def _plain(value: Any) -> object:
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    import enum
    import uuid

    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, enum.Enum) and not isinstance(value.value, enum.Enum) and value.name != "NOT_GIVEN":
        return value.value
    raise TypeError(f"a {type(value).__name__} cannot be sent as JSON")


def decode(content: bytes, charset: str | None = None) -> Any:
    """The plain value of JSON bytes, in UTF-8, UTF-16, UTF-32 or else the charset that the server names.

    Raises:
        ValueError: they are no JSON.
    """
    try:
        return json.loads(content)
    except UnicodeDecodeError:
        if charset is None:
            raise
        try:
            return json.loads(content.decode(charset))
        except LookupError:
            raise ValueError(f"unknown charset {charset!r}") from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
