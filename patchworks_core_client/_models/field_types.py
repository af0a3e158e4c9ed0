"""What may stand at one place of a model, and how it is converted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from .dates import aware

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

MISMATCH: Any = object()
"""What a converter gives for a value that is of a fitting type, and still not as described."""


class TooDeep:
    """Reported as the type that came, where a value is nested deeper than Python's stack."""


TooDeep.__name__ = "nesting too deep"


class Mismatches(Protocol):
    """Takes the mismatches that decoding finds.

    Attributes:
        paths: whether the path of each mismatch is wanted; if so, containers put theirs in front on the way out.
        found: the mismatches so far, where paths are wanted: path, field type, and the type that came.
        known: what need not be reported again, as pairs of a field type and the type that came.
    """

    paths: bool
    found: list[tuple[str, FieldType, type]]

    @property
    def known(self) -> Container[tuple[FieldType, type]]: ...

    def add(self, field_type: FieldType, got: type) -> None:
        """Report that a value of type `got` is not what `field_type` describes."""

    def prefix(self, start: int, path: str) -> None:
        """Put a container's path in front of all that was found in it, which is all from `start` on."""


class Converter(Protocol):
    """Converts a value of one type; gives `MISMATCH` for a value that does not match."""

    def __call__(self, value: Any, mismatches: Mismatches, /) -> Any: ...


class NamedField(Protocol):
    """A field of a model, as far as a union looks at it."""

    @property
    def field_type(self) -> FieldType: ...


class ModelConverter(Protocol):
    """Decodes the objects of one model. Converters reach a model by this; the decoder imports the converters."""

    cls: type
    decode: Converter

    @property
    def fields(self) -> Mapping[str, NamedField]:
        """The fields by their names in JSON."""
        ...

    def expect(self, raw: Iterable[str]) -> None:
        """Make ready for many objects with these names, from the same body."""


Table: TypeAlias = "dict[type, Converter | None]"


class AnyType(dict[type, "Converter | None"]):
    """The table of `Any`: every type is in it, and nothing is converted."""

    def get(self, key: type, default: Any = None, /) -> None:
        """Always `None`: the value stays as it is."""


class FieldType:
    """The type of a field, or of what the lists and objects of a field hold.

    Attributes:
        model: the name of the model.
        field: the field's name in JSON; `[]` behind it for what a list or an object holds.
        declared: the described type, as in the annotation.
        table: for each type of JSON value that matches, what converts it, or `None` where it stays as it is.
        decoded: the types that converted values have: one of them is taken as it is.
        keeps: whether a converted value cannot be turned back into what came, so that this must be kept.
    """

    __slots__ = ("declared", "decoded", "field", "keeps", "model", "table")

    def __init__(self, model: str, field: str, declared: str) -> None:
        self.model = model
        self.field = field
        self.declared = declared
        self.table: Table = {}
        self.decoded: tuple[type, ...] = ()
        self.keeps = False

    def convert(self, value: Any, mismatches: Mismatches) -> Any:
        """Return the value as described, or as it came, which is then reported, where it does not match."""
        kind: Any = type(value)  # pyright: ignore[reportUnknownVariableType]
        converter = self.table.get(kind, MISMATCH)
        if converter is MISMATCH and (converter := self._inherited(kind)) is MISMATCH:
            if isinstance(value, self.decoded):
                return aware(value) if isinstance(value, datetime) and value.tzinfo is None else value
            if value is not None:
                mismatches.add(self, kind)
            return value
        if converter is None:
            return value
        start = len(mismatches.found)
        try:
            converted = converter(value, mismatches)
        except RecursionError:
            # Nested deeper than Python's stack. What is inside stays as it came and is reported as one mismatch.
            del mismatches.found[start:]
            mismatches.add(self, TooDeep)
            return value
        if converted is MISMATCH:
            mismatches.add(self, kind)
            return value
        return converted

    def opens(self, value: Any) -> bool:
        """Return whether a value of that type is looked into."""
        return bool(self.table.get(type(value)))  # pyright: ignore[reportUnknownArgumentType]

    def _inherited(self, kind: type) -> Converter | None:
        """Return the converter of a subclass of a described type, such as `OrderedDict`; a bool is no int."""
        if kind is not bool:
            for base in kind.__mro__[1:]:
                if base in self.table:
                    return self.table[base]
        return MISMATCH  # type: ignore[no-any-return]
