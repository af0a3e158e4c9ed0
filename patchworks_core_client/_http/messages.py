"""Requests as httpx takes them, and answers as it gives them, for hooks and errors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import httpx

from .._errors import DecodeError, ResponseTooLargeError
from .request import SHOWN_HEADERS

if TYPE_CHECKING:
    from .attempt_result import RawResponse
    from .request import HeaderPairs, Prepared

Steps = Mapping[str, "float | None"]
"""The seconds for each step of an attempt, as httpx takes them in `extensions["timeout"]`."""

# An answer that is rebuilt from its decompressed body must not say that it is compressed.
_OF_THE_WIRE = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
_SHOWN = frozenset(name.encode() for name in SHOWN_HEADERS)
_MASK = b"[hidden]"

_AIOHTTP_BYTES = 1024 * 1024

# Parsing a URL takes 17 us of the 500 us of a call, and the same few are called again and again.
_url = lru_cache(maxsize=512)(httpx.URL)


def build(prepared: Prepared, extra: HeaderPairs, steps: Steps, client: Any) -> httpx.Request:
    """The request as it goes out.

    It is put together here, once, because the client of httpx would merge the URL, the headers and the query again at
    each call. A client of the caller's is let to do that, since it may have headers and cookies to add.

    Raises:
        ValueError: the URL is longer than httpx allows.
    """
    try:
        url = _url(prepared.url)
    except httpx.InvalidURL as error:
        # Its text names what is wrong and where, but does not repeat the URL.
        raise ValueError(f"the URL cannot be sent: {error}") from None
    pairs = prepared.headers + extra
    extensions = {"timeout": steps}
    request: httpx.Request
    if client is not None:
        content = prepared.content or None
        request = client.build_request(
            prepared.method, url, headers=list(pairs), content=content, extensions=extensions
        )
        return request
    pairs = ((b"host", url.netloc), *pairs)
    stream = httpx.ByteStream(prepared.content)
    request = httpx.Request(prepared.method, url, headers=pairs, stream=stream, extensions=extensions)
    if len(prepared.content) <= _AIOHTTP_BYTES:
        # What was read once is there as bytes, which aiohttp sends in one piece; it takes offence at large ones.
        request.read()
    return request


def shown_request(request: httpx.Request) -> httpx.Request:
    """A copy for an error: without credential, query and body, since errors end up in logs and reports."""
    pairs = [(k, v if k.lower() in _SHOWN else _MASK) for k, v in request.headers.raw]
    url = request.url.copy_with(query=None, fragment=None)
    shown = httpx.Request(request.method, url, headers=pairs, stream=httpx.ByteStream(b""))
    shown.read()
    return shown


def whole_response(raw: RawResponse, request: httpx.Request | None = None) -> httpx.Response:
    """The answer with its body readable; its request is the one given, or a copy that shows nothing."""
    pairs = [(k, v) for k, v in raw.headers.raw if k.lower() not in _OF_THE_WIRE]
    return httpx.Response(raw.status, headers=pairs, content=raw.content, request=request or shown_request(raw.request))


def with_response(error: DecodeError | ResponseTooLargeError, raw: RawResponse) -> DecodeError | ResponseTooLargeError:
    """An error of a body, with the call and the answer that it belongs to."""
    message = f"{raw.request.method} {raw.request.url.path}: {error}"
    if isinstance(error, ResponseTooLargeError):
        return ResponseTooLargeError(message)
    return DecodeError(message, response=whole_response(raw))
