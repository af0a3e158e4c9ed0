"""Requests and responses as objects of httpx, for hooks and errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from .._errors import DecodeError, ResponseTooLargeError
from .headers import SHOWN_HEADERS

if TYPE_CHECKING:
    from .attempt_result import RawResponse

# A response that is rebuilt from its decompressed body must not say that it is compressed.
_OF_THE_TRANSFER = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
_SHOWN = frozenset(name.encode() for name in SHOWN_HEADERS)
_MASK = b"[hidden]"


def shown_request(request: httpx.Request) -> httpx.Request:
    """A copy for an error: without credential, query and body, since errors end up in logs and reports."""
    pairs = [(k, v if k.lower() in _SHOWN else _MASK) for k, v in request.headers.raw]
    url = httpx.URL(str(request.url)).copy_with(query=None, fragment=None)
    shown = httpx.Request(request.method, url, headers=pairs, stream=httpx.ByteStream(b""))
    shown.read()
    return shown


def whole_response(response: RawResponse, request: httpx.Request | None = None) -> httpx.Response:
    """The answer with its body readable; its request is the one given, or a copy that shows nothing."""
    pairs = [(k, v) for k, v in response.raw_headers if k.lower() not in _OF_THE_TRANSFER]
    return httpx.Response(
        response.status, headers=pairs, content=response.content, request=request or shown_request(response.request)
    )


def with_response(
    error: DecodeError | ResponseTooLargeError, response: RawResponse
) -> DecodeError | ResponseTooLargeError:
    """An error of a body, with the call and the answer that it belongs to."""
    message = f"{response.request.method} {response.request.url.path}: {error}"
    if isinstance(error, ResponseTooLargeError):
        return ResponseTooLargeError(message)
    return DecodeError(message, response=whole_response(response))
