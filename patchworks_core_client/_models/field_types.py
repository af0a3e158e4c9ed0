"""Places in the description of a model, each with a table of what may stand there and how it is converted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from .mismatches import Sink

MISMATCH: Any = object()
"""What a step gives for a value that is of a fitting type, and still not as described."""


class TooDeep:
    """Told as the type that came, where a value is nested deeper than Python's stack."""


TooDeep.__name__ = "nesting too deep"


class Step(Protocol):
    """Converts a value of one type; gives `MISMATCH` for a value that does not match."""

    def __call__(self, value: Any, sink: Sink, /) -> Any: ...


Table: TypeAlias = "dict[type, Step | None]"


class Anything(dict[type, "Step | None"]):
    """The table of `Any`: every type is in it, and nothing is converted."""

    def get(self, key: type, default: Any = None, /) -> None:
        """Always `None`: the value stays as it is."""


class Node:
    """One place in the description of a model: a field, or what the lists and objects of a field hold.

    Attributes:
        model: the name of the model.
        field: the field's name on the wire; `[]` behind it for what a list or an object holds.
        declared: the described type, as in the annotation.
        table: for each type of JSON value that matches, what converts it, or `None` where it stays as it is.
        keeps: whether a converted value cannot be turned back into what came, so that this must be kept.
    """

    __slots__ = ("declared", "field", "keeps", "model", "table")

    def __init__(self, model: str, field: str, declared: str) -> None:
        self.model = model
        self.field = field
        self.declared = declared
        self.table: Table = {}
        self.keeps = False

    def convert(self, value: Any, sink: Sink) -> Any:
        """The value as described; as it came, after telling the sink, where it does not match."""
        kind: Any = type(value)  # pyright: ignore[reportUnknownVariableType]
        step = self.table.get(kind, MISMATCH)
        if step is MISMATCH and (step := self.inherited(kind)) is MISMATCH:
            if value is not None:
                sink.add(self, kind)
            return value
        if step is None:
            return value
        start = len(sink.found)
        try:
            converted = step(value, sink)
        except RecursionError:
            # Nested deeper than Python's stack. What is inside stays as it came and is told as one mismatch.
            del sink.found[start:]
            sink.add(self, TooDeep)
            return value
        if converted is MISMATCH:
            sink.add(self, kind)
            return value
        return converted

    def opens(self, value: Any) -> bool:
        """Whether a value of that type is looked into."""
        return bool(self.table.get(type(value)))  # pyright: ignore[reportUnknownArgumentType]

    def inherited(self, kind: type) -> Step | None:
        """The step for a subclass of a described type, such as `OrderedDict`; a bool is no int."""
        if kind is not bool:
            for base in kind.__mro__[1:]:
                if base in self.table:
                    return self.table[base]
        return MISMATCH  # type: ignore[no-any-return]
