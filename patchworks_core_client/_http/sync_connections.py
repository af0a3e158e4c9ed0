"""What a request of the synchronous client is sent on: a connection of httpx, or the caller's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from .._errors import ClientStateError
from ._compat import has_surplus, use_network_backend
from .incoming import CLIENT_CLOSED, Incoming, content_read, refused_response
from .sync_network import DeadlineBackend

if TYPE_CHECKING:
    from collections.abc import Iterable

    import httpx

    from .._clock import Deadline
    from .attempt_result import AttemptProgress
    from .outgoing import OutgoingRequest


class Connection(Protocol):
    """A connection, or none yet, as the pool keeps it; attributes as in `AsyncConnection`."""

    warm: bool
    idle_since: float

    def send(self, outgoing: OutgoingRequest, progress: AttemptProgress, deadline: Deadline) -> Incoming:
        """Send a request; return its response, the body not yet read."""
        ...

    def is_clean(self) -> bool:
        """Whether nothing is left of the response that was read to its end."""
        ...

    def interrupt(self) -> None:
        """End what a thread waits for on the connection, if it is one's own."""
        ...

    def close(self) -> None:
        """Close the connection, if it is one's own."""
        ...


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
        chunks = cast("Iterable[bytes]", response.stream)
        return Incoming(response.status_code, response.headers.raw, chunks, response.close)

    def is_clean(self) -> bool:
        """Whether nothing is left of the response."""
        return not has_surplus(self._transport)

    def interrupt(self) -> None:
        """End what a thread waits for on the connection."""
        self._network.interrupt()

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()


class ClientConnection:
    """The caller's own client, which sends without its own credential and without following redirects."""

    __slots__ = ("_client", "idle_since", "warm")

    def __init__(self, client: Any) -> None:
        self._client = client
        self.warm = False
        self.idle_since = 0.0

    def send(self, outgoing: OutgoingRequest, progress: AttemptProgress, deadline: Deadline) -> Incoming:
        """Send a request; its hooks may have read the response, or refused it."""
        client, message = self._client, outgoing.message
        if client.is_closed:
            raise ClientStateError(CLIENT_CLOSED)
        progress.launch(outgoing, sent=None)
        message.extensions["trace"] = progress.trace
        try:
            response = client.send(message, stream=True, auth=None, follow_redirects=False)
        except Exception as error:
            if client.is_closed:
                raise ClientStateError(CLIENT_CLOSED) from None
            response = refused_response(error)
            if response is None:
                raise
        finally:
            message.extensions.pop("trace", None)
        return Incoming(
            response.status_code, response.headers.raw, response.stream, response.close, content_read(response)
        )

    def is_clean(self) -> bool:
        """Its connections are its own business."""
        return True

    def interrupt(self) -> None:
        """Leave it alone: it is the caller's."""

    def close(self) -> None:
        """Leave it open: it is the caller's."""
