"""Views of models and enumerations, for their templates."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.properties import EnumProperty, LiteralEnumProperty, ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol

from scripts.codegen.annotations import (
    ANY,
    Annotation,
    Annotations,
    is_free_form,
    module_imports,
    standard_imports,
    unshadowed,
)
from scripts.codegen.docstrings import docstring, sentence
from scripts.codegen.name_collisions import decoded, wire_name
from scripts.codegen.results import envelopes
from scripts.openapi.identifiers import identifier, words

# Attributes of the runtime's `Model`, and the first parameter of what attrs writes: a field of one of these names gets
# a trailing underscore.
MODEL_ATTRIBUTES = frozenset({"additional_properties", "evolve", "from_dict", "self", "to_dict"})
_LIMITS = {
    "minLength": "Characters: at least {}.",
    "maxLength": "Characters: at most {}.",
    "minimum": "At least {}.",
    "maximum": "At most {}.",
}


@dataclass(frozen=True)
class FieldView:
    """One field of a model, as Python code.

    Attributes:
        name: the Python name.
        annotation: the type, `None` included.
        default: what stands behind the equals sign.
        changed: the type of the parameter of `evolve`.
        text: description and documented constraints.
    """

    name: str
    annotation: str
    default: str
    changed: str
    text: str


@dataclass(frozen=True)
class ModelView:
    """One model: everything that its module shows.

    Attributes:
        arguments: what follows the base class, such as the type of fields that are not described.
        attrs: what the module attrs is called.
        imports: of modules and names, at run time as well, so that annotations can be resolved.
        type_imports: for type checkers only.
        extras: the type of what is not described.
    """

    name: str
    docstring: str
    arguments: str
    attrs: str
    imports: list[str]
    type_imports: list[str]
    extras: str
    fields: list[FieldView]


@dataclass(frozen=True)
class EnumView:
    """One enumeration, as a `Literal`."""

    name: str
    module: str
    docstring: str
    values: list[str]


def properties(model: ModelProperty) -> list[tuple[str, PropertyProtocol, Mapping[str, Any]]]:
    """Return the properties of a model in the order of the page: name, as parsed, and the schema as documented."""
    documented = {
        decoded(name.get_untrusted_value()): schema.model_dump(mode="json", by_alias=True, exclude_none=True)
        for name, schema in (model.data.properties or {}).items()
    }
    order = {name: place for place, name in enumerate(documented)}
    parsed = [*(model.required_properties or ()), *(model.optional_properties or ())]
    named = [(wire_name(prop), prop) for prop in parsed]
    named.sort(key=lambda item: order.get(item[0], len(order)))
    return [(name, prop, documented.get(name, {})) for name, prop in named]


def field_text(prop: PropertyProtocol, schema: Mapping[str, Any]) -> str:
    """Return what the page says of a field: its description, whether it is required, how long it may be."""
    # What a reference leads to says what that is, not what it is to this model.
    if "$ref" in schema:
        notes = [f"See `{prop.class_info.name}`."] if isinstance(prop, ModelProperty) else []
    else:
        notes = [sentence(prop.description.get_untrusted_value())] if prop.description else []
    if prop.required:
        notes.append("Required.")
    for key, pattern in _LIMITS.items():
        if isinstance(limit := schema.get(key), int | float):
            notes.append(pattern.format(f"{limit:g}"))
    return " ".join(notes)


def used_models(data: GeneratorData, annotations: Annotations, named: Iterable[str]) -> list[ModelProperty]:
    """Return the models that need a class: all with fields, but of the envelopes only those that are referred to.

    Args:
        data: what the generator has parsed.
        annotations: makes annotations of the models' properties.
        named: the names in the annotations of the operations.
    """
    models = {str(model.class_info.name): model for model in data.models if not is_free_form(model)}
    dropped = set(envelopes(data, annotations)) - set(named)
    todo = [name for name in models if name not in dropped]
    while todo:
        model = models[todo.pop()]
        extra = [model.additional_properties] if model.additional_properties else []
        used = {
            name
            for prop in (*(prop for _, prop, _ in properties(model)), *extra)
            for name in annotations.of(prop).models
        }
        todo += sorted(used & dropped)
        dropped -= used
    return [model for name, model in models.items() if name not in dropped]


def request_models(data: GeneratorData, annotations: Annotations) -> frozenset[str]:
    """Return the names of the models that are sent and never received."""
    endpoints = [endpoint for tag in data.endpoint_collections_by_tag.values() for endpoint in tag.endpoints]
    sent = [body.prop for endpoint in endpoints for body in endpoint.bodies]
    received = [response.prop for endpoint in endpoints for response in endpoint.responses.patterns]
    return _within(sent, annotations) - _within(received, annotations)


def _within(roots: Iterable[PropertyProtocol], annotations: Annotations) -> frozenset[str]:
    found: dict[str, str] = {}
    todo = list(roots)
    while todo:
        prop = todo.pop()
        todo.extend(getattr(prop, "inner_properties", ()))
        todo.extend([prop.inner_property] if isinstance(prop, ListProperty) else [])
        model = annotations.model(prop)
        if model is not None and model.class_info.name not in found:
            found[model.class_info.name] = model.class_info.module_name
            todo += [inner for _, inner, _ in properties(model)]
    return frozenset(found)


def model_view(model: ModelProperty, annotations: Annotations, *, is_request: bool) -> ModelView:
    """Return the view of a model, as parsed by the generator.

    Args:
        model: the model.
        annotations: makes annotations of its properties.
        is_request: whether it is sent and never received.
    """
    found: list[tuple[str, str, Annotation, str, str]] = []
    taken = set(MODEL_ATTRIBUTES)
    for wire, prop, schema in properties(model):
        name = identifier(wire, taken)
        taken.add(name)
        found.append((name, wire, annotations.of(prop), field_text(prop, schema), _metadata(name, wire, schema)))
    names = {name for name, *_ in found}
    # An attribute of the class hides a module of the same name from what stands below it.
    attrs, models = ("_attrs" if "attrs" in names else "attrs"), ("_models" if "models" in names else "models")
    fields: list[FieldView] = []
    for name, _, annotation, text, metadata in found:
        default = "NOT_GIVEN" if is_request else "None"
        changed = _code(annotation.changeable, model.class_info.name, models, names)
        fields.append(
            FieldView(
                name,
                changed if is_request else _code(annotation.optional, model.class_info.name, models, names),
                f"{attrs}.field(default={default}, metadata={{{metadata}}})" if metadata else default,
                changed,
                text,
            )
        )
    extras = unshadowed(Annotation(("dict[str, Any]",)), names)
    extra = model.additional_properties
    extra_type = annotations.of(extra) if extra is not None else ANY
    used = [annotation for _, _, annotation, _, _ in found]
    others = {name for annotation in used for name in annotation.models} - {model.class_info.name}
    text = model.description.get_untrusted_value() if model.description else _about(model.class_info.name, is_request)
    return ModelView(
        name=model.class_info.name,
        docstring=docstring(
            [sentence(text)],
            [("Attributes", [f"{field.name}: {field.text}" for field in fields if field.text])],
            indent=4,
        ),
        arguments="" if extra_type.text == "Any" else f", extra={extra_type.text!r}",
        attrs=attrs,
        imports=[
            *module_imports([extras, *(field.annotation for field in fields)]),
            *standard_imports([*used, Annotation((), names=frozenset({"Any"}))]),
            "import attrs" if attrs == "attrs" else "import attrs as _attrs",
            *([f"from .. import models{'' if models == 'models' else ' as _models'}"] if others else []),
            *(["from ..._types import NOT_GIVEN, NotGiven"] if is_request else []),
        ],
        extras=extras,
        type_imports=[] if is_request else ["from ..._types import NotGiven"],
        fields=fields,
    )


def _code(annotation: Annotation, own: str, models: str, names: Collection[str]) -> str:
    """Return the annotation as code, with other models reached through their package."""
    text = unshadowed(annotation, names)
    for name in sorted(annotation.models.keys() - {own}):
        text = re.sub(rf"(?<![\w.'\"]){name}(?![\w'\"])", f"{models}.{name}", text)
    return text


def _about(name: str, is_request: bool) -> str:
    """Return what to say of a model of which the pages say nothing."""
    plain_name = " ".join(words(name)).lower()
    if is_request:
        return f"The fields that a request sends: {plain_name.removesuffix(' request')}."
    return f"{'An' if plain_name[:1] in 'aeiou' else 'A'} {plain_name}, as the API gives it."


def enum_view(enum: EnumProperty | LiteralEnumProperty) -> EnumView:
    """Return the view of an enumeration: sorted, since the generator keeps a set; a descending name behind its twin."""
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


def _metadata(name: str, wire: str, schema: Mapping[str, Any]) -> str:
    """Return the metadata of a field: its name in JSON, where that is another, and whether it is shown."""
    items = []
    if name != wire:
        items.append(f"'wire': {wire!r}")
    if sensitive := schema.get("x-sensitive"):
        items.append(f"'sensitive': {sensitive!r}" if isinstance(sensitive, str) else "'sensitive': True")
    return ", ".join(items)
