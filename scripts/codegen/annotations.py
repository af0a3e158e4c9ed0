"""The Python annotation of each property, parameter and response that the generator has parsed.

The generator's own type strings mix in its `Unset`, make a class of every free-form object and keep class names that
no model needs. Here a property becomes the annotation that the runtime decodes by: `str`, `datetime`,
`list[Version]`, `dict[str, Any]`, `Literal[...]`, a model, or a union of those.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.literal_enum_property import LiteralEnumProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

_SIMPLE: Mapping[type[PropertyProtocol], str] = {
    BooleanProperty: "bool",
    DateProperty: "date",
    DateTimeProperty: "datetime",
    FileProperty: "bytes",
    FloatProperty: "float",
    IntProperty: "int",
    NoneProperty: "None",
    StringProperty: "str",
    UuidProperty: "UUID",
}
_IMPORTED_FROM = {
    "Any": "typing",
    "Literal": "typing",
    "date": "datetime",
    "datetime": "datetime",
    "UUID": "uuid",
}
_BUILTINS = frozenset({"bool", "bytes", "dict", "float", "int", "list", "str"})
# Nothing real nests free-form objects deeper; a schema that contains itself without a class in between would.
_MAX_DEPTH = 20


@dataclass(frozen=True)
class Annotation:
    """The text of an annotation and the names it uses.

    Attributes:
        members: the members of a union as Python code; a single one where it is none.
        models: names of generated classes and enumerations in it, each with its module.
        names: names from the standard library in it.
    """

    members: tuple[str, ...]
    models: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """The annotation as Python code."""
        return " | ".join(self.members)

    def qualified(self, package: str = "models") -> str:
        """Return the annotation as Python code that reaches each model through the name of a module."""
        if not self.models:
            return self.text
        names = "|".join(sorted(self.models, key=len, reverse=True))
        # Only where it is code, not inside of the quotes of a Literal.
        return re.sub(rf"(?<![\w.'\"])({names})(?![\w'\"])", rf"{package}.\1", self.text)

    @property
    def optional(self) -> Annotation:
        """The same or `None`, which every field of every model may be."""
        return self if self == ANY else union([self, Annotation(("None",))])

    @property
    def changeable(self) -> Annotation:
        """The same, `None`, or nothing at all."""
        return self if self == ANY else union([self, Annotation(("NotGiven",)), Annotation(("None",))])


ANY = Annotation(("Any",), names=frozenset({"Any"}))
_MAPPING = Annotation(("Mapping[str, Any]",), names=frozenset({"Any"}))


def union(parts: Iterable[Annotation]) -> Annotation:
    """Return the union of annotations, each named once, `None` last."""
    parts = list(parts)
    members = sorted(dict.fromkeys(member for part in parts for member in part.members), key="None".__eq__)
    if "Any" in members or not members:
        return ANY
    models = {name: module for part in parts for name, module in part.models.items()}
    return Annotation(tuple(members), models, frozenset().union(*(part.names for part in parts)))


def inside(pattern: str, inner: Annotation) -> Annotation:
    """Return the annotation as an argument of another: `inside("list[{}]", x)`."""
    return replace(inner, members=(pattern.format(inner.text),))


def is_free_form(model: ModelProperty) -> bool:
    """Return whether a class would have no field of its own, so that a `dict` says the same."""
    return not model.required_properties and not model.optional_properties


class Annotations:
    """Turns the generator's properties into annotations.

    Args:
        models: every model that the generator knows, by class name: what it hands out inside of other properties may
            be an earlier copy whose own properties are not filled in.
    """

    def __init__(self, models: Iterable[ModelProperty]) -> None:
        self._models = {model.class_info.name: model for model in models}

    def model(self, prop: PropertyProtocol) -> ModelProperty | None:
        """Return the finished model that a property refers to, if it is one."""
        return self._models.get(prop.class_info.name, prop) if isinstance(prop, ModelProperty) else None

    def sent(self, prop: PropertyProtocol) -> Annotation:
        """Return what a caller may give for a property: a sequence for a list, a mapping for a model, and so on."""
        if isinstance(prop, ListProperty):
            return inside("Sequence[{}]", self.sent(prop.inner_property))
        if isinstance(prop, UnionProperty):
            return union([self.sent(inner) for inner in prop.inner_properties])
        if isinstance(prop, FileProperty):
            return Annotation(("File",))
        annotation = self.of(prop)
        if isinstance(prop, DateProperty | DateTimeProperty):
            return union([annotation, Annotation(("str",))])
        if (model := self.model(prop)) is not None:
            return _MAPPING if is_free_form(model) else union([annotation, _MAPPING])
        return annotation

    def of(self, prop: PropertyProtocol, depth: int = 0) -> Annotation:
        """Return the annotation of a property; `Any` for what cannot be said."""
        if depth > _MAX_DEPTH:
            return ANY
        if simple := _SIMPLE.get(type(prop)):
            return Annotation((simple,), names=frozenset({simple} & _IMPORTED_FROM.keys()))
        if isinstance(prop, ListProperty):
            return inside("list[{}]", self.of(prop.inner_property, depth + 1))
        if isinstance(prop, UnionProperty):
            return union([self.of(inner, depth + 1) for inner in prop.inner_properties])
        if isinstance(prop, LiteralEnumProperty | EnumProperty):
            return Annotation((prop.class_info.name,), {prop.class_info.name: prop.class_info.module_name})
        if isinstance(prop, ConstProperty):
            return Annotation((f"Literal[{prop.value.raw_value!r}]",), names=frozenset({"Literal"}))
        model = self.model(prop)
        if model is None:
            return ANY
        if not is_free_form(model):
            return Annotation((model.class_info.name,), {model.class_info.name: model.class_info.module_name})
        extra = model.additional_properties
        return inside("dict[str, {}]", self.of(extra, depth + 1) if extra else ANY)


def standard_imports(annotations: Iterable[Annotation]) -> list[str]:
    """Return the import lines for the names from the standard library."""
    names = sorted({name for annotation in annotations for name in annotation.names})
    return [f"from {_IMPORTED_FROM[name]} import {name}" for name in names]


def unshadowed(annotation: Annotation, names: Collection[str], text: str = "") -> str:
    """Return the annotation as code in a class that has attributes of the given names.

    In `date: date | None` a type checker takes the second `date` for the field, and in a class with a method `list`
    every later `list[...]` for the method; so a clashing name is reached through its module.
    """
    text = text or annotation.text
    for name in sorted((_BUILTINS | annotation.names) & set(names)):
        module = _IMPORTED_FROM.get(name, "builtins")
        # Only where it is code, not inside of the quotes of a Literal.
        text = re.sub(rf"(?<![\w.'\"]){name}(?![\w'\"])", f"_{module}.{name}", text)
    return text


def module_imports(codes: Iterable[str]) -> list[str]:
    """Return the imports of the modules through which unshadowed annotations reach their names."""
    found = {module for code in codes for module in re.findall(r"\b_(builtins|datetime|typing|uuid)\.", code)}
    return [f"import {module} as _{module}" for module in sorted(found)]
