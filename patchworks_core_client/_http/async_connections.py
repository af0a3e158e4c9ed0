"""What a request of the asynchronous client is sent on: a connection of httpx, or the caller's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ._compat import has_surplus, use_network_backend
from .async_network import AsyncioBackend
from .incoming import CallersClient, Incoming, content_read

if TYPE_CHECKING:
    import httpx

    from .aiohttp_connection import AiohttpConnection
    from .attempt_result import AttemptProgress
    from .outgoing import OutgoingRequest


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

    async def send(self, outgoing: OutgoingRequest, progress: AttemptProgress) -> Incoming:
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
        return Incoming(response.status_code, response.headers.raw, response.stream, response.aclose)

    def is_clean(self) -> bool:
        """Whether nothing is left of the response."""
        return not has_surplus(self._transport)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._transport.aclose()


class AsyncClientConnection(CallersClient):
    """The caller's own client."""

    __slots__ = ()

    async def send(self, outgoing: OutgoingRequest, progress: AttemptProgress) -> Incoming:
        """Send a request; its hooks may have read the response, or refused it."""
        message = self._begin(outgoing, progress, progress.trace_async)
        try:
            response = await self._client.send(message, stream=True, auth=None, follow_redirects=False)
        except Exception as error:
            response = self._refused(error)
        finally:
            message.extensions.pop("trace", None)
        return Incoming(
            response.status_code, response.headers.raw, response.stream, response.aclose, content_read(response)
        )

    async def aclose(self) -> None:
        """Leave it open: it is the caller's."""


AsyncConnection: TypeAlias = "AsyncHTTPXConnection | AsyncClientConnection | AiohttpConnection"
"""A connection, or none yet, as the pool keeps it: `warm` while its last response left it open, `idle_since` then."""
