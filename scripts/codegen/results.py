"""What a call returns: a page, one object out of an envelope, a body without one, or something undescribed."""

from __future__ import annotations

from dataclasses import dataclass

from openapi_python_client import schema as oai
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.responses import BYTES_SOURCE, Response

from scripts.codegen.annotations import ANY, Annotation, Annotations, inside
from scripts.codegen.name_collisions import wire_name

# What Laravel puts beside `data`; an object with any other field is a model that happens to have a field `data`.
_ENVELOPE = frozenset({"data", "meta", "links", "message"})


@dataclass(frozen=True)
class ResultView:
    """What a call gives.

    Attributes:
        code: the `Shape` as Python code.
        annotation: the type of the result; for a page that of the page.
        item: the type of one item of a page, else `None`.
        text: for the docstring.
    """

    code: str
    annotation: Annotation
    item: Annotation | None
    text: str


def envelope_data(model: ModelProperty) -> PropertyProtocol | None:
    """Return the property `data` of an envelope; `None` where the model is no envelope."""
    parsed = (*(model.required_properties or ()), *(model.optional_properties or ()))
    properties = {wire_name(prop): prop for prop in parsed}
    return properties.get("data") if properties.keys() <= _ENVELOPE else None


def envelopes(data: GeneratorData, annotations: Annotations) -> frozenset[str]:
    """Return the names of the models that are the outermost of a response, and an envelope."""
    endpoints = [endpoint for tag in data.endpoint_collections_by_tag.values() for endpoint in tag.endpoints]
    answered = [annotations.model(answer.prop) for endpoint in endpoints for answer in endpoint.responses.patterns]
    return frozenset(model.class_info.name for model in answered if model and envelope_data(model) is not None)


def result_view(endpoint: Endpoint, annotations: Annotations) -> ResultView:
    """Return what the first documented 2xx of an endpoint gives."""
    success = next(
        (response for response in endpoint.responses.patterns if (response.status_code.range or (0,))[0] // 100 == 2),
        None,
    )
    if success is None:
        return _undescribed("JSON", ANY, "The body as plain JSON.")
    if _media_type(success).startswith("text/"):
        return _undescribed("TEXT", Annotation(("str",)), "The body as text.")
    if success.source == BYTES_SOURCE:
        return _undescribed("BYTES", Annotation(("bytes",)), "The body as bytes.")
    model = annotations.model(success.prop)
    data = envelope_data(model) if model is not None else None
    if data is not None:
        return _inside_envelope(data, annotations, is_list=endpoint.method.lower() == "get")
    whole = annotations.of(success.prop)
    if whole.text in {"Any", "dict[str, Any]"}:
        return _undescribed("JSON", ANY, "The body as plain JSON; the page describes no shape.")
    return ResultView(_shape("body", whole), whole, None, f"The answer as `{whole.text}`.")


def _inside_envelope(data: PropertyProtocol, annotations: Annotations, *, is_list: bool) -> ResultView:
    """Return what `data` gives: a page where a GET lists something, an object, or a value of any other type."""
    plain = _not_none(data)
    if is_list and isinstance(plain, ListProperty):
        item = annotations.of(plain.inner_property)
        return ResultView(_shape("page", item), inside("Page[{}]", item), item, f"A paginator of `{item.text}`.")
    whole = annotations.of(data)
    if annotations.model(plain) is not None:
        whole = annotations.of(plain)
        return ResultView(_shape("item", whole), whole, None, f"The `{whole.text}` inside of the answer.")
    return ResultView(_shape("value", whole), whole, None, f"The `{whole.text}` inside of the answer.")


def _not_none(prop: PropertyProtocol) -> PropertyProtocol:
    """Return the property that a nullable one is beside null; the same one for any other."""
    inner = prop.inner_properties if isinstance(prop, UnionProperty) else []
    others = [part for part in inner if not isinstance(part, NoneProperty)]
    return others[0] if len(others) == 1 else prop


def _shape(kind: str, annotation: Annotation) -> str:
    return f"Shape({kind!r}, {annotation.text!r}, MODELS)"


def _undescribed(code: str, annotation: Annotation, text: str) -> ResultView:
    return ResultView(code, annotation, None, text)


def _media_type(response: Response) -> str:
    """Return the documented media type; the generator was told to read as bytes what it has no parser for."""
    content = response.data.content if isinstance(response.data, oai.Response) else None
    return next((media_type.get_untrusted_value() for media_type in content or ()), "")
