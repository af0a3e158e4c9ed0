"""Converters of values that are of a fitting type: text to dates, lists, objects, models, unions."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
import re
from typing import TYPE_CHECKING, Any

from .dates import read_date, read_datetime
from .field_types import MISMATCH
from .mismatches import DISCARD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .field_types import Converter, FieldType, ModelConverter
    from .mismatches import Mismatches

_NAME = r"[A-Za-z_][A-Za-z0-9_-]{0,63}"


def to_datetime(value: str, mismatches: Mismatches) -> Any:
    moment = read_datetime(value)
    return MISMATCH if moment is None else moment


def to_date(value: str, mismatches: Mismatches) -> Any:
    day = read_date(value)
    return MISMATCH if day is None else day


def to_uuid(value: str, mismatches: Mismatches) -> Any:
    """Read text as a UUID, in its usual form only."""
    from uuid import UUID  # few models have one

    try:
        made = UUID(value)
    except ValueError:
        return MISMATCH
    return made if str(made) == value.lower() else MISMATCH


def to_bytes(value: str, mismatches: Mismatches) -> Any:
    """Read base64 text as bytes: JSON holds bytes in no other way."""
    from base64 import b64decode  # few models have such a field

    try:
        return b64decode(value, validate=True)
    except ValueError:
        return MISMATCH


class OneOf:
    """Converts to a `Literal`, for those of its values that have one type."""

    def __init__(self, values: frozenset[Any]) -> None:
        self.values = values

    def __call__(self, value: Any, mismatches: Mismatches, /) -> Any:
        return value if value in self.values else MISMATCH


class EachOf:
    """Converts a list, or an object whose names are not described: each value in it."""

    def __init__(self, field_type: FieldType) -> None:
        self.field_type = field_type
        converters = field_type.table.values()
        # Where nothing in it is ever converted, a look at the types is enough.
        self.plain = frozenset({*field_type.table, type(None)}) if not any(converters) else frozenset[type]()
        # Lists of models are what pages are made of.
        self.decoder = next((each.decoder for each in converters if isinstance(each, ToModel)), None)

    def __call__(self, value: Any, mismatches: Mismatches, /) -> Any:
        is_dict = isinstance(value, dict)
        if self.plain and self.plain.issuperset(map(type, value.values() if is_dict else value)):
            return value
        convert = self.field_type.convert
        if not mismatches.paths:
            if is_dict:
                return {key: convert(inner, mismatches) for key, inner in value.items()}
            if self.decoder is not None:
                decode = self.decoder.decode
                return [
                    decode(inner, mismatches) if type(inner) is dict else convert(inner, mismatches) for inner in value
                ]
            return [convert(inner, mismatches) for inner in value]
        converted: dict[Any, Any] = {}
        for key, inner in value.items() if is_dict else enumerate(value):
            start = len(mismatches.found)
            converted[key] = convert(inner, mismatches)
            if len(mismatches.found) > start:
                mismatches.prefix(start, path_of(key))
        return converted if is_dict else list(converted.values())

    def misfits(self, value: Any) -> tuple[int, int]:
        scores = [misfits(self.field_type, inner) for inner in (value.values() if isinstance(value, dict) else value)]
        return sum(bad for bad, _ in scores), sum(known for _, known in scores)


class ToModel:
    """Converts an object to a model."""

    def __init__(self, decoder: ModelConverter) -> None:
        self.decoder = decoder

    def __call__(self, value: Any, mismatches: Mismatches, /) -> Any:
        return self.decoder.decode(value if type(value) is dict else dict(value), mismatches)

    def misfits(self, value: dict[str, Any]) -> tuple[int, int]:
        bad = known = 0
        fields = self.decoder.fields
        for key, inner in value.items():
            if (field := fields.get(key)) is not None:
                known += 1
                if inner is None:
                    continue
                convert = field.field_type.table.get(type(inner), MISMATCH)
                # One level deep is enough, and keeps the cost of nested unions in proportion to the body.
                if convert is MISMATCH or (
                    isinstance(inner, str | int) and convert and convert(inner, DISCARD) is MISMATCH
                ):
                    bad += 1
        return bad, known


class Choice:
    """Converts to a union in which several members take values of one type.

    Args:
        converters: those of the members, in their order; `None` takes a value as it is.
    """

    def __init__(self, converters: Sequence[Converter | None]) -> None:
        # Text that reads as a date or a UUID is one, even where plain text is described first. Any word may be
        # base64, so that text stays text where that is described too.
        self.plain = None in converters
        self.members = [each for each in converters if each is not None and not (each is to_bytes and self.plain)]

    def __call__(self, value: Any, mismatches: Mismatches, /) -> Any:
        """Return the value as the member that fits it best."""
        if not isinstance(value, dict | list):
            for convert in self.members:
                if (converted := convert(value, mismatches)) is not MISMATCH:
                    return converted
            return value if self.plain else MISMATCH
        best: Any = None
        best_rank = (0, 0) if self.plain else None
        for convert in self.members:
            bad, known = convert.misfits(value)  # type: ignore[attr-defined]  # no other takes these
            rank = (bad, -known)
            if best_rank is None or rank < best_rank:
                best, best_rank = convert, rank
        return value if best is None else best(value, mismatches)


def misfits(field_type: FieldType, value: Any) -> tuple[int, int]:
    """Return how many parts of a value do not fit, and how many described fields it has, looked at one level deep."""
    convert = field_type.table.get(type(value), MISMATCH)
    if value is None or convert is None:
        return 0, 0
    if convert is MISMATCH:
        return 1, 0
    rate = getattr(convert, "misfits", None)
    return rate(value) if rate else (0, 0)


def path_of(key: object) -> str:
    """Return a place in a list or an object, for a path; what does not look like a name stays out of messages."""
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if isinstance(key, str) and re.fullmatch(_NAME, key) else "[*]"
