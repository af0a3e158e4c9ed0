"""What a request is sent on: a connection of httpx, or the caller's own client; for either kind of client."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any

from .._errors import ClientStateError
from ._compat import has_surplus, use_network_backend

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpcore
    import httpx

    from .attempt import Attempt
    from .outgoing_request import OutgoingRequest
    from .response import RawHeaders
    from .sync_network import DeadlineBackend

# As in httpx. Servers close idle connections later than that.
KEEP_ALIVE_S = 5.0

_CLOSED = "your http_client= is closed"


class Incoming:
    """A response as it begins to come.

    Attributes:
        status: the HTTP status.
        headers: names and values as they came.
        chunks: gives the body as it is sent, compressed if it is; of the asynchronous client with `async for`.
        close: ends reading, wherever that stands; of the asynchronous client to be awaited.
        content: the body, decompressed, if somebody has read it already.
    """

    __slots__ = ("chunks", "close", "content", "headers", "status")

    def __init__(
        self, status: int, headers: RawHeaders, chunks: Any, close: Callable[[], Any], content: bytes | None = None
    ) -> None:
        self.status = status
        self.headers = headers
        self.chunks = chunks
        self.close = close
        self.content = content


class _Connection:
    """A connection, or none yet, as the pool keeps it.

    Attributes:
        warm: whether its last response left it open.
        idle_since: when that was.
    """

    __slots__ = ("_sender", "idle_since", "warm")

    def __init__(self, sender: Any) -> None:
        self._sender = sender
        self.warm = False
        self.idle_since = 0.0

    def _begin(self, outgoing: OutgoingRequest, attempt: Attempt, trace: Callable[..., Any]) -> Any:
        """Return what to send. Whether it went out is told by httpcore, where a connection has to be made first."""
        message = outgoing.message
        attempt.launch(outgoing)
        if not self.warm:
            message.extensions["trace"] = trace
        return message


class AsyncHTTPXConnection(_Connection):
    """A transport of httpx that holds one connection.

    It is used without a client of httpx around it, which would add cookies that nobody reads, redirects that nobody
    follows, and a log line with the whole URL.
    """

    __slots__ = ()

    def __init__(self, transport: httpx.AsyncHTTPTransport, network: httpcore.AsyncNetworkBackend) -> None:
        super().__init__(transport)
        use_network_backend(transport, network)

    async def send(self, outgoing: OutgoingRequest, attempt: Attempt) -> Incoming:
        message = self._begin(outgoing, attempt, attempt.trace_async)
        try:
            response = await self._sender.handle_async_request(message)
        finally:
            # Else each keeps the other alive, and the body with them, until the garbage collector comes by.
            message.extensions.pop("trace", None)
        return Incoming(response.status_code, response.headers.raw, response.stream, response.aclose)

    def is_clean(self) -> bool:
        """Whether nothing is left of the response, so that the next one can follow."""
        return not has_surplus(self._sender)

    async def aclose(self) -> None:
        await self._sender.aclose()


class HTTPXConnection(_Connection):
    """As `AsyncHTTPXConnection`, for the synchronous client, on a network with deadlines."""

    __slots__ = ("_network",)

    def __init__(self, transport: httpx.HTTPTransport, network: DeadlineBackend) -> None:
        super().__init__(transport)
        self._network = network
        use_network_backend(transport, network)

    def send(self, outgoing: OutgoingRequest, attempt: Attempt) -> Incoming:
        self._network.deadline = attempt.deadline
        message = self._begin(outgoing, attempt, attempt.trace)
        try:
            response = self._sender.handle_request(message)
        finally:
            message.extensions.pop("trace", None)
        return Incoming(response.status_code, response.headers.raw, response.stream, response.close)

    def is_clean(self) -> bool:
        return not has_surplus(self._sender)

    def interrupt(self) -> None:
        """End what a thread waits for on the connection."""
        self._network.interrupt()

    def close(self) -> None:
        self._sender.close()


class _ClientConnection(_Connection):
    """The caller's own client, which sends without its own credential and without following redirects.

    Its connections are its own business: one of these serves one request, and closing it leaves the client open.
    """

    __slots__ = ()

    def is_clean(self) -> bool:
        return False

    def _begin(self, outgoing: OutgoingRequest, attempt: Attempt, trace: Callable[..., Any]) -> Any:
        if self._sender.is_closed:
            raise ClientStateError(_CLOSED)
        return super()._begin(outgoing, attempt, trace)

    def _refused(self, error: Exception, message: Any) -> Any:
        """Return the response of an error that a hook raised for its status, and raise any other error.

        `raise_for_status()` is what such hooks do. What the status means is decided here as for any other call.
        """
        if self._sender.is_closed:
            raise ClientStateError(_CLOSED) from None
        from .failures import Carried, is_transport_error, names

        kinds = names(error)
        response = getattr(error, "response", None) if "HTTPStatusError" in kinds else None
        if response is not None and not response.is_success:
            return response
        # What another kind of exception is, is seen anyway.
        raise Carried(error) if is_transport_error(error) and not self._is_lost(message, error, kinds) else error

    def _is_lost(self, message: Any, error: Any, kinds: frozenset[str]) -> bool:
        """Whether an error is that of the transport about a message, and not that of a hook about its own doings."""
        if isinstance(error, OSError):
            # The transports of httpx make errors of httpx of those of the network.
            return not any(self._sender.event_hooks.values())
        try:
            # Clients note what they were sending.
            return "RequestError" in kinds and bool(error.request.url == message.url)
        except RuntimeError:
            return False

    def _incoming(self, response: Any, close: Callable[[], Any]) -> Incoming:
        content = None
        if response.is_stream_consumed or response.is_closed:
            try:
                content = response.content
            except RuntimeError:
                # A hook read the stream and kept nothing of it, or closed the response.
                content = b""
        return Incoming(response.status_code, response.headers.raw, response.stream, close, content)


class AsyncClientConnection(_ClientConnection):
    """The caller's own asynchronous client."""

    __slots__ = ()

    async def send(self, outgoing: OutgoingRequest, attempt: Attempt) -> Incoming:
        message = self._begin(outgoing, attempt, attempt.trace_async)
        try:
            response = await self._sender.send(message, stream=True, auth=None, follow_redirects=False)
        except Exception as error:
            response = self._refused(error, message)
        finally:
            message.extensions.pop("trace", None)
        return self._incoming(response, response.aclose)

    async def aclose(self) -> None: ...


class ClientConnection(_ClientConnection):
    """The caller's own synchronous client."""

    __slots__ = ()

    def send(self, outgoing: OutgoingRequest, attempt: Attempt) -> Incoming:
        message = self._begin(outgoing, attempt, attempt.trace)
        try:
            response = self._sender.send(message, stream=True, auth=None, follow_redirects=False)
        except Exception as error:
            response = self._refused(error, message)
        finally:
            message.extensions.pop("trace", None)
        return self._incoming(response, response.close)

    def interrupt(self) -> None: ...

    def close(self) -> None: ...


def is_readable(connection: Any) -> bool:
    """Return whether a socket has something to read, its end included; without waiting.

    An idle connection that has is of no more use.
    """
    number = connection.fileno()
    if not hasattr(select, "poll"):  # pragma: no cover - Windows
        return bool(select.select([number], [], [], 0)[0])
    poll = select.poll()
    poll.register(number, select.POLLIN)
    return bool(poll.poll(0))
