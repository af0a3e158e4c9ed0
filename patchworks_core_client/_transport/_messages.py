"""Requests as httpx takes them, and answers as it gives them, for hooks and errors."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from .._outcome import Raw
    from .._request import HeaderPairs, Prepared

# An answer that is rebuilt from its decompressed body must not say that it is compressed.
_OF_THE_WIRE = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
_HIDDEN = frozenset({b"authorization", b"proxy-authorization", b"cookie"})
_MASK = b"[hidden]"

# Parsing a URL takes 17 us of the 500 us of a call; the same few are called again and again.
_url = lru_cache(maxsize=512)(httpx.URL)


def build(prepared: Prepared, authorization: bytes | None) -> httpx.Request:
    """The request as it goes out.

    It is put together here, once, because the client of httpx would merge the URL, the headers and the query again at
    each call.
    """
    url = _url(prepared.url)
    pairs: HeaderPairs = ((b"host", url.netloc), *prepared.headers)
    if authorization is not None:
        pairs = (*pairs, (b"authorization", authorization))
    stream = httpx.ByteStream(prepared.content)
    request = httpx.Request(prepared.method, url, headers=pairs, stream=stream)
    # What was read once is there for hooks and for `httpx.Auth`.
    request.read()
    return request


def shown_request(request: httpx.Request) -> httpx.Request:
    """A copy for an error: without credential, query and body, since errors end up in logs and reports."""
    pairs = [(k, _MASK if k.lower() in _HIDDEN else v) for k, v in request.headers.raw]
    url = request.url.copy_with(query=None, fragment=None)
    shown = httpx.Request(request.method, url, headers=pairs, stream=httpx.ByteStream(b""))
    shown.read()
    return shown


def whole_response(raw: Raw, request: httpx.Request | None = None) -> httpx.Response:
    """The answer with its body readable; its request is the one given, or a copy that shows nothing."""
    pairs = [(k, v) for k, v in raw.headers.raw if k.lower() not in _OF_THE_WIRE]
    return httpx.Response(raw.status, headers=pairs, content=raw.content, request=request or shown_request(raw.request))
