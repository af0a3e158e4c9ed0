"""The vocabulary of the generated code: what an operation is, what it answers with, and one call of it.

Generated modules build one `Operation` for each documented endpoint and hand it, with the caller's arguments, to the
client. Nothing here does any work: `_client/calls` and `_client/decode_response` read these descriptions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

from .. import _types  # pyright: ignore[reportPrivateUsage] - it is private to the package
from .._defaults import CONCURRENCY
from .._types import NOT_GIVEN, Id, NotGiven

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")

_COMMAS: Mapping[str, str] = {}
ShapeKind = Literal["page", "item", "value", "body", "json", "text", "bytes"]


class Shape:
    """The documented form of a 2xx body.

    Attributes:
        kind: `page` is a list envelope (`data`, `meta`, `links`), `item` an object envelope (`data`), `value` one
            whose `data` is anything else; `body` a body without an envelope; `json`, `text` and `bytes` have no
            described shape.
        annotation: the Python type of one item (`page`), of `data` (`item`, `value`) or of the whole body (`body`),
            as the text of an annotation. It is evaluated when first needed, so that describing an operation imports no
            model.
        package: the package of models in which names of the annotation are looked up.
    """

    def __init__(self, kind: ShapeKind, annotation: str = "", package: str = "") -> None:
        self.kind = kind
        self.annotation = annotation
        self.package = package


class Operation(Generic[T_co]):
    """One endpoint of the API; `T_co` is what a call gives.

    Attributes:
        method: the HTTP method, in capitals.
        path: the path from the root of the host, with `{name}` where an id goes.
        shape: the documented form of the body of a success.
        media: the documented media type of the body that is sent.
        sends_value: whether a body of JSON is no object, but a list, a text or a number.
        separators: what joins a sequence in the query instead of a comma, by the name of the parameter; empty where
            each value is a pair of its own.
    """

    def __init__(
        self,
        method: str,
        path: str,
        shape: Shape,
        media: str = "application/json",
        *,
        sends_value: bool = False,
        separators: Mapping[str, str] = _COMMAS,
    ) -> None:
        self.method = method
        self.path = path
        self.shape = shape
        self.media = media
        self.sends_value = sends_value
        self.separators = separators

    def __repr__(self) -> str:
        return f"<Operation {self.method} {self.path}>"


JSON = Shape("json")
PLAIN_PAGE = Shape("page")
TEXT = Shape("text")
BYTES = Shape("bytes")


class Call(Generic[T]):
    """One call of an operation, with all that its caller gave.

    Attributes:
        operation: what is called.
        ids: values for the places in its path, in their order.
        url: a path, or a whole URL on the origin of the API, where no operation describes it.
        timeout: instead of the client's.
        headers: besides the client's.
        params: further query parameters.
        strict: instead of the client's.
        query: values of documented parameters by their names on the wire; `None` is left out.
        header: values of documented headers by their names on the wire; `None` is left out.
        fields: fields of the body by their names on the wire; `NOT_GIVEN` is left out, `None` is sent as null.
        body: the whole body instead of `fields`.
        concurrency: of a list: how many pages are fetched at once.
        max_pages: of a list: more pages are an error.
    """

    # No tuple: tools that print the variables of a traceback would walk through it to the values of a body.
    def __init__(
        self,
        operation: Operation[T],
        ids: Sequence[Id] = (),
        timeout: _types.Timeout | NotGiven = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        strict: bool | None = None,
        *,
        url: str | NotGiven = NOT_GIVEN,
        query: Mapping[str, object] | None = None,
        header: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
        body: object = NOT_GIVEN,
        concurrency: int = CONCURRENCY,
        max_pages: int | None = None,
    ) -> None:
        self.operation = operation
        self.ids = ids
        self.url = url
        self.timeout = timeout
        self.headers = headers
        self.params = params
        self.strict = strict
        self.query = query
        self.header = header
        self.fields = fields
        self.body = body
        self.concurrency = concurrency
        self.max_pages = max_pages

    def __repr__(self) -> str:
        # The body may hold the value of a secret variable.
        return f"<Call {self.operation.method} {self.operation.path}>"
