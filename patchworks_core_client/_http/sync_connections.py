"""What a request of the synchronous client is sent on: a connection of httpx, or the caller's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ._compat import has_surplus, use_network_backend
from .incoming import CallersClient, Incoming, content_read
from .sync_network import DeadlineBackend

if TYPE_CHECKING:
    import httpx

    from .._clock import Deadline
    from .attempt_result import AttemptProgress
    from .outgoing import OutgoingRequest


class HTTPXConnection:
    """A transport of httpx that holds one connection, as `AsyncHTTPXConnection`, on a network with deadlines."""

    __slots__ = ("_network", "_transport", "idle_since", "warm")

    def __init__(self, transport: httpx.HTTPTransport) -> None:
        self._transport = transport
        self._network = DeadlineBackend()
        use_network_backend(transport, self._network)
        self.warm = False
        self.idle_since = 0.0

    def send(self, outgoing: OutgoingRequest, progress: AttemptProgress, deadline: Deadline) -> Incoming:
        """Send a request; what is known of it before that is told by an open connection, or by httpcore."""
        message = outgoing.message
        self._network.deadline = deadline
        progress.launch(outgoing, sent=True if self.warm else None)
        if not self.warm:
            message.extensions["trace"] = progress.trace
        try:
            response = self._transport.handle_request(message)
        finally:
            # Else each keeps the other alive, and the body with them, until the garbage collector comes by.
            message.extensions.pop("trace", None)
        return Incoming(response.status_code, response.headers.raw, response.stream, response.close)

    def is_clean(self) -> bool:
        """Whether nothing is left of the response."""
        return not has_surplus(self._transport)

    def interrupt(self) -> None:
        """End what a thread waits for on the connection."""
        self._network.interrupt()

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()


class ClientConnection(CallersClient):
    """The caller's own client."""

    __slots__ = ()

    def send(self, outgoing: OutgoingRequest, progress: AttemptProgress, deadline: Deadline) -> Incoming:
        """Send a request; its hooks may have read the response, or refused it."""
        message = self._begin(outgoing, progress, progress.trace)
        try:
            response = self._client.send(message, stream=True, auth=None, follow_redirects=False)
        except Exception as error:
            response = self._refused(error)
        finally:
            message.extensions.pop("trace", None)
        return Incoming(
            response.status_code, response.headers.raw, response.stream, response.close, content_read(response)
        )

    def interrupt(self) -> None:
        """Leave it alone: it is the caller's."""

    def close(self) -> None:
        """Leave it open: it is the caller's."""


Connection: TypeAlias = "HTTPXConnection | ClientConnection"
"""A connection, or none yet, as the pool keeps it; attributes as those of `AsyncConnection`."""
