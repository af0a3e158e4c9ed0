"""A response as it begins to come, and what is common to sending with the caller's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .._errors import ClientStateError
from .failures import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from .attempt_result import AttemptProgress
    from .outgoing import OutgoingRequest
    from .response_body import RawHeaders

_CLOSED = "your http_client= is closed"


class Incoming(NamedTuple):
    """A response as it begins to come.

    Attributes:
        status: the HTTP status.
        headers: names and values as they came.
        chunks: gives the body as it is sent, compressed if it is; of the asynchronous client with `async for`.
        close: ends reading, wherever that stands; of the asynchronous client to be awaited.
        content: the body, decompressed, if somebody has read it already.
    """

    status: int
    headers: RawHeaders
    chunks: Any
    close: Callable[[], Any]
    content: bytes | None = None


class CallersClient:
    """The caller's own client, which sends without its own credential and without following redirects."""

    __slots__ = ("_client", "idle_since", "warm")

    def __init__(self, client: Any) -> None:
        self._client = client
        self.warm = False
        self.idle_since = 0.0

    def is_clean(self) -> bool:
        """Its connections are its own business."""
        return True

    def _begin(self, outgoing: OutgoingRequest, progress: AttemptProgress, trace: Any) -> Any:
        if self._client.is_closed:
            raise ClientStateError(_CLOSED)
        progress.launch(outgoing, sent=None)
        outgoing.message.extensions["trace"] = trace
        return outgoing.message

    def _refused(self, error: Exception) -> Any:
        """Return the response of an error that a hook raised for its status, and raise any other error.

        `raise_for_status()` is what such hooks do. What the status means is decided here as for any other call.
        """
        if self._client.is_closed:
            raise ClientStateError(_CLOSED) from None
        response = getattr(error, "response", None) if "HTTPStatusError" in names(error) else None
        if response is None or response.is_success:
            raise error
        return response


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
