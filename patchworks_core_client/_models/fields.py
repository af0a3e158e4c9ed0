"""The described fields of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .annotations import evaluate
from .describe import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .field_types import FieldType, Mismatches, Table

RESERVED = frozenset({"additional_properties", "evolve", "from_dict", "to_dict"})
"""The attributes of every model, which no field may be named after."""


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

    def __init__(self, owner: type, model: str, name: str, annotation: Any, metadata: Mapping[str, Any]) -> None:
        self.model = model
        self.name = name
        self.wire: str = metadata.get("wire", name)
        self.sensitive: bool | str = metadata.get("sensitive", False)
        self.annotation = annotation
        self.table: Table = {}
        self._evaluate = evaluator(owner)
        self._field_type: FieldType | None = None

    @property
    def field_type(self) -> FieldType:
        """How its values are decoded; made when the first value arrives, since that imports the models in it."""
        found = self._field_type
        if found is None:
            # No lock: what is imported here is foreign code, which may wait for a thread that wants this very type.
            made = describe(self.annotation, self._evaluate, model=self.model, field=self.wire)
            found = self._field_type = self._field_type or made
            self.table = found.table
        return found

    def convert(self, value: Any, mismatches: Mismatches) -> Any:
        """Return the value as described; see `FieldType.convert`."""
        if not mismatches.paths:
            return self.field_type.convert(value, mismatches)
        start = len(mismatches.found)
        converted = self.field_type.convert(value, mismatches)
        if len(mismatches.found) > start:
            mismatches.prefix(start, f".{self.wire}")
        return converted


def own_annotations(cls: type) -> dict[str, Any]:
    """Return the annotations in the body of a class that stand for fields."""
    return {
        name: annotation
        for name, annotation in cls.__annotations__.items()
        if not name.startswith("_") and "ClassVar" not in str(annotation)
    }


def evaluator(owner: type) -> Callable[[Any], Any]:
    """Return what makes a type of an annotation in the body of a class."""
    module = owner.__module__
    package = module.rpartition(".")[0]
    return lambda annotation: evaluate(annotation, module=module, package=package, own={owner.__name__: owner})
