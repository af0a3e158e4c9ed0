"""The vocabulary of the generated code: what an operation is, and the form of what it answers with.

Generated modules build one `Operation` for each documented endpoint and hand it, with the caller's arguments, to the
client. Nothing here does any work; `_request` and `_response` read these descriptions.
"""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

T_co = TypeVar("T_co", covariant=True)

ShapeKind = Literal["page", "item", "body", "json", "text", "bytes"]


# No dataclasses here: that import alone took 5 of the 25 ms of importing the client.
class Shape:
    """The documented form of a 2xx body.

    Attributes:
        kind: `page` is a list envelope (`data`, `meta`, `links`), `item` an object envelope (`data`), `body` a body
            without an envelope; `json`, `text` and `bytes` have no described shape.
        annotation: the Python type of one item (`page`), of `data` (`item`) or of the whole body (`body`), as the
            text of an annotation. It is evaluated when first needed, so that describing an operation imports no model.
        package: the package of models in which names of the annotation are looked up.
    """

    __slots__ = ("annotation", "kind", "package")

    def __init__(self, kind: ShapeKind, annotation: str = "", package: str = "") -> None:
        self.kind: ShapeKind = kind
        self.annotation = annotation
        self.package = package

    def __repr__(self) -> str:
        return f"Shape({self.kind!r}, {self.annotation!r})"


class Operation(Generic[T_co]):
    """One endpoint of the API; `T_co` is what a call gives.

    Attributes:
        method: the HTTP method, in capitals.
        path: the path from the root of the host, with `{name}` where an id goes.
        shape: the documented form of the body of a success.
        media: the documented media type of the body that is sent.
    """

    __slots__ = ("media", "method", "path", "shape")

    def __init__(self, method: str, path: str, shape: Shape, media: str = "application/json") -> None:
        self.method = method
        self.path = path
        self.shape = shape
        self.media = media

    def __repr__(self) -> str:
        return f"<Operation {self.method} {self.path}>"


JSON = Shape("json")
TEXT = Shape("text")
BYTES = Shape("bytes")
