"""A response to what the caller gets: the decoded result of a success."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
from typing import TYPE_CHECKING, Any

from .._errors import DecodeError, Mismatch
from .._http.response import NotJSON, Response
from .._models.annotations import decoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._http.response import RawResponse
    from .._models.mismatches import Mismatches
    from .._operations.operation import Shape
    from .._pagination.page import Page


def parse_response(raw: RawResponse, shape: Shape, label: str, report: Mismatches) -> Response[Any]:
    """The result of a success; errors call it `label`, and `report` collects what differs from its description.

    Raises:
        DecodeError: the body is no JSON.
    """
    content = raw.content
    parsed: Any
    if shape.kind == "bytes":
        parsed = content or None
    elif shape.kind == "text":
        parsed = raw.text() or None
    else:
        body = raw.json()
        if isinstance(body, NotJSON):
            # Not raised where the parser's own error is handled: that one holds the whole body.
            raise decode_error(raw, f"{label}: the body of this {raw.status} {body.reason}")
        parsed = body if shape.kind == "json" else _decoded(shape, body, report)
    return Response(raw.status, raw.raw_headers, content, parsed)


def _decoded(shape: Shape, body: Any, report: Mismatches) -> Any:
    """A body in the form that was described; one of another form as it came, and of null what is described, empty."""
    if shape.kind == "body" and (body is not None or _nothing(shape) is None):
        return report.decode(decoder(shape.annotation, shape.package), body)
    listed = shape.kind == "page"
    fields: dict[str, Any] = body if isinstance(body, dict) else {}
    if listed and "data" in fields and fields["data"] is None:
        return _page(body, ())
    data: Any = fields.get("data")
    described = "data" in fields if shape.kind == "value" else isinstance(data, list if listed else dict)
    if not described:
        # The page of a list that no operation describes has items of no model.
        declared = f"list[{shape.annotation or 'dict'}]" if listed else shape.annotation
        came = data if "data" in fields else body
        place = "data" if "data" in fields else ""
        report.mismatch(Mismatch(shape.annotation or "Page", place, declared, type(came).__name__))
        if came is None:
            return _page(body, ()) if listed else _nothing(shape)
        return body
    if not listed:
        return report.decode(decoder(shape.annotation, shape.package), data, "data")
    items: Any = data
    if shape.annotation:
        items = report.decode(decoder(f"list[{shape.annotation}]", shape.package), items, "data")
    return _page(body, items)


def _nothing(shape: Shape) -> Any:
    """The described model with nothing in it, so that no annotation of a method lies; `None` if none is described."""
    from .._models.mismatches import DISCARD
    from .._models.model import Model

    made = DISCARD.decode(decoder(shape.annotation, shape.package), {})
    return made if isinstance(made, Model) else None


def _page(body: Any, items: Sequence[Any]) -> Page[Any]:
    # A call for one object has its first answer sooner without it.
    from .._pagination.page import page_from

    return page_from(body, items)


def page_of(parsed: Any) -> Page[Any]:
    """The page for a paginator: what came in another form than a page is a page of plain JSON, so nothing is lost."""
    from .._pagination.page import Page

    if isinstance(parsed, Page):
        page: Page[Any] = parsed
        return page
    items: list[Any] = [parsed]
    if isinstance(parsed, list):
        items = parsed
    elif isinstance(parsed, dict) and "data" in parsed:
        items = [parsed["data"]]
    return _page(parsed, items)


def decode_error(raw: RawResponse, message: str) -> DecodeError:
    return DecodeError(message, response=raw.as_httpx())
