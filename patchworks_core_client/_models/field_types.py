"""The fields of a model, what may stand at them, and how it is converted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from .dates import aware
from .mismatches import DISCARD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .mismatches import Mismatches

MISMATCH: Any = object()
"""What a converter gives for a value that is of a fitting type, and still not as described."""


class TooDeep:
    """Reported as the type that came, where a value is nested deeper than Python's stack."""


TooDeep.__name__ = "nesting too deep"


class Converter(Protocol):
    """Converts a value of one type; gives `MISMATCH` for a value that does not match."""

    def __call__(self, value: Any, mismatches: Mismatches, /) -> Any: ...


class ModelConverter(Protocol):
    """Decodes the objects of one model. Converters reach a model by this; the decoder imports the converters."""

    cls: type
    decode: Converter

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields by their names in JSON."""
        ...

    def is_shown(self, key: object) -> bool:
        """Return whether a field that is not described may be an attribute like the others."""
        ...

    def decode_other(self, raw: dict[str, Any], mismatches: Mismatches) -> Any:
        """As `decode`, for an object with other keys than those which `decode` is compiled for."""


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

    def convert(self, value: Any, mismatches: Mismatches = DISCARD) -> Any:
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
        return MISMATCH  # type: ignore[no-any-return]  # it stands for any value


class Field:
    """A field of a model.

    Attributes:
        name: the Python name.
        wire: the name in JSON.
        sensitive: `True` hides its value in `repr`; the name of another field, in JSON, hides it unless that one came
            and is false.
        annotation: its type, or the text of it.
        table: that of its field type, once that is made.
    """

    def __init__(
        self, name: str, annotation: Any, metadata: Mapping[str, Any], described: Callable[[Field], FieldType]
    ) -> None:
        self.name = name
        self.wire: str = metadata.get("wire", name)
        self.sensitive: bool | str = metadata.get("sensitive", False)
        self.annotation = annotation
        self.table: Table = {}
        self._described = described
        self._field_type: FieldType | None = None

    @property
    def field_type(self) -> FieldType:
        """How its values are decoded; made when the first value arrives, since that imports the models in it."""
        found = self._field_type
        if found is None:
            # No lock: what is imported here is foreign code, which may wait for a thread that wants this very type.
            made = self._described(self)
            found = self._field_type = self._field_type or made
            self.table = found.table
        return found

    def convert(self, value: Any, mismatches: Mismatches) -> Any:
        # Whatever a list holds, an empty one is: to look that up would import the models in it.
        if type(value) is list and not value and str(self.annotation).startswith("list["):
            return value  # pyright: ignore[reportUnknownVariableType]
        if not mismatches.paths:
            return self.field_type.convert(value, mismatches)
        start = len(mismatches.found)
        converted = self.field_type.convert(value, mismatches)
        if len(mismatches.found) > start:
            mismatches.prefix(start, f".{self.wire}")
        return converted
