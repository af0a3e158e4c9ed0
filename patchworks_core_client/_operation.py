"""The vocabulary of the generated code: what an operation is, and the form of what it answers with.

Generated modules build one `Operation` for each documented endpoint and hand it, with the caller's arguments, to the
client. Nothing here does any work; `_request` and `_response` read these descriptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T_co = TypeVar("T_co", covariant=True)

ShapeKind = Literal["page", "item", "body", "json", "text", "bytes"]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The documented form of a 2xx body.

    Attributes:
        kind: `page` is a list envelope (`data`, `meta`, `links`), `item` an object envelope (`data`), `body` a body
            without an envelope; `json`, `text` and `bytes` have no described shape.
        annotation: the Python type of one item (`page`), of `data` (`item`) or of the whole body (`body`), as the
            text of an annotation. It is evaluated when first needed, so that describing an operation imports no model.
        package: the package of models in which names of the annotation are looked up.
    """

    kind: ShapeKind
    annotation: str = ""
    package: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Operation(Generic[T_co]):
    """One endpoint of the API; `T_co` is what a call gives.

    Attributes:
        method: the HTTP method, in capitals.
        path: the path from the root of the host, with `{name}` where an id goes.
        shape: the documented form of the body of a success.
    """

    method: str
    path: str
    shape: Shape


JSON = Shape("json")
TEXT = Shape("text")
BYTES = Shape("bytes")
