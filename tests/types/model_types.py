"""What type checkers conclude of models; `test_type_checkers.py` runs them on this."""
# pyright: strict

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal, assert_type

import attrs

from patchworks_core_client import NOT_GIVEN, Mismatch, Model
from patchworks_core_client.models import (
    CreateVariableRequest,
    PaginationMeta,
    Variable,
    VirtualEnvironment,
    VirtualEnvironmentVersion,
)


def report(mismatch: Mismatch) -> None:
    assert_type(mismatch.field, str)


made = VirtualEnvironment.from_dict({"id": 1}, strict=True, on_mismatch=report)
assert_type(made, VirtualEnvironment)
assert_type(made.name, str | None)
assert_type(made.created_at, datetime | None)
assert_type(made.versions, list[VirtualEnvironmentVersion] | None)
assert_type(made.evolve(name="FR", description=NOT_GIVEN, versions=[VirtualEnvironmentVersion()]), VirtualEnvironment)
assert_type(attrs.evolve(made, name="FR"), VirtualEnvironment)
attrs.fields(VirtualEnvironment)
attrs.asdict(made)
assert_type(made.to_dict(), dict[str, Any])
assert_type(made.additional_properties, dict[str, Any])
assert_type(made["name"], Any)
assert_type("name" in made, bool)
assert_type(VirtualEnvironmentVersion().status, Literal["Draft", "Inactive", "Deployed"] | None)
assert_type(PaginationMeta(from_=1).from_, int | None)
assert_type(made == made.evolve(), bool)

Variable(key="a", value=None, created_at=datetime.now(UTC))
CreateVariableRequest(key="a", type="custom")
Variable()


def exported(values: list[VirtualEnvironment]) -> list[dict[str, Any]]:
    """Every model has what `Model` has."""
    return [value.evolve().to_dict() for value in values]


def changed(value: Model) -> Model:
    """Of a model of any class nobody knows the fields."""
    return value.evolve(name="x")
