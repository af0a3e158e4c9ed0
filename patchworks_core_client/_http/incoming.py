"""A response as it begins to come: its head, and what its body is read from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .failures import names

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Awaitable, Callable, Iterable

    from .body import RawHeaders


CLIENT_CLOSED = "your http_client= is closed"


class AsyncIncoming(NamedTuple):
    """A response of the asynchronous client.

    Attributes:
        status: the HTTP status.
        headers: names and values as they came.
        chunks: the body as it is sent, compressed if it is.
        aclose: ends reading, wherever that stands.
        content: the body, decompressed, if somebody has read it already.
    """

    status: int
    headers: RawHeaders
    chunks: AsyncIterable[bytes]
    aclose: Callable[[], Awaitable[object]]
    content: bytes | None = None


class Incoming(NamedTuple):
    """The same of the synchronous client."""

    status: int
    headers: RawHeaders
    chunks: Iterable[bytes]
    close: Callable[[], object]
    content: bytes | None = None


def content_read(response: Any) -> bytes | None:
    """Return the body of a client's response that a hook of the client has read; `None` if none has."""
    if not response.is_stream_consumed and not response.is_closed:
        return None
    try:
        content: bytes = response.content
    except RuntimeError:
        # The hook read the stream and kept nothing of it, or closed the response.
        return b""
    return content


def refused_response(error: Exception) -> Any:
    """Return the response of an error that a hook of the caller's client raised for its status; `None` for any other.

    `raise_for_status()` is what such hooks do. What the status means is decided here as for any other call.
    """
    response = getattr(error, "response", None) if "HTTPStatusError" in names(error) else None
    return None if response is None or response.is_success else response
