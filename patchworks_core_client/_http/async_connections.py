"""What a request of the asynchronous client is sent on: a connection of httpx, or the caller's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from .._errors import ClientStateError
from ._compat import has_surplus, use_network_backend
from .async_network import AsyncioBackend
from .incoming import CLIENT_CLOSED, AsyncIncoming, content_read, refused_response

if TYPE_CHECKING:
    from collections.abc import AsyncIterable

    import httpx

    from .attempt_result import AttemptProgress
    from .outgoing import OutgoingRequest


class AsyncConnection(Protocol):
    """A connection, or none yet, as the pool keeps it.

    Attributes:
        warm: whether the last response left the connection open, as far as is known.
        idle_since: when it was last given back.
    """

    warm: bool
    idle_since: float

    async def send(self, outgoing: OutgoingRequest, progress: AttemptProgress) -> AsyncIncoming:
        """Send a request; return its response, the body not yet read."""
        ...

    def is_clean(self) -> bool:
        """Whether nothing is left of the response that was read to its end."""
        ...

    async def aclose(self) -> None:
        """Close the connection, if it is one's own."""
        ...


class AsyncHTTPXConnection:
    """A transport of httpx that holds one connection.

    It is used without a client of httpx around it, which would add cookies that nobody reads, redirects that nobody
    follows, and a log line with the whole URL.
    """

    __slots__ = ("_transport", "idle_since", "warm")

    def __init__(self, transport: httpx.AsyncHTTPTransport) -> None:
        self._transport = transport
        use_network_backend(transport, AsyncioBackend())
        self.warm = False
        self.idle_since = 0.0

    async def send(self, outgoing: OutgoingRequest, progress: AttemptProgress) -> AsyncIncoming:
        """Send a request; what is known of it before that is told by an open connection, or by httpcore."""
        message = outgoing.message
        progress.launch(outgoing, sent=True if self.warm else None)
        if not self.warm:
            message.extensions["trace"] = progress.trace_async
        try:
            response = await self._transport.handle_async_request(message)
        finally:
            # Else each keeps the other alive, and the body with them, until the garbage collector comes by.
            message.extensions.pop("trace", None)
        chunks = cast("AsyncIterable[bytes]", response.stream)
        return AsyncIncoming(response.status_code, response.headers.raw, chunks, response.aclose)

    def is_clean(self) -> bool:
        """Whether nothing is left of the response."""
        return not has_surplus(self._transport)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._transport.aclose()


class AsyncClientConnection:
    """The caller's own client, which sends without its own credential and without following redirects."""

    __slots__ = ("_client", "idle_since", "warm")

    def __init__(self, client: Any) -> None:
        self._client = client
        self.warm = False
        self.idle_since = 0.0

    async def send(self, outgoing: OutgoingRequest, progress: AttemptProgress) -> AsyncIncoming:
        """Send a request; its hooks may have read the response, or refused it."""
        client, message = self._client, outgoing.message
        if client.is_closed:
            raise ClientStateError(CLIENT_CLOSED)
        progress.launch(outgoing, sent=None)
        message.extensions["trace"] = progress.trace_async
        try:
            response = await client.send(message, stream=True, auth=None, follow_redirects=False)
        except Exception as error:
            if client.is_closed:
                raise ClientStateError(CLIENT_CLOSED) from None
            response = refused_response(error)
            if response is None:
                raise
        finally:
            message.extensions.pop("trace", None)
        return AsyncIncoming(
            response.status_code, response.headers.raw, response.stream, response.aclose, content_read(response)
        )

    def is_clean(self) -> bool:
        """Its connections are its own business."""
        return True

    async def aclose(self) -> None:
        """Leave it open: it is the caller's."""
