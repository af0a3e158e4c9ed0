"""How the objects of one model are decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import attrs

from .annotations import describe, evaluator
from .converters import path_of
from .field_types import MISMATCH, Field
from .storage import as_they_came, extras, new, set_came, set_dict, set_extra

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from .annotations import Evaluate
    from .field_types import Converter, FieldType
    from .mismatches import Mismatches

_ATTRS_FIELD: type = type(cast("object", attrs.field()))
# Compiling a decoder costs what it saves in a few hundred objects.
COMPILE_AFTER = 100
MAX_COMPILED = 32
# No server may fill the memory with ever new keys, or with long ones.
MAX_KEY_SETS = 64
MAX_KEYS = 128
MAX_KEY_CHARS = 4_000


class ModelDecoder:
    """Decodes the objects of one model. Its fields are collected when the first object arrives.

    Attributes:
        cls: the class of the model.
        extra_annotation: the type of fields that are not described by name, if there is one.
        own_methods: those in the body of the class.
        decode: makes an instance of an object of JSON, which is not changed: `decode_any`, or what was compiled for
            one key set, and leaves others to `decode_other`.
    """

    def __init__(self, cls: type, extra: str | None = None) -> None:
        self.cls = cls
        self.extra_annotation = extra
        self.own_methods: Collection[str] = ()
        self.decode: Converter = self.decode_any
        self._extra: FieldType | None = None
        self._fields: dict[str, Field] | None = None
        self._names: dict[str, Field] = {}
        # By the key sets of objects that came often, in their order; None where it would not pay.
        self._compiled: dict[tuple[str, ...], Converter | None] = {}
        self._seen: dict[tuple[str, ...], int] = {}

    @property
    def fields(self) -> dict[str, Field]:
        """The fields by their names in JSON, those of base classes first."""
        if self._fields is None:
            self._collect()
        return self._fields or {}

    @property
    def names(self) -> dict[str, Field]:
        """The fields by their Python names."""
        return self._names if self.fields else {}

    def _collect(self) -> None:
        named: dict[str, Field] = {}
        for base in reversed(self.cls.__mro__):
            decoder = vars(base).get("__patchworks_decoder__")
            if not isinstance(decoder, ModelDecoder):
                continue
            described = self._described(evaluator(base))
            attributes = vars(base).get("__attrs_attrs__", ())
            declared = {each.name: {"sensitive": not each.repr, **each.metadata} for each in attributes}
            for name, annotation in own_annotations(base).items():
                if name not in declared and isinstance(vars(base).get(name), _ATTRS_FIELD):
                    raise TypeError(f"{base.__name__}.{name}: attrs.field() needs attrs' decorator on the class")
                if name != "additional_properties":
                    named[name] = Field(name, annotation, declared.get(name, {}), described)
            if decoder.extra_annotation is not None:
                self._extra = described(Field("[]", decoder.extra_annotation, {}, described))
        self._names = named
        # Last, since another thread may look at the same time, and takes this for the sign that all is there.
        self._fields = {field.wire: field for field in named.values()}

    def _described(self, evaluate: Evaluate) -> Callable[[Field], FieldType]:
        model = self.cls.__name__
        return lambda field: describe(field.annotation, evaluate, model=model, field=field.wire)

    def decode_any(self, raw: dict[str, Any], mismatches: Mismatches) -> Any:
        """As `decode`, for an object with any keys."""
        made = new(self.cls)
        self.fill(made, raw, mismatches)
        if len(self._compiled) < MAX_COMPILED:
            self._watch(raw)
        return made

    def decode_other(self, raw: dict[str, Any], mismatches: Mismatches) -> Any:
        """As `decode`, for an object with other keys than those which `decode` is compiled for."""
        return (self._compiled.get(tuple(raw)) or self.decode_any)(raw, mismatches)

    def fill(self, made: Any, raw: dict[str, Any], mismatches: Mismatches) -> None:
        """Decode an object of JSON into an empty instance."""
        fields = self._fields or self.fields
        values: dict[str, Any] = {}
        names: list[str] = []
        originals: list[Any] = []
        others: list[str] = []
        extra: dict[str, Any] = {}
        for key, value in raw.items():
            field = fields.get(key)
            if field is None:
                if self.is_shown(key):
                    values[key] = value
                    others.append(key)
                else:
                    extra[key] = value
            elif value is None or field.table.get(type(value), MISMATCH) is None:  # pyright: ignore[reportUnknownArgumentType]
                # Half of the fields of a typical object end here.
                values[field.name] = value
            else:
                converted = values[field.name] = field.convert(value, mismatches)
                if converted is not value and field.field_type.keeps:
                    names.append(field.name)
                    originals.append(value)
        set_dict(made, values)
        if names or others:
            set_came(made, (tuple(names), tuple(others), *originals))
        if extra:
            set_extra(made, (extra, self._convert_extra(extra, mismatches)))

    def is_shown(self, key: object) -> bool:
        """Return whether a field that is not described may be an attribute like the others.

        One may not that would hide an attribute of the class, or that a protocol of Python would find.
        """
        return self._extra is None and type(key) is str and key[:1] != "_" and not hasattr(self.cls, key)

    def _convert_extra(self, extra: dict[str, Any], mismatches: Mismatches) -> dict[str, Any]:
        if self._extra is None:
            return extra
        converted: dict[str, Any] = {}
        for key, value in extra.items():
            start = len(mismatches.found)
            converted[key] = self._extra.convert(value, mismatches)
            if len(mismatches.found) > start:
                mismatches.prefix(start, path_of(key))
        return converted

    def came(self, instance: Any) -> dict[str, Any]:
        """Return the described fields of an instance that came or were given, by their Python names."""
        names = self.names
        return {name: value for name, value in instance.__dict__.items() if name in names}

    def json(self, instance: Any) -> dict[str, Any]:
        """Return an instance as JSON, one level deep: nested models are still models, lists still those of it."""
        names = self.names
        values = {names[name].wire: value for name, value in as_they_came(instance).items() if name in names}
        values.update(extras(instance)[0])
        return values

    def _watch(self, raw: dict[str, Any]) -> None:
        """Count objects by their keys; have a decoder compiled for those that come often."""
        keys = tuple(raw)
        if keys in self._compiled:
            return
        seen = self._seen.get(keys, 0) + 1
        if seen < COMPILE_AFTER:
            if seen == 1 and len(self._seen) >= MAX_KEY_SETS:
                self._seen.clear()
            if len(raw) <= MAX_KEYS and sum(len(str(key)) for key in keys) <= MAX_KEY_CHARS:
                self._seen[keys] = seen
            return
        self._seen.pop(keys, None)
        from .compiled_decoder import compile_decoder

        # Where others than the described keys have a type, they would be converted one by one all the same.
        pays = self._extra is None or all(key in self.fields for key in keys)
        compiled = compile_decoder(self, keys) if pays else None
        self._compiled[keys] = compiled
        if compiled is not None:
            self.decode = compiled


def own_annotations(cls: type) -> dict[str, Any]:
    """Return the annotations in the body of a class that stand for fields."""
    return {
        name: annotation
        for name, annotation in cls.__annotations__.items()
        if not name.startswith("_") and "ClassVar" not in str(annotation)
    }
