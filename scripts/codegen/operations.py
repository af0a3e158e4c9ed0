"""Views of operations, for their templates: arguments, signatures, docstrings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openapi_python_client.parser.bodies import Body, BodyType
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol

from scripts.codegen.annotations import Annotation, Annotations, inside, standard_imports, union
from scripts.codegen.docstrings import docstring, sentence
from scripts.codegen.models import field_text, properties
from scripts.codegen.name_collisions import wire_name
from scripts.codegen.results import ResultView, result_view
from scripts.openapi.identifiers import identifier

# The methods' own arguments: whatever the page names alike gets a trailing underscore.
OWN_ARGUMENTS = frozenset({"self", "client", "body", "timeout", "headers", "params", "strict"})
# What a method calls a variable of its own.
OWN_VARIABLES = frozenset({"call"})
PAGE_ARGUMENTS = frozenset({"concurrency", "max_pages"})
_SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}
_FILTER_NOTE = "Several values are an OR; a comma inside of a value divides it."


@dataclass(frozen=True)
class ArgumentView:
    """One documented argument: its Python name, its name on the wire as code, type, default and description."""

    name: str
    wire: str
    annotation: Annotation
    default: str
    text: str


@dataclass(frozen=True)
class OperationView:
    """One operation: everything that its module and its methods show."""

    module: str
    method: str
    constant: str
    http_method: str
    path: str
    summary: str
    description: str
    pages: str
    deprecated: str
    result: ResultView
    ids: list[ArgumentView]
    query: list[ArgumentView]
    headers: list[ArgumentView]
    fields: list[ArgumentView]
    body: Annotation | None
    body_required: bool
    sends_value: bool
    separators: dict[str, str]
    media: str

    @property
    def is_page(self) -> bool:
        """Whether the method gives a paginator."""
        return self.result.item is not None

    @property
    def options(self) -> list[ArgumentView]:
        """The arguments that are given by name, wherever they are sent, but for those of the body."""
        return [*self.query, *self.headers]

    @property
    def annotations(self) -> list[Annotation]:
        """Every annotation in the signatures."""
        arguments = [argument.annotation for argument in (*self.ids, *self.options, *self.fields)]
        return [*arguments, self.result.annotation, *([self.body] if self.body else [])]

    @property
    def standard_imports(self) -> list[str]:
        """The names of the standard library in the annotations."""
        return standard_imports(self.annotations)

    def sent(self, method: bool) -> Iterator[tuple[str, list[ArgumentView]]]:
        """Return the arguments of a client's method, or of an endpoint's function, by the place where they are sent."""
        places = {"query": self.query, "header": self.headers, "fields": self.fields if method else []}
        return ((place, arguments) for place, arguments in places.items() if arguments)

    @property
    def request(self) -> str:
        """The request, and the page that documents it, for a docstring."""
        return f"`{self.http_method} {self.path}`, page {self.pages}."

    @property
    def docstring(self) -> str:
        """The docstring of the method."""
        lines = [f"{argument.name}: {argument.text}" for argument in (*self.ids, *self.options, *self.fields)]
        if self.body:
            lines.append("body: All fields together, instead of one by one." if self.fields else "body: What is sent.")
        if self.is_page:
            lines.append("concurrency: Pages fetched at once, ahead of the reader; 1 is one after the other.")
            lines.append("max_pages: With more pages than that the paginator raises a `PaginationError`.")
        lines.append("timeout, headers, params, strict: For this one call; see `with_options` of the client.")
        return docstring(
            [*self._about, self.request],
            [("Args", lines), ("Returns", [self.result.text])],
            indent=8,
        )

    def endpoint_docstring(self, namespace: str) -> str:
        """Return the docstring of the endpoint's function, which points to that of the method."""
        method = f"Arguments and errors as of the method `{namespace}.{self.method}`; gives the whole `Response`."
        return docstring([*self._about, self.request, method], indent=4)

    @property
    def _about(self) -> list[str]:
        return [
            sentence(self.summary),
            f"Deprecated: {sentence(self.deprecated)}" if self.deprecated else "",
            sentence(self.description),
        ]

    @property
    def module_docstring(self) -> str:
        """The docstring of the endpoint's module."""
        return docstring([sentence(self.summary)], indent=0)


def operation_view(
    endpoint: Endpoint, annotations: Annotations, path: str, operation: Mapping[str, Any]
) -> OperationView:
    """Return the view of an operation.

    Args:
        endpoint: as parsed by the generator.
        annotations: for all types.
        path: as in the document (the generator's own has the names of the ids changed).
        operation: the operation in the document, for what the generator does not keep.
    """
    is_page = (result := result_view(endpoint, annotations)).item is not None
    taken = set(OWN_ARGUMENTS | OWN_VARIABLES | (PAGE_ARGUMENTS if is_page else frozenset()))
    # The generator gives a parameter the description of its schema, which may be one that others share.
    texts: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
    for item in operation.get("parameters", ()):
        texts[item["in"]][item["name"]] = item.get("description", "")
    ids = [
        _argument(prop, taken, Annotation(("Id",)), texts["path"], required=True) for prop in endpoint.path_parameters
    ]
    query, headers = (
        [
            _argument(prop, taken, _option_annotation(prop, annotations), texts[place], required=prop.required)
            for prop in parameters
        ]
        for place, parameters in (("query", endpoint.query_parameters), ("header", endpoint.header_parameters))
    )
    sent = min(endpoint.bodies, key=lambda body: body.body_type is not BodyType.JSON, default=None)
    body_prop = sent.prop if sent else None
    model = annotations.model(body_prop) if body_prop is not None else None
    raw = sent is not None and sent.body_type is BodyType.CONTENT
    return OperationView(
        module=endpoint.name,
        method=operation["x-sdk-method"],
        constant=endpoint.name.upper(),
        http_method=endpoint.method.upper(),
        path=path.partition("#")[0],
        summary=endpoint.summary.get_untrusted_value() or endpoint.name,
        description=endpoint.description.get_untrusted_value(),
        pages=" and ".join(f"`{page}`" for page in operation.get("x-pages", ())) or "unknown",
        deprecated=str(operation.get("x-deprecated", ""))
        or ("It is deprecated." if operation.get("deprecated") else ""),
        result=result,
        ids=ids,
        query=query,
        headers=headers,
        fields=[*_field_arguments(model, annotations, taken)] if model is not None else [],
        body=_RAW_BODY if raw else annotations.sent(body_prop) if body_prop is not None else None,
        media=_media(sent),
        body_required=body_prop is not None and body_prop.required,
        separators=_separators(operation),
        sends_value=body_prop is not None and model is None and not raw,
    )


def _separators(operation: Mapping[str, Any]) -> dict[str, str]:
    """Return what joins sequences in the query where that is no comma, as `styled_arrays` has left it."""
    return {
        parameter["name"]: "" if parameter["explode"] else _SEPARATORS[parameter["style"]]
        for parameter in operation.get("parameters", ())
        if parameter.get("style") in _SEPARATORS or parameter.get("explode")
    }


def _media(body: Body | None) -> str:
    """Return the media type of what is sent; empty for plain JSON."""
    media = body.content_type.get_untrusted_value() if body else ""
    return "" if media == "application/json" else media


def _argument(
    prop: PropertyProtocol, taken: set[str], annotation: Annotation, texts: Mapping[str, str], *, required: bool
) -> ArgumentView:
    wire = wire_name(prop)
    name = identifier(wire, taken)
    taken.add(name)
    own = prop.description.get_untrusted_value() if prop.description else ""
    text = sentence(texts.get(wire) or own)
    if isinstance(prop, ListProperty):
        # The names that follow are those of the enumeration in the signature.
        text = sentence(text.partition("Available")[0])
    if annotation == FILTER:
        text = f"{text} {_FILTER_NOTE}".lstrip()
    return ArgumentView(name, repr(wire), annotation, "" if required else "None", text)


FILTER = Annotation(("Filter",))
_RAW_BODY = Annotation(("bytes", "str"))


def _option_annotation(prop: PropertyProtocol, annotations: Annotations) -> Annotation:
    """Return what may be given for a query or header parameter; a filter takes anything that can be text."""
    wire = wire_name(prop)
    if wire.startswith(("filter[", "fields[")):
        return FILTER
    if isinstance(prop, ListProperty):
        return inside("OneOrMore[{}]", annotations.of(prop.inner_property))
    base = annotations.sent(prop)
    return base if prop.required else base.optional


def _field_arguments(model: ModelProperty, annotations: Annotations, taken: set[str]) -> Iterator[ArgumentView]:
    # The required ones first: they are what a reader of the signature looks for.
    for wire, prop, schema in sorted(properties(model), key=lambda item: not item[1].required):
        name = identifier(wire, taken)
        taken.add(name)
        annotation = union([annotations.sent(prop).optional, Annotation(("NotGiven",))])
        yield ArgumentView(name, repr(wire), annotation, "NOT_GIVEN", field_text(prop, schema))
