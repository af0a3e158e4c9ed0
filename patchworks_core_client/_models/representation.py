"""What a model prints of itself: useful to a person, without secrets, and never long."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
from typing import TYPE_CHECKING, Any

from .storage import extras

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .field_types import Field
    from .model_decoder import ModelDecoder

MASK = "***"
MAX_VALUE_CHARS = 120
MAX_ITEMS = 3
# Python refuses to print a much longer one.
MAX_INT_BITS = 400
MAX_DEPTH = 3
_FALSE = frozenset({"", "0", "false"})


class Shown:
    """Something that prints as the given text, for printers that take values apart."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def shown(instance: Any) -> Iterator[tuple[str, Shown]]:
    """Each field that came, with what to print of it."""
    return ((name, Shown(value)) for name, value in _fields(instance, 0))


def text(instance: Any, depth: int = 0) -> str:
    """The `repr` of a model that stands in so many others."""
    name = type(instance).__name__
    if depth > MAX_DEPTH:
        return f"{name}(...)"
    return f"{name}({', '.join(f'{key}={value}' for key, value in _fields(instance, depth))})"


def _fields(instance: Any, depth: int) -> Iterator[tuple[str, str]]:
    decoder: ModelDecoder = instance.__patchworks_decoder__
    for name, value in decoder.came(instance).items():
        secret = value is not None and _is_secret(instance, decoder, decoder.names[name])
        yield name, repr(MASK) if secret else _value(value, depth)
    if others := extras(instance)[0]:
        # Nobody described these, so nobody knows which of them are secret.
        yield "additional_properties", _cut("{" + ", ".join(f"{name!r}: ..." for name in others) + "}")


def _is_secret(instance: Any, decoder: ModelDecoder, field: Field) -> bool:
    if not isinstance(field.sensitive, str):
        return field.sensitive
    raw = decoder.json(instance)
    return field.sensitive not in raw or not _is_false(raw[field.sensitive])


def _is_false(value: Any) -> bool:
    return value.strip().lower() in _FALSE if isinstance(value, str) else not value


def _value(value: Any, depth: int) -> str:
    if hasattr(type(value), "__patchworks_decoder__"):
        return text(value, depth + 1)
    if isinstance(value, list):
        return _list(value, depth)
    if isinstance(value, dict):
        # An object without described fields may hold anything, a variable with its value as well.
        return "{}" if not value else "{...}"
    if isinstance(value, int) and value.bit_length() > MAX_INT_BITS:
        return f"<int of {value.bit_length()} bits>"
    return _cut(repr(value))


def _list(values: list[Any], depth: int) -> str:
    if depth >= MAX_DEPTH and values:
        return "[...]"
    items = [_value(value, depth + 1) for value in values[:MAX_ITEMS]]
    if len(values) > MAX_ITEMS:
        items.append(f"... {len(values) - MAX_ITEMS} more")
    return f"[{', '.join(items)}]"


def _cut(shown: str) -> str:
    return shown if len(shown) <= MAX_VALUE_CHARS else f"{shown[:MAX_VALUE_CHARS]}..."
