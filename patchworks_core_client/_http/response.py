"""Responses: as they were read, and with their decoded result, for those who ask for more than that."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .. import _types  # pyright: ignore[reportPrivateUsage] - it is private to the package
from . import json_content

if TYPE_CHECKING:
    import httpx

    from .outgoing_request import OutgoingRequest

T_co = TypeVar("T_co", covariant=True)

RawHeaders = Iterable[tuple[bytes, bytes]]

# A response that is rebuilt from its decompressed body must not say that it is compressed.
_OF_THE_TRANSFER = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
# A mark of the byte order is as blank as a line break.
_BLANK = b" \t\r\n\xef\xbb\xbf"
_REQUEST_ID_HEADERS = ("x-request-id", "x-correlation-id", "x-amzn-requestid", "cf-ray")

# Codecs of Python that are no charsets of the web: slow, or with meanings of their own.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf_7"})


class Response(Generic[T_co]):
    """A response of the API with its decoded result.

    Attributes:
        status_code: the HTTP status, a 2xx.
        content: the body, decompressed.
        parsed: the result.
    """

    __slots__ = ("_headers", "_raw_headers", "content", "parsed", "status_code")

    status_code: int
    content: bytes
    parsed: T_co

    def __init__(self, status_code: int, raw_headers: RawHeaders, content: bytes, parsed: T_co) -> None:
        self.status_code = status_code
        self.content = content
        self.parsed = parsed
        self._raw_headers = raw_headers
        self._headers: _types.httpx.Headers | None = None

    @property
    def headers(self) -> _types.httpx.Headers:
        """As httpx gives them: names in any case, repeated ones joined."""
        if self._headers is None:
            self._headers = _headers(self._raw_headers)
        return self._headers

    def __repr__(self) -> str:
        # The body stays out: it may hold the value of a secret variable.
        return f"<Response {self.status_code}, {len(self.content)} bytes>"


class RawResponse:
    """A response, read to its end.

    Attributes:
        status: the HTTP status.
        raw_headers: names and values as they came; what they say of encoding and length is about the bytes sent.
        content: the body, decompressed.
        whole: whether it was read to its end, so that the connection can be used again.
    """

    __slots__ = ("_headers", "_sent", "content", "raw_headers", "status", "whole")

    def __init__(
        self, status: int, raw_headers: RawHeaders, content: bytes, sent: OutgoingRequest, *, whole: bool = False
    ) -> None:
        self.status = status
        self.raw_headers = raw_headers
        self.content = content
        self.whole = whole
        self._sent = sent
        self._headers: httpx.Headers | None = None

    @property
    def headers(self) -> httpx.Headers:
        if self._headers is None:
            self._headers = _headers(self.raw_headers)
        return self._headers

    @property
    def request(self) -> httpx.Request:
        """What was sent, credential included: never to be shown."""
        return self._sent.message

    @property
    def request_id(self) -> str | None:
        """The server's name for the request, as it was sent."""
        for name in _REQUEST_ID_HEADERS:
            value: str | None = self.headers.get(name)
            if value:
                return value
        return None

    def json(self) -> Any:
        """Return the body as plain values, or a `NotJSON`."""
        try:
            try:
                return json_content.decode(self.content)
            except UnicodeDecodeError:
                return json_content.decode(self.content, _charset(self.raw_headers))
        except json_content.BeyondLimits as error:
            return NotJSON(str(error))
        except ValueError:
            return NotJSON("is not JSON") if self.content.strip(_BLANK) else None

    def text(self) -> str:
        """Return the body as text, in the charset that the server names, or else as UTF-8."""
        try:
            return self.content.decode(_charset(self.raw_headers) or "utf-8", "replace")
        except (LookupError, ValueError):
            # An unknown charset, or one of Python's codecs that decodes no such bytes.
            return self.content.decode("utf-8", "replace")

    def as_httpx(self, request: httpx.Request | None = None) -> httpx.Response:
        """Return it as an object of httpx; its request is the one given, or a copy that shows nothing."""
        import httpx

        from .masking import shown_request

        pairs = [(k, v) for k, v in self.raw_headers if k.lower() not in _OF_THE_TRANSFER]
        request = request or shown_request(self.request)
        return httpx.Response(self.status, headers=pairs, content=self.content, request=request)


class NotJSON:
    """What is given for a body that is not read as JSON; `reason` is what is the matter, said of "the body".

    No exception: that would come with the parser's own, which holds the whole body.
    """

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


def _headers(raw: RawHeaders) -> httpx.Headers:
    # Made when somebody asks: few do, and it takes as long as the rest of a result.
    import httpx

    return httpx.Headers(list(raw))


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
