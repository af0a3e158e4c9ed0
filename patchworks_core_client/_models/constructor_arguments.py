"""The arguments of a model's constructor as JSON, so that what was given is told from what was left out.

A model sends what came or was given, and no more. Its constructor knows which arguments it got; `attrs.evolve` and
cattrs, which know nothing of absence, call it with a value for every field. Two things make up for that:

- A field of a request reads as `NOT_GIVEN` where nothing was given, and `NOT_GIVEN` given is nothing given.
- A field of anything else reads as its default, `None`. That alone would send a null for what never came. So the
  object that `additional_properties` gives, which `attrs.evolve` hands on like any other, remembers its model:
  a field that still has the very value it has there is as it is there, absent or as it came.
"""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._checks import kind_of
from .serialise import encoded, is_given, plain
from .storage import Instance, extras

if TYPE_CHECKING:
    from .model_decoder import ModelDecoder


class AdditionalProperties(dict[str, Any]):
    """What came besides the described fields; it remembers the model that it is of."""

    __slots__ = ("origin",)

    def __init__(self, origin: Instance) -> None:
        super().__init__(extras(origin)[1])
        self.origin = origin

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


def arguments(
    decoder: ModelDecoder, values: Mapping[str, Any], origin: Instance | None = None
) -> tuple[dict[str, Any], str]:
    """Return the arguments as JSON, without those that are `NOT_GIVEN`, and what is wrong with them, if anything.

    That is not raised here: the frames of an exception would hold the values, which may be secret.

    Args:
        decoder: of the model.
        values: the arguments.
        origin: the model that they were read from, if there is one.
    """
    raw: dict[str, Any] = {}
    came = decoder.json(origin) if origin is not None else {}
    for name, value in values.items():
        if name == "additional_properties":
            continue
        field = decoder.names.get(name)
        if field is None:
            return raw, _unknown(decoder, name)
        if origin is not None and field.wire in came and value is getattr(origin, name):
            raw[field.wire] = plain(came[field.wire])
        elif origin is not None and field.wire not in came and value == getattr(origin, name):
            pass  # absent still; a factory makes another default each time
        elif is_given(value):
            try:
                raw[field.wire] = encoded(value)
            except (TypeError, RecursionError) as error:
                return raw, f"{decoder.cls.__name__}.{name}: {_why(error)}"
    if origin is not None:
        # Fields that attrs does not know, since a subclass without its decorator added them.
        known = {each.name for each in getattr(decoder.cls, "__attrs_attrs__", ())}
        unknown = {field.wire for name, field in decoder.names.items() if name not in known and name not in values}
        raw |= {wire: plain(came[wire]) for wire in unknown & came.keys()}
    return raw, _add(decoder, raw, values.get("additional_properties", {}), origin)


def _add(decoder: ModelDecoder, raw: dict[str, Any], others: Any, origin: Instance | None) -> str:
    """Add what is given besides the described fields; return what is wrong with it, if anything."""
    place = f"{decoder.cls.__name__}.additional_properties"
    if not isinstance(others, Mapping):
        return f"{place}: a mapping is wanted, not {kind_of(others)}"
    came, converted = extras(origin) if origin is not None else ({}, {})
    for key, value in others.items():
        if key in decoder.fields:
            return f"{place}: {key!r} is described; give it by its own name"
        try:
            raw |= {key: plain(came[key])} if key in came and value is converted[key] else encoded({key: value})
        except (TypeError, RecursionError) as error:
            return f"{place}: {_why(error)}"
    return ""


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, TypeError) else "it is nested too deeply, or holds itself"


def _unknown(decoder: ModelDecoder, name: str) -> str:
    from difflib import get_close_matches  # for an error message only

    fields = decoder.fields
    near = [fields[name].name] if name in fields else get_close_matches(name, decoder.names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{decoder.cls.__name__} has no field {name!r}{hint}"
