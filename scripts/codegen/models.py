"""What the templates of models and enumerations print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openapi_python_client.parser.properties import EnumProperty, LiteralEnumProperty, ModelProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol

from scripts.codegen.annotations import (
    Annotation,
    Annotations,
    model_imports,
    module_imports,
    standard_imports,
    unshadowed,
)
from scripts.codegen.text import docstring, sentence
from scripts.openapi.identifiers import identifier

# Attributes of the runtime's `Model`: a field of one of these names gets a trailing underscore.
MODEL_ATTRIBUTES = frozenset({"additional_properties", "evolve", "from_dict", "to_dict"})
_LIMITS = {
    "minLength": "Characters: at least {}.",
    "maxLength": "Characters: at most {}.",
    "minimum": "At least {}.",
    "maximum": "At most {}.",
}


@dataclass(frozen=True)
class FieldView:
    """One field of a model.

    Attributes:
        name: the Python name.
        wire: the name in JSON.
        annotation: the Python type, `None` included.
        text: description and documented constraints.
        options: keyword arguments of `field(...)` behind the default, as Python code; empty for a plain default.
    """

    name: str
    wire: str
    annotation: Annotation
    text: str
    options: str


@dataclass(frozen=True)
class ModelView:
    """One model: everything that its module shows."""

    name: str
    module: str
    docstring: str
    decorator: str
    imports: list[str]
    type_imports: list[str]
    fields: list[FieldView]
    code: Mapping[str, str]

    @property
    def uses_field(self) -> bool:
        """Whether any field needs more than a default."""
        return any(field.options for field in self.fields)


@dataclass(frozen=True)
class EnumView:
    """One enumeration, as a `Literal`."""

    name: str
    module: str
    docstring: str
    values: list[str]


def properties(model: ModelProperty) -> list[tuple[str, PropertyProtocol, Mapping[str, Any]]]:
    """The properties of a model in the order of the page: name, as parsed, and the schema as documented."""
    documented = {
        name.get_untrusted_value(): schema.model_dump(mode="json", by_alias=True, exclude_none=True)
        for name, schema in (model.data.properties or {}).items()
    }
    order = {name: place for place, name in enumerate(documented)}
    parsed = [*(model.required_properties or ()), *(model.optional_properties or ())]
    named = [(prop.name.get_untrusted_value(), prop) for prop in parsed]
    named.sort(key=lambda item: order.get(item[0], len(order)))
    return [(name, prop, documented.get(name, {})) for name, prop in named]


def field_text(prop: PropertyProtocol, schema: Mapping[str, Any]) -> str:
    """What the page says of a field: its description, whether it is required, how long it may be."""
    notes = [sentence(prop.description.get_untrusted_value())] if prop.description else []
    if prop.required:
        notes.append("Required.")
    for key, pattern in _LIMITS.items():
        if isinstance(limit := schema.get(key), int | float):
            notes.append(pattern.format(f"{limit:g}"))
    return " ".join(notes)


def model_view(model: ModelProperty, annotations: Annotations) -> ModelView:
    """The view of a model, as parsed by the generator."""
    fields: list[FieldView] = []
    taken = set(MODEL_ATTRIBUTES)
    for wire, prop, schema in properties(model):
        name = identifier(wire, taken)
        taken.add(name)
        annotation = annotations.of(prop).optional
        fields.append(FieldView(name, wire, annotation, field_text(prop, schema), _options(name, wire, schema)))
    extra = model.additional_properties
    extra_type = annotations.of(extra) if extra is not None else Annotation(("Any",))
    used = [field.annotation for field in fields]
    names = {field.name for field in fields}
    code = {field.name: unshadowed(field.annotation, names) for field in fields}
    about = (
        sentence(model.description.get_untrusted_value())
        if model.description
        else f"`{model.class_info.name}` of the API."
    )
    return ModelView(
        name=model.class_info.name,
        module=model.class_info.module_name,
        docstring=docstring(
            [about, "A value that does not match its type is kept as it came; see `Model`."],
            [("Attributes", [f"{field.name}: {field.text}" for field in fields if field.text])],
            indent=4,
        ),
        # Its names are looked up by the runtime; a type checker never sees them.
        decorator="@model" if extra_type.text == "Any" else f"@model(extra={extra_type.text!r})",
        imports=module_imports(code.values()),
        type_imports=[*standard_imports(used), *model_imports(used, ".", but=model.class_info.name)],
        fields=fields,
        code=code,
    )


def enum_view(enum: EnumProperty | LiteralEnumProperty) -> EnumView:
    """The view of an enumeration: sorted, since the generator keeps a set; a descending name behind its twin."""
    values: list[str | int] = list(enum.values.values() if isinstance(enum.values, dict) else enum.values)
    values.sort(key=lambda value: (str(value).removeprefix("-"), str(value).startswith("-")))
    text = (
        sentence(enum.description.get_untrusted_value())
        if enum.description
        else f"The documented values of `{enum.class_info.name}`."
    )
    return EnumView(
        enum.class_info.name,
        enum.class_info.module_name,
        docstring([text], indent=0),
        [repr(value) for value in values],
    )


def _options(name: str, wire: str, schema: Mapping[str, Any]) -> str:
    options = []
    if name != wire:
        options.append(f"wire={wire!r}")
    if sensitive := schema.get("x-sensitive"):
        options.append(f"sensitive={sensitive!r}" if isinstance(sensitive, str) else "sensitive=True")
    return ", ".join(options)
