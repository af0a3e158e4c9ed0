"""The report of an API check: each difference, and the overlay action that would correct it. It holds no value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

import attrs

Kind = Literal["type", "null", "undescribed"]
Outcome = Literal["as described", "different", "refused", "failed", "skipped"]

_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "dict": {"type": "object"},
    "datetime": {"type": "string", "format": "date-time"},
}
# The name under which a model is published, and the page on which it is.
_VERSIONS = "virtual-environment-versions"
PUBLISHED = {
    "VirtualEnvironment": ("VirtualEnvironments", "virtual-environments"),
    "VirtualEnvironmentVersion": ("VirtualEnvironmentVersions", _VERSIONS),
    "FlowPriority": ("FlowPriorities", _VERSIONS),
    "Manifest": ("Manifests", _VERSIONS),
    "Variable": ("Variables", _VERSIONS),
}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


@attrs.frozen(order=True)
class Difference:
    """One way in which responses differ from the description. It never holds a value.

    Attributes:
        model: the model.
        field: the field of it.
        kind: a value of another type, a null, or a field that is not described.
        declared: the described type.
        got: the type that was received.
    """

    model: str
    field: str
    kind: Kind
    declared: str
    got: str

    @property
    def overlay(self) -> list[dict[str, Any]]:
        """The actions that the overlay of the description would need."""
        schema, page = PUBLISHED.get(self.model, (self.model, ""))
        properties = f"$.components.schemas.{schema}.properties"
        field = f".{self.field}" if _PLAIN.fullmatch(self.field) else f"[{json.dumps(self.field)}]"
        got, declared = _schema(self.got), [_schema(part) for part in parts(self.declared) if part != "None"]

        def action(below: str, reason: str, **change: Any) -> dict[str, Any]:
            pages = {"x-pages": [page]} if page else {}
            return {"target": f"{properties}{below}", "description": reason, **pages, **change}

        if self.kind == "undescribed":
            return [action("", "It is sent, and not described.", update={self.field: got})]
        if self.kind == "null":
            reason, instead = "Null is sent, which is not described.", {"allOf": declared, "nullable": True}
            if not any("$ref" in one for one in declared):
                return [action(field, reason, update={"nullable": True})]
        elif got in declared:
            return [action(f"{field}.enum", "A value is sent that is not listed.", remove=True)]
        else:
            reason, instead = f"{self.got} is sent, and {self.declared} described.", {"anyOf": [*declared, got]}
        return [action(field, reason, remove=True), action("", reason, update={self.field: instead})]


@attrs.frozen(order=True)
class Choice:
    """Which of several described types were received: what the description could say more exactly.

    Attributes:
        model: the model.
        field: the field of it.
        declared: the described types.
        got: the types that were received.
    """

    model: str
    field: str
    declared: str
    got: tuple[str, ...]


@attrs.frozen
class CheckedOperation:
    """One operation that was called.

    Attributes:
        operation: the SDK's name of it.
        outcome: how it went.
        detail: more about that.
    """

    operation: str
    outcome: Outcome
    detail: str = ""


@attrs.frozen
class Report:
    """What a check found.

    Attributes:
        operations: each operation that was called.
        differences: where the responses differ from the description.
        choices: of fields that are described with several types, those that were received.
        errors: what failed.
    """

    operations: tuple[CheckedOperation, ...]
    differences: tuple[Difference, ...]
    choices: tuple[Choice, ...] = ()
    errors: tuple[Exception, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON."""
        return {
            "operations": [attrs.asdict(operation) for operation in self.operations],
            "differences": [{**attrs.asdict(found), "overlay": found.overlay} for found in self.differences],
            "choices": [attrs.asdict(choice) for choice in self.choices],
        }


def parts(annotation: str) -> list[str]:
    """Return the alternatives of an annotation."""
    return [part.strip() for part in annotation.split("|") if part.strip()]


def _schema(annotation: str) -> Mapping[str, Any]:
    """Return the schema of a type, as far as its name tells."""
    name, _, inner = annotation.removeprefix("models.").partition("[")
    if name == "list":
        return {"type": "array", "items": _schema(inner.removesuffix("]")) if inner else {}}
    if name in PUBLISHED:
        return {"$ref": f"#/components/schemas/{PUBLISHED[name][0]}"}
    # Any other name is that of several texts.
    return _SCHEMAS.get(name, {} if name in {"Any", "NoneType"} else _SCHEMAS["str"])
