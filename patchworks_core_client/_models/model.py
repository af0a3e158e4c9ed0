"""The base of all models: attrs classes, tolerant of whatever the server sends, and lossless.

A model is declared with attrs' own decorator, which collects the fields and freezes the class; type checkers, cattrs,
hypothesis and others see an attrs class. Four methods are not the ones that attrs would write: the constructor, since
it has to know what was left out (see `constructor_arguments`); equality and the hash, since lists and objects of JSON
are in it; and `repr`, since there are secrets in it. Decoding fills instances without the constructor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import attrs

from .._checks import kind_of
from .._errors import DecodeError, Mismatch
from .._lazy import resolvable
from .._types import NOT_GIVEN
from .constructor_arguments import AdditionalProperties, arguments
from .declaration import ConstructorSignature, check_annotations, finish, model_field
from .mismatches import DISCARD, Reporter
from .model_decoder import ModelDecoder
from .serialise import plain
from .storage import Instance, extras

M = TypeVar("M", bound="Model")

_reporter = Reporter()


@resolvable
@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False, field_transformer=model_field)
class Model(Instance):
    """A value of the API.

    Made from a body it has every field of the body, and an attribute for every described field: its default, `None`,
    for one that did not come. A value that matches its description has the type of the annotation. **One that does not
    is kept as it came**, whatever the annotation says: servers are wrong at times, and this is reported through
    `on_mismatch` and the logger `patchworks_core_client`, or is a `DecodeError` in strict mode.

    Made by hand, with keyword arguments, it sends what was given: a field left out is not sent, `None` is sent as
    null. What the API requires, or limits, is for the server to judge. In a request, a field that was left out reads
    as `NOT_GIVEN`.

    Models are frozen. They are equal if they are of one class and have the same fields with equal values; one that is
    null is not equal to one that is not there. `model["wire_name"]` and `"wire_name" in model` give the fields as they
    came, described or not. Those that are not described are in `additional_properties`, and are attributes too, if
    unknown to type checkers, where the class has none of that name.

    Models are attrs classes: `attrs.fields`, `attrs.asdict`, `attrs.evolve` and what builds on them show attributes.
    `attrs.evolve` keeps undescribed and absent fields; it cannot make a null of one that is absent and reads as
    `None`, which `evolve` can. A subclass with fields of its own is declared like the generated models, or without
    a decorator, if nobody but decoding has to know of them. What attrs would do in a constructor, such as a validator,
    is refused: what the server sends is given to none.

    Attributes:
        additional_properties: What came besides the described fields, by its names in JSON: a copy.

    Example:
        ```python
        environment = VirtualEnvironment.from_dict({"id": 1, "name": "UK", "new_field": True})
        environment.name  # "UK"
        environment["new_field"]  # True
        environment.evolve(name="FR").to_dict()  # {"id": 1, "name": "FR", "new_field": True}
        ```
    """

    additional_properties: dict[str, Any] = attrs.field(factory=dict[str, Any])

    __slots__ = ()
    __patchworks_decoder__: ClassVar[Any]

    def __init_subclass__(cls, *, extra: str | None = None) -> None:
        """Prepare decoding.

        Args:
            extra: the annotation of fields that are not described, as text; without it they are of any type.
        """
        super().__init_subclass__()
        cls.__patchworks_decoder__ = ModelDecoder(cls, extra)
        check_annotations(cls, cls.__patchworks_decoder__)

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        finish(cls, cls.__patchworks_decoder__)

    def __init__(self, /, **values: Any) -> None:
        decoder: ModelDecoder = self.__patchworks_decoder__
        origin = getattr(values.get("additional_properties"), "origin", None)
        raw, fault = arguments(decoder, values, origin if type(origin) is type(self) else None)
        if fault:
            del values, raw, origin
            raise TypeError(fault)
        decoder.fill(self, raw, DISCARD)

    @classmethod
    def from_dict(
        cls,
        data: Mapping[str, Any],
        *,
        strict: bool = False,
        on_mismatch: Callable[[Mismatch], object] | None = None,
    ) -> Self:
        """Make a model of an object of JSON.

        Args:
            data: the object. It is not changed, and not copied deeper than the described fields go. Values that are
                decoded already, such as a `datetime` or a model, are taken as they are.
            strict: raise where it differs from the description.
            on_mismatch: is called with each difference. What it raises itself goes to the caller.

        Raises:
            DecodeError: in strict mode only.
            TypeError: if `data` is no mapping.
        """
        raw: dict[str, Any]
        if type(data) is dict:
            raw = data  # pyright: ignore[reportUnknownVariableType]
        elif isinstance(data, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - callers need not be typed
            raw = dict(data)
        else:
            given = kind_of(data)
            del data
            raise TypeError(f"a model is made from an object of JSON, not from {given}")
        if not strict and on_mismatch is None:
            made: Self = cls.__patchworks_decoder__.decode(raw, _reporter)
            return made
        report = _reporter.having(strict=strict, on_mismatch=on_mismatch).start()
        made = cls.__patchworks_decoder__.decode(raw, report)
        # A tool that prints the variables of a traceback would show what is secret in them.
        del data, raw
        report.finish()
        return made

    def to_dict(self) -> dict[str, Any]:
        """Return the model as JSON: what it was made from, key for key. The copy is the caller's to change."""
        copy: dict[str, Any] = plain(self)
        return copy

    def evolve(self, /, *args: Any, **changes: Any) -> Self:
        """Return a copy with other values for some fields, and all else as it is; `NOT_GIVEN` takes a field out.

        Raises:
            TypeError: if a field is not one of this model.
        """
        decoder: ModelDecoder = self.__patchworks_decoder__
        raw = self.to_dict()
        changed, fault = arguments(decoder, changes)
        if args or fault:
            del args, changes, raw, changed
            raise TypeError(fault or "evolve() takes the fields to change by their names only")
        for name, value in changes.items():
            if value is NOT_GIVEN:
                raw.pop(decoder.names[name].wire, None)
        if "additional_properties" in changes:
            raw = {key: value for key, value in raw.items() if key in decoder.fields}
        raw.update(changed)
        made: Self = decoder.decode(raw, DISCARD)
        return made

    def __getitem__(self, key: str) -> Any:
        return plain(self.__patchworks_decoder__.json(self)[key])

    def __contains__(self, key: object) -> bool:
        return key in self.__patchworks_decoder__.json(self)

    __iter__ = None

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        decoder: ModelDecoder = self.__patchworks_decoder__
        return decoder.came(self) == decoder.came(other) and extras(self)[1] == extras(other)[1]

    def __hash__(self) -> int:
        # Lists and objects cannot be hashed; equal models have the same other fields.
        came = self.__patchworks_decoder__.came(self)
        plain_values = ((name, value) for name, value in came.items() if not isinstance(value, dict | list | tuple))
        return hash((type(self), frozenset(plain_values)))

    def __copy__(self) -> Self:
        return self.__deepcopy__({})

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        made: Self = self.__patchworks_decoder__.decode(self.to_dict(), DISCARD)
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

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        def validate(value: Any) -> Any:
            try:
                return value if isinstance(value, cls) else cls.from_dict(value, strict=True)
            except (DecodeError, TypeError) as error:
                raise ValueError(str(error)) from None

        written = core_schema.plain_serializer_function_ser_schema(cls.to_dict, return_schema=core_schema.dict_schema())
        return core_schema.no_info_plain_validator_function(validate, serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "object", "title": cls.__name__}


resolvable(Model)
Model.__patchworks_decoder__ = ModelDecoder(Model)
if not TYPE_CHECKING:
    # attrs declares it as a field, so that `attrs.evolve` and others hand it on; what it reads as is made when read.
    Model.additional_properties = property(AdditionalProperties)
    Model.__signature__ = ConstructorSignature()


def _restore(cls: type[M], raw: dict[str, Any]) -> M:
    made: M = cls.__patchworks_decoder__.decode(raw, DISCARD)
    return made
