"""An answer to what the caller gets: the decoded result of a success, or the error that a status stands for."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from .._errors import APIStatusError, DecodeError, error_class
from .._http import json_content
from .._models.decode import decoder
from .._models.mismatch import Mismatch
from .._pagination.page import Page, page_from

if TYPE_CHECKING:
    import httpx

    from .._http.attempt_result import Raw
    from .._models.reports import Report, Reporter
    from .._operation import Shape

T = TypeVar("T")

_REQUEST_ID_HEADERS = ("x-request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray")
_MAX_MESSAGE_CHARS = 500


@dataclass(frozen=True, slots=True, repr=False)
class Response(Generic[T]):
    """An answer with what is around its result.

    Attributes:
        status_code: the HTTP status, a 2xx.
        headers: as httpx gives them: names in any case, repeated ones joined.
        content: the body, decompressed.
        parsed: the result.
    """

    status_code: int
    headers: httpx.Headers
    content: bytes
    parsed: T

    def __repr__(self) -> str:
        # The body stays out: it may hold the value of a secret variable.
        return f"<Response {self.status_code}, {len(self.content)} bytes>"


def charset(headers: httpx.Headers) -> str | None:
    """The charset that `Content-Type` names."""
    content_type: str = headers.get("content-type", "")
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and value:
            return value.strip().strip("\"'")
    return None


def request_id(headers: httpx.Headers) -> str | None:
    """The server's name for the request."""
    for name in _REQUEST_ID_HEADERS:
        value: str | None = headers.get(name)
        if value:
            return value[:200]
    return None


def finish(raw: Raw, shape: Shape, label: str, reporter: Reporter) -> Response[Any]:
    """The result of a success.

    Args:
        raw: the answer.
        shape: what was described.
        label: the call, for error messages.
        reporter: is told of deviations from the description.

    Raises:
        DecodeError: the body is no JSON, or, in strict mode, not as described.
    """
    content = raw.content
    parsed: Any
    if not content:
        parsed = None
    elif shape.kind == "bytes":
        parsed = content
    elif shape.kind == "text":
        parsed = text_of(raw)
    else:
        body = _decoded(raw)
        if body is _NOT_JSON:
            # Not raised where the parser's own error is handled: that one holds the whole body.
            raise decode_error(raw, f"{label}: the body of this {raw.status} is not JSON")
        if body is None or shape.kind == "json":
            parsed = body
        else:
            report = reporter.start()
            parsed = _shaped(shape, body, report)
            report.finish(lambda message: decode_error(raw, f"{label}: {message}"))
    return Response(raw.status, raw.headers, content, parsed)


def _shaped(shape: Shape, body: Any, report: Report) -> Any:
    """A body in the form that was described; one of another form as it came."""
    if shape.kind == "body":
        return report.decode(decoder(shape.annotation, shape.package), body)
    listed = shape.kind == "page"
    fields: dict[str, Any] = body if isinstance(body, dict) else {}
    if "data" in fields and fields["data"] is None:
        return page_from(body, ()) if listed else None
    data: Any = fields.get("data")
    if not isinstance(data, list if listed else dict):
        # The page of a list that no operation describes has items of no model.
        declared = f"list[{shape.annotation or 'dict'}]" if listed else shape.annotation
        got = type(data if "data" in fields else body).__name__
        report.mismatch(Mismatch(shape.annotation or "Page", "data" if "data" in fields else "", declared, got))
        return body
    if not listed:
        return report.decode(decoder(shape.annotation, shape.package), data, "data")
    items: Any = data
    if shape.annotation:
        items = report.decode(decoder(f"list[{shape.annotation}]", shape.package), items, "data")
    return page_from(body, items)


def page_of(parsed: Any) -> Page[Any]:
    """The page for a paginator: what came in another form than a page is a page of plain JSON, so nothing is lost."""
    if isinstance(parsed, Page):
        page: Page[Any] = parsed
        return page
    items: list[Any] = [parsed]
    if parsed is None:
        items = []
    elif isinstance(parsed, list):
        items = parsed
    elif isinstance(parsed, dict) and "data" in parsed:
        items = [parsed["data"]]
    return page_from(parsed, items)


def decode_error(raw: Raw, message: str) -> DecodeError:
    """The error for a success that cannot be decoded."""
    from .._http.messages import whole_response

    return DecodeError(message, response=whole_response(raw))


def status_error(raw: Raw, label: str, redact: Callable[[str], str], retry_after: float | None) -> APIStatusError:
    """The error for an answer that is no success.

    Args:
        raw: the answer.
        label: the call, for the message.
        redact: takes out of a text what must not be shown.
        retry_after: the seconds that it asks for.
    """
    from .._http.messages import whole_response

    body = _error_body(raw)
    message = redact(_message(raw.status, body))
    identity = request_id(raw.headers)
    text = f"{label}: {raw.status} {message}{_elsewhere(raw)}" + (f" (request id {identity})" if identity else "")
    return error_class(raw.status)(
        text,
        status_code=raw.status,
        message=message,
        errors={name: [redact(text) for text in texts] for name, texts in _errors(body).items()},
        body=body,
        response=whole_response(raw),
        request_id=identity,
        retry_after=retry_after,
    )


def _elsewhere(raw: Raw) -> str:
    location: str = raw.headers.get("location", "")
    if not 300 <= raw.status <= 399 or not location:
        return ""
    # Without what may hold a secret.
    place = location.partition("?")[0].partition("#")[0].rpartition("@")[2][:200]
    return f", to {place!r}; redirects are not followed: see whether base_url= and the path are right"


def _error_body(raw: Raw) -> Any:
    if not raw.content:
        return None
    body = _decoded(raw)
    return text_of(raw) if body is _NOT_JSON else body


_NOT_JSON = object()


def _decoded(raw: Raw) -> Any:
    try:
        return json_content.decode(raw.content, charset(raw.headers))
    except ValueError:
        return _NOT_JSON


def text_of(raw: Raw) -> str:
    """The body as text, in the charset that the server names."""
    try:
        return raw.content.decode(charset(raw.headers) or "utf-8", "replace")
    except LookupError:
        return raw.content.decode("utf-8", "replace")


def _message(status: int, body: Any) -> str:
    if isinstance(body, Mapping):
        fields = cast("Mapping[str, Any]", body)
        for name in ("message", "error", "detail", "title"):
            value = fields.get(name)
            if isinstance(value, str) and value.strip():
                return " ".join(value.split())[:_MAX_MESSAGE_CHARS]
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def _errors(body: Any) -> dict[str, list[str]]:
    fields = cast("Mapping[str, Any]", body).get("errors") if isinstance(body, Mapping) else None
    if not isinstance(fields, Mapping):
        return {}
    found: dict[str, list[str]] = {}
    for name, messages in cast("Mapping[str, Any]", fields).items():
        several: list[Any] = messages if isinstance(messages, list) else [messages]
        found[name] = [message if isinstance(message, str) else str(message) for message in several]
    return found
