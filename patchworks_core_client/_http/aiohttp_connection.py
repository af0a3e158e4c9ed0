"""Sending with aiohttp: needs the extra of that name."""

from __future__ import annotations

import asyncio
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, cast
from weakref import WeakSet

import aiohttp
from yarl import URL

from .aiohttp_response import Chunks, close, tell_reader_of_end
from .connections import KEEP_ALIVE_S, Incoming, is_readable
from .failures import Carried

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from typing import Any

    from aiohttp import ClientHandlerType
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

    from .attempt import Attempt
    from .outgoing_request import OutgoingRequest, RequestParts, Timeouts
    from .proxies import ProxyAddress

# As h11, with which httpx reads, has it for a whole head. Here each header may have as many, so there may be few.
_MAX_HEAD_BYTES = 100 * 1024
_MAX_HEADERS = 1000
_MAX_BYTES_AT_ONCE = 1024 * 1024


class WriteTimeout(aiohttp.ServerTimeoutError):
    """A server takes nothing any more of what it is sent."""


class InvalidResponse(aiohttp.ClientError):
    """A response that httpx refuses and aiohttp does not."""


class AiohttpSession:
    """The session of aiohttp for one origin, which all connections of a pool share.

    aiohttp keeps the connections; the pool decides how many calls are under way at once.
    """

    def __init__(self, context: Callable[[], ssl.SSLContext | None], proxy: ProxyAddress | None) -> None:
        self._context = context
        self._proxy = proxy
        self._proxy_url = None if proxy is None else URL(proxy.origin)
        self._session: aiohttp.ClientSession | None = None
        self._timeouts: tuple[Timeouts, aiohttp.ClientTimeout] | None = None

    def connection(self) -> AiohttpConnection:
        """Return one more connection."""
        return AiohttpConnection(self)

    def _open(self) -> aiohttp.ClientSession:
        # Made when first used, since it belongs to a loop.
        if self._session is None:
            connector = _Connector(
                limit=0, ssl=self._context() or True, keepalive_timeout=KEEP_ALIVE_S, use_dns_cache=False
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                # A jar would send back what a server set, which the client does with no other transport.
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                request_class=_Request,
                max_line_size=_MAX_HEAD_BYTES,
                max_field_size=_MAX_HEAD_BYTES,
                max_headers=_MAX_HEADERS,
            )
        return self._session

    async def send(self, outgoing: OutgoingRequest, attempt: Attempt) -> Incoming:
        """Send a request; whether it went out is told by the connector."""
        session = self._open()
        attempt.launch(outgoing)
        parts, timeouts = outgoing.parts, outgoing.timeouts
        read, write = timeouts["read"], timeouts["write"]
        sending = _Sending(parts, attempt, self._proxy)
        request = session.request(
            parts.method,
            URL(parts.url, encoded=True),
            allow_redirects=False,
            timeout=self._client_timeout(timeouts),
            proxy=self._proxy_url,
            proxy_headers=None if self._proxy is None else _proxy_headers(self._proxy),
            # Those that it adds in any case are taken out again, which is faster than to say here that it shall not.
            skip_auto_headers=None if parts.method == "GET" else ("Content-Type",),
            middlewares=(sending.send_once,),
        )
        try:
            if read is None or write is None:
                response = await request
            else:
                # aiohttp bounds reading, but not writing: a server that takes nothing would hold a call for ever.
                async with asyncio.timeout(None) as timer:
                    sending.timer, sending.seconds = timer, read + write
                    response = await request
        except Carried as error:
            raise error.error from None
        except aiohttp.ServerTimeoutError:
            raise
        except TimeoutError:
            raise WriteTimeout from None
        encodings = response.headers.getall("Transfer-Encoding", ())
        if response.status < 200 or (encodings and [name.lower() for name in encodings] != ["chunked"]):
            response.close()
            raise InvalidResponse
        tell_reader_of_end(response)
        return Incoming(response.status, response.raw_headers, Chunks(response), partial(close, response))

    def _client_timeout(self, timeouts: Timeouts) -> aiohttp.ClientTimeout:
        # The calls of a client have the same ones, mostly.
        if self._timeouts is None or self._timeouts[0] is not timeouts:
            made = aiohttp.ClientTimeout(
                total=None, connect=timeouts["connect"], sock_read=timeouts["read"], ceil_threshold=float("inf")
            )
            self._timeouts = (timeouts, made)
        return self._timeouts[1]

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()


class AiohttpConnection:
    """A place in the pool; which connection a request is sent on is up to the session."""

    __slots__ = ("idle_since", "send", "warm")

    def __init__(self, session: AiohttpSession) -> None:
        self.send = session.send
        self.warm = False
        self.idle_since = 0.0

    def is_clean(self) -> bool:
        """The connector looks at connections before they are used again."""
        return True

    async def aclose(self) -> None:
        """Leave the session open for the others."""


class _Sending:
    """A request on its way."""

    __slots__ = ("attempt", "parts", "proxy", "seconds", "timer")

    def __init__(self, parts: RequestParts, attempt: Attempt, proxy: ProxyAddress | None) -> None:
        self.parts = parts
        self.attempt = attempt
        self.proxy = proxy
        self.timer: asyncio.Timeout | None = None
        self.seconds = 0.0

    async def send_once(self, request: aiohttp.ClientRequest, handler: ClientHandlerType) -> aiohttp.ClientResponse:
        """Middleware: adds headers and body, and keeps aiohttp from sending a request again by itself.

        They go in here, so that no secret stands in a variable of a frame of aiohttp. An exception that aiohttp does
        not know goes past its own retries, which hooks, logs and `max_retries` would not see.
        """
        cast("_Request", request).sending = self
        self.attempt.observe()
        self._add_headers(request)
        parts = self.parts
        if parts.content:
            # aiohttp takes offence at large bytes, since it copies them at once.
            large = len(parts.content) > _MAX_BYTES_AT_ONCE
            await request.update_body(BytesIO(parts.content) if large else parts.content)
        try:
            return await handler(request)
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
            raise Carried(error) from None

    def _add_headers(self, request: aiohttp.ClientRequest) -> None:
        # By a function of its own, whose variables are gone when somebody prints those of a call.
        headers = request.headers
        host = headers["Host"]
        headers.clear()
        headers["Host"] = host
        for name, value in self.parts.headers:
            headers[name.decode("ascii")] = value.decode("utf-8", "replace")
        if self.proxy is not None and request.url.scheme == "http":
            headers.extend(_proxy_headers(self.proxy))

    def begin(self) -> None:
        """Take note that there is a connection, and that the request goes out on it."""
        self.attempt.sent = True
        if self.timer is not None:
            self.timer.reschedule(asyncio.get_running_loop().time() + self.seconds)


class _Request(aiohttp.ClientRequest):
    """A request of aiohttp that knows what it is sent for."""

    sending: _Sending


class _Connector(aiohttp.TCPConnector):
    """Connections of which none is used again with anything left on it, or after the server has closed it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # pyright: ignore[reportUnknownMemberType]
        self._used: WeakSet[ResponseHandler] = WeakSet()

    async def connect(
        self, req: aiohttp.ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout
    ) -> Connection:
        """Connect, or take a connection that has been used before and is as good as new."""
        while True:
            connection = await super().connect(req, traces, timeout)
            protocol = connection.protocol
            if protocol is not None and protocol not in self._used:
                self._used.add(protocol)
                break
            if protocol is not None and _is_idle(protocol):
                break
            connection.close()
        cast("_Request", req).sending.begin()
        return connection


def _is_idle(protocol: ResponseHandler) -> bool:
    """Whether nothing has come on a connection since its last response, read by the loop or not yet."""
    transport = protocol.transport
    if transport is None or protocol.should_close:
        return False
    return not is_readable(transport.get_extra_info("socket"))


def _proxy_headers(proxy: ProxyAddress) -> dict[str, str]:
    headers = dict(proxy.headers.reveal())
    login = proxy.login.reveal()
    return {**headers, "Proxy-Authorization": login} if login else headers
