"""What a response says, whatever the server calls it: its body as JSON or text, and its request id."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any

from . import json_content

if TYPE_CHECKING:
    import httpx

    from .attempt_result import RawResponse
    from .response_body import RawHeaders

_REQUEST_ID_HEADERS = ("x-request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray")

# Codecs of Python that are no charsets of the web: slow, or with meanings of their own.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf_7"})


class NotJSON:
    """What `json_of` gives for a body that is not read as JSON.

    Attributes:
        reason: what is the matter, said of "the body".
    """

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


def request_id(headers: httpx.Headers) -> str | None:
    """The server's name for the request, as it was sent."""
    for name in _REQUEST_ID_HEADERS:
        value: str | None = headers.get(name)
        if value:
            return value
    return None


def json_of(response: RawResponse) -> Any:
    """Return the body as plain values, or a `NotJSON`."""
    try:
        try:
            return json_content.decode(response.content)
        except UnicodeDecodeError:
            return json_content.decode(response.content, _charset(response.raw_headers))
    except json_content.BeyondLimits as error:
        return NotJSON(str(error))
    except ValueError:
        return NotJSON("is not JSON")


def text_of(response: RawResponse) -> str:
    """Return the body as text, in the charset that the server names, or else as UTF-8."""
    try:
        return response.content.decode(_charset(response.raw_headers) or "utf-8", "replace")
    except (LookupError, ValueError):
        # An unknown charset, or one of Python's codecs that decodes no such bytes.
        return response.content.decode("utf-8", "replace")


def _charset(headers: RawHeaders) -> str | None:
    content_type = next((value for name, value in headers if name.lower() == b"content-type"), b"")
    for part in content_type.decode("latin-1").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and value:
            return _known_charset(value.strip().strip("\"'"))
    return None


def _known_charset(name: str) -> str | None:
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return None if known.replace("-", "_") in _NO_CHARSETS else known
