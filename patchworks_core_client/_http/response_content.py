"""What a response says, whatever the server calls it: its body as JSON or text, and its request id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import json_content

if TYPE_CHECKING:
    import httpx

    from .attempt_result import RawResponse

_REQUEST_ID_HEADERS = ("x-request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray")
_MAX_REQUEST_ID_CHARS = 200

NOT_JSON = object()
"""What `json_of` gives for a body that is no JSON."""


def request_id(headers: httpx.Headers) -> str | None:
    """The server's name for the request, as it was sent."""
    for name in _REQUEST_ID_HEADERS:
        value: str | None = headers.get(name)
        if value:
            return value[:_MAX_REQUEST_ID_CHARS]
    return None


def json_of(response: RawResponse) -> Any:
    """The body as plain values, or `NOT_JSON`."""
    try:
        return json_content.decode(response.content, _charset(response.headers))
    except ValueError:
        return NOT_JSON


def text_of(response: RawResponse) -> str:
    """The body as text, in the charset that the server names, or else as UTF-8."""
    try:
        return response.content.decode(_charset(response.headers) or "utf-8", "replace")
    except (LookupError, ValueError):
        # An unknown charset, or one of Python's codecs that decodes no such bytes.
        return response.content.decode("utf-8", "replace")


def _charset(headers: httpx.Headers) -> str | None:
    content_type: str = headers.get("content-type", "")
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and value:
            return value.strip().strip("\"'")
    return None
