"""What a class body says of a model, and how attrs makes it a class."""

from __future__ import annotations

import sys
import typing
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import attrs

from .._types import NOT_GIVEN
from .annotations import describe, evaluator
from .model_decoder import own_annotations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from inspect import Signature

    from .model_decoder import ModelDecoder

# What attrs wrote of these is taken off again, whatever options the decorator has: the base class knows better.
_OURS = frozenset({"__init__", "__eq__", "__ne__", "__hash__", "__repr__", "__replace__"})
RESERVED = frozenset({"additional_properties", "evolve", "from_dict", "to_dict"})
"""The attributes of every model, which no field may be named after."""

_GENERATED = __name__.partition("._models")[0] + ".generated."


def check_annotations(cls: type, decoder: ModelDecoder) -> None:
    """Refuse a class with a field that cannot be one.

    An annotation with names that are not defined yet is looked at when the first value of the field arrives.

    Raises:
        TypeError: an annotation describes nothing that comes from JSON, or the name of a field is taken.
    """
    if vars(cls).get("__slots__"):
        raise TypeError(f"{cls.__name__}: the fields of a model are in its __dict__; declare it with slots=False")
    decoder.own_methods = vars(cls).keys() & _OURS
    for name, annotation in own_annotations(cls).items():
        if name in RESERVED:
            raise TypeError(f"{cls.__name__}.{name}: every model has an attribute of this name; choose another")
        # What the generator writes it has checked, and looking would import all other models.
        if not cls.__module__.startswith(_GENERATED):
            with suppress(NameError, AttributeError):
                describe(annotation, evaluator(cls), model=cls.__name__, field=name)
        if name not in vars(cls):
            # What an instance without the field reads.
            setattr(cls, name, None)
    if "hypothesis" in sys.modules:
        from .hypothesis_plugin import register_model

        register_model(cls)


def finish(cls: Any, decoder: ModelDecoder) -> None:
    """End the declaration of a model when attrs has made its class.

    Raises:
        TypeError: attrs found a field that is none to a model, or is to do what a model does not.
    """
    for name in _OURS:
        if name in vars(cls) and name not in decoder.own_methods:
            delattr(cls, name)
    fields = own_annotations(cls)
    for attribute in cls.__attrs_attrs__:
        if attribute.name in fields:
            setattr(cls, attribute.name, _read_as(attribute.default))
        elif not attribute.inherited:
            raise TypeError(
                f"{cls.__name__}.{attribute.name}: the name of a field begins with a letter; annotate what is none "
                "with ClassVar"
            )
    # What the generator writes it has checked.
    ignored = None if cls.__module__.startswith(_GENERATED) else next(_ignored(cls), None)
    if ignored:
        raise TypeError(
            f"{cls.__name__}.{ignored}: models do not go by this, since what the server sends is given to no "
            "constructor; write a method or a property instead"
        )


def model_field(cls: type, attributes: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:
    """Give every field of a model a converter: the constructor decodes. cattrs then leaves to it what it cannot do."""
    return [
        attribute.evolve(converter=_AS_GIVEN, repr=not attribute.metadata.get("sensitive")) for attribute in attributes
    ]


def _ignored(cls: Any) -> Iterator[str]:
    """Yield what a class says that the constructor or the equality of attrs would go by, and a model's do not."""
    yield from (name for name in ("__attrs_pre_init__", "__attrs_post_init__") if hasattr(cls, name))
    for attribute in cls.__attrs_attrs__:
        options = {
            "validator=": attribute.validator is not None,
            "converter=": attribute.converter not in (None, _AS_GIVEN),
            "alias=": attribute.alias != attribute.name,
            "init=": not attribute.init,
            "eq=": not attribute.eq or attribute.eq_key is not None,
        }
        yield from (f"{attribute.name}: {option}" for option, is_set in options.items() if is_set)


# One for all: attrs looks at the signature of each function that it is given.
_AS_GIVEN: Any = attrs.Converter(attrs.converters.pipe())


def _read_as(default: Any) -> Any:
    """Return what an instance without the field reads."""
    if default is attrs.NOTHING:
        return None
    return _Made(default) if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]  # to mypy it is a function


class _Made:
    """A default that a factory makes."""

    def __init__(self, factory: Any) -> None:
        self._factory = factory

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        return self._factory.factory(instance) if self._factory.takes_self else self._factory.factory()


class ConstructorSignature:
    """The descriptor behind `__signature__`, by which `inspect.signature` and editors know the constructor."""

    def __get__(self, instance: object, owner: Any) -> Signature:
        from inspect import Parameter, Signature

        decoder: ModelDecoder = owner.__patchworks_decoder__
        annotations: dict[str, Any] = {name: field.annotation for name, field in decoder.names.items()}
        annotations["additional_properties"] = dict[str, Any]
        with suppress(NameError):
            annotations |= typing.get_type_hints(owner)
        return Signature(
            [
                Parameter(name, Parameter.KEYWORD_ONLY, default=NOT_GIVEN, annotation=annotations[name])
                for name in (*decoder.names, "additional_properties")
            ]
        )
