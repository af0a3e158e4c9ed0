"""The base of all models: built from annotations, tolerant of whatever the server sends, and lossless."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar, cast, dataclass_transform, overload

from .._errors import Mismatch  # noqa: TC001 - public annotations are resolved at run time
from .._types import NOT_GIVEN
from .decoder import FieldSpec, Plan, is_field
from .introspection import AttrsFields, ConstructorSignature
from .mismatches import SILENT
from .reports import Reporter
from .serialise import plain, wire_of
from .storage import Instance, extras

if TYPE_CHECKING:
    from typing import Self

M = TypeVar("M", bound="Model")

RESERVED = frozenset({"additional_properties", "evolve", "from_dict", "to_dict"})
"""The attributes of every model, which no field may be named after."""

_reporter = Reporter()
_quiet = _reporter.start()


def field(*, default: Any = None, wire: str | None = None, sensitive: bool | str = False) -> Any:
    """A field that needs more than a default.

    Args:
        default: `None`, which says to type checkers that the field may be left out.
        wire: its name in JSON, if that is another.
        sensitive: `True` hides its value in `repr`; the name of another field, in JSON, hides it unless that one came
            and is false.
    """
    return FieldSpec(wire, sensitive)


class Model(Instance):
    """A value of the API.

    Made from a body it has every field of the body, and an attribute for every described field: `None` for one that
    is null or did not come. A value that matches its description has the type of the annotation. **One that does not
    is kept as it came**, whatever the annotation says: servers are wrong at times, and this is reported through
    `on_mismatch` and the logger `patchworks_core_client`, or is a `DecodeError` in strict mode.

    Made by hand, with keyword arguments, it sends what was given: a field left out is not sent, `None` is sent as
    null. What the API requires, or limits, is for the server to judge.

    Models are frozen. They are equal if they are of one class and have the same fields with equal values.
    `model["wire_name"]` and `"wire_name" in model` give the fields as they came, described or not. All that are not are
    in `additional_properties`, and those with ordinary names are attributes too, if unknown to type checkers.

    Example:
        ```python
        environment = VirtualEnvironment.from_dict({"id": 1, "name": "UK", "new_field": True})
        environment.name  # "UK"
        environment["new_field"]  # True
        environment.evolve(name="FR").to_dict()  # {"id": 1, "name": "FR", "new_field": True}
        ```
    """

    __slots__ = ()
    __patchworks_plan__: Any
    if TYPE_CHECKING:
        __attrs_attrs__: ClassVar[Any]
    else:
        __attrs_attrs__ = AttrsFields()
        __signature__ = ConstructorSignature()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        plan = cls.__patchworks_plan__ = Plan(cls)
        for name, annotation in cls.__annotations__.items():
            if not is_field(name, annotation):
                continue
            if name in RESERVED:
                raise TypeError(f"{cls.__name__}.{name}: every model has an attribute of this name; choose another")
            value = vars(cls).get(name)
            if isinstance(value, FieldSpec):
                plan.specs[name] = value
            # What an instance without the field finds.
            setattr(cls, name, None)

    def __init__(self, /, **values: Any) -> None:
        plan: Plan = self.__patchworks_plan__
        plan.fill(self, wire_of(plan, values), SILENT)

    @classmethod
    def from_dict(
        cls,
        data: Mapping[str, Any],
        *,
        strict: bool = False,
        on_mismatch: Callable[[Mismatch], object] | None = None,
    ) -> Self:
        """A model of an object of JSON.

        Args:
            data: the object. It is not changed, and not copied deeper than the described fields go.
            strict: raise where it differs from the description.
            on_mismatch: is called with each difference. What it raises itself goes to the caller.

        Raises:
            DecodeError: in strict mode only.
            TypeError: if `data` is no mapping.
        """
        raw: dict[str, Any] = data if type(data) is dict else _as_dict(data)  # pyright: ignore[reportUnknownVariableType]
        if not strict and on_mismatch is None:
            made: Self = cls.__patchworks_plan__.decode(raw, _quiet)
            return made
        report = _reporter.having(strict=strict, on_mismatch=on_mismatch).start()
        made = cls.__patchworks_plan__.decode(raw, report)
        report.finish()
        return made

    def to_dict(self) -> dict[str, Any]:
        """The model as JSON: what it was made from, key for key. The copy is the caller's to change."""
        copy: dict[str, Any] = plain(self)
        return copy

    def evolve(self, /, **changes: Any) -> Self:
        """A copy with other values for some fields, and all else as it is; `NOT_GIVEN` takes a field out.

        Raises:
            TypeError: if a field is not one of this model.
        """
        plan: Plan = self.__patchworks_plan__
        raw = self.to_dict()
        changed = wire_of(plan, changes)
        for name, value in changes.items():
            if value is NOT_GIVEN:
                raw.pop(plan.names[name].wire, None)
        raw.update(changed)
        made: Self = plan.decode(raw, SILENT)
        return made

    @property
    def additional_properties(self) -> dict[str, Any]:
        """What came besides the described fields, by its names in JSON."""
        names = self.__patchworks_plan__.names
        return {name: value for name, value in vars(self).items() if name not in names} | extras(self)[1]

    def __getitem__(self, key: str) -> Any:
        plan: Plan = self.__patchworks_plan__
        return plain(plan.wire(self)[key])

    def __contains__(self, key: object) -> bool:
        plan: Plan = self.__patchworks_plan__
        return key in plan.wire(self)

    __iter__ = None

    def __setattr__(self, name: str, value: object) -> NoReturn:
        _frozen()

    def __delattr__(self, name: str) -> NoReturn:
        _frozen()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.__dict__ == other.__dict__ and extras(self)[1] == extras(other)[1]

    def __hash__(self) -> int:
        # Lists and objects cannot be hashed; equal models have the same other fields.
        plain_values = ((name, value) for name, value in self.__dict__.items() if not isinstance(value, dict | list))
        return hash((type(self), frozenset(plain_values)))

    def __copy__(self) -> Self:
        return self.__deepcopy__({})

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        made: Self = self.__patchworks_plan__.decode(self.to_dict(), SILENT)
        return made

    __replace__ = evolve

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.to_dict())

    def __repr__(self) -> str:
        from .representation import text

        return text(self)

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        from .representation import shown

        return shown(self)


Model.__patchworks_plan__ = Plan(Model)


def _restore(cls: type[M], raw: dict[str, Any]) -> M:
    made: M = cls.__patchworks_plan__.decode(raw, SILENT)
    return made


def _as_dict(data: Any) -> dict[str, Any]:
    if isinstance(data, Mapping):
        return dict(cast("Mapping[str, Any]", data))
    raise TypeError(f"a model is made from an object of JSON, not from {type(data).__name__}")


def _frozen() -> NoReturn:
    from attr.exceptions import FrozenInstanceError  # an error nobody should wait for

    raise FrozenInstanceError


@overload
def model(cls: type[M], /) -> type[M]: ...
@overload
def model(*, extra: str) -> Callable[[type[M]], type[M]]: ...
@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def model(cls: type[M] | None = None, /, *, extra: str | None = None) -> Any:
    """Declare a model: to type checkers, its constructor; to decoding, the type of fields that are not described.

    Args:
        cls: the class, which is given back.
        extra: the annotation of such fields, as text; without it they are of any type.
    """

    def declare(cls: type[M]) -> type[M]:
        cls.__patchworks_plan__.extra_annotation = extra
        return cls

    return declare if cls is None else cls
