"""What tools that look at classes see of a model: an attrs class, and a constructor with its fields by name.

Both are made when somebody looks. Importing attrs takes a quarter as long as importing httpx, and making classes with
it takes longer than all else that importing a model does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspect import Signature

    from .decoder import Plan


class AttrsFields:
    """The descriptor behind `__attrs_attrs__`, by which attrs knows its classes: `attrs.has`, `fields`, `asdict`."""

    def __get__(self, instance: object, owner: Any) -> tuple[Any, ...]:
        plan: Plan = owner.__patchworks_plan__
        if plan.attributes is None:
            plan.attributes = self._attributes(plan)
        return plan.attributes

    @staticmethod
    def _attributes(plan: Plan) -> tuple[Any, ...]:
        import attr

        attributes = {
            name: attr.ib(
                default=None,
                kw_only=True,
                type=field.annotation,
                repr=not field.sensitive,
                metadata={"wire": field.wire},
            )
            for name, field in plan.names.items()
        }
        made: tuple[Any, ...] = attr.fields(attr.make_class(plan.cls.__name__, attributes, frozen=True))
        return made


class ConstructorSignature:
    """The descriptor behind `__signature__`, by which `inspect.signature` and editors know the constructor."""

    def __get__(self, instance: object, owner: Any) -> Signature:
        from inspect import Parameter, Signature

        from .._types import NOT_GIVEN

        plan: Plan = owner.__patchworks_plan__
        return Signature(
            [
                Parameter(name, Parameter.KEYWORD_ONLY, default=NOT_GIVEN, annotation=field.annotation)
                for name, field in plan.names.items()
            ]
        )
