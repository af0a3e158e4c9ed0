"""What a check of the API against its description found, and what the description would need. No values."""

from __future__ import annotations

from typing import Any, Literal

import attrs

Kind = Literal["type", "null", "undescribed"]
Outcome = Literal["as described", "different", "refused", "failed", "nothing to ask"]

_JSON_TYPES = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "list": "array",
    "dict": "object",
    "NoneType": "null",
    "datetime": "string",
    "Literal": "string",
}


@attrs.frozen(order=True)
class Difference:
    """One way in which answers differ from the description. It never holds a value.

    Attributes:
        model: the model.
        field: the field of it.
        kind: a value of another type, a null, or a field that is not described.
        declared: the described type.
        got: the type that came.
    """

    model: str
    field: str
    kind: Kind
    declared: str
    got: str

    @property
    def overlay(self) -> dict[str, Any]:
        """What the overlay of the description would need."""
        got = _JSON_TYPES.get(self.got, "string")
        declared = [
            # What has no type of JSON's own is a model, or one of several texts.
            _JSON_TYPES.get(part.partition("[")[0], "object")
            for part in parts(self.declared)
            if part != "None"
        ]
        types = list(dict.fromkeys([*declared, got] if self.kind != "undescribed" else [got]))
        reason = {
            "type": f"{got} is sent where {' or '.join(declared) or 'another type'} is described.",
            "null": "null is sent, which is not described.",
            "undescribed": "It is sent, and not described.",
        }[self.kind]
        return {
            "target": f"$.components.schemas.{self.model}"
            + ("" if self.kind == "undescribed" else f".properties.{self.field}"),
            "description": reason,
            "update": {"properties": {self.field: {"type": got}}}
            if self.kind == "undescribed"
            else {"type": types if len(types) > 1 else types[0]},
        }


@attrs.frozen(order=True)
class Choice:
    """Which of several described types came: what the description could say more exactly.

    Attributes:
        model: the model.
        field: the field of it.
        declared: the described types.
        got: the types that came.
    """

    model: str
    field: str
    declared: str
    got: tuple[str, ...]


@attrs.frozen
class Asked:
    """One operation that was asked.

    Attributes:
        operation: the SDK's name of it.
        outcome: what came of it.
        detail: more about that.
    """

    operation: str
    outcome: Outcome
    detail: str = ""


@attrs.frozen
class Report:
    """What a check found.

    Attributes:
        asked: each operation.
        differences: where the answers differ from the description.
        choices: of fields that are described with several types, those that came.
        errors: what failed.
    """

    asked: tuple[Asked, ...]
    differences: tuple[Difference, ...]
    choices: tuple[Choice, ...] = ()
    errors: tuple[Exception, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            "operations": [attrs.asdict(asked) for asked in self.asked],
            "differences": [{**attrs.asdict(found), "overlay": found.overlay} for found in self.differences],
            "choices": [attrs.asdict(choice) for choice in self.choices],
        }


def parts(annotation: str) -> list[str]:
    """Return the alternatives of an annotation."""
    return [part.strip() for part in annotation.split("|") if part.strip()]
