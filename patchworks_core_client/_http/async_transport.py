"""One attempt of the asynchronous client: sends a request, reads the response, and says what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .attempt_result import RawResponse, TransportFailure
from .connection_pool import AsyncConnectionPool
from .failures import NO_CONNECTION
from .outgoing import OutgoingRequest, outgoing
from .proxies import proxy_address
from .transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from .aiohttp_connection import AiohttpSession
    from .attempt_result import AttemptProgress
    from .connection_pool import AsyncConnection
    from .headers import HeaderPairs
    from .outgoing import Timeouts
    from .request import Prepared
    from .transport import ConnectionSettings
    from .urls import BaseURL


class AsyncTransport(Transport[AsyncConnectionPool]):
    """The connections of one asynchronous client and all its copies."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._sessions: list[AiohttpSession] = []
        super().__init__(settings)

    def _open(self, origin: BaseURL) -> AsyncConnectionPool:
        return AsyncConnectionPool(self._connections(origin), self._limit)

    def _connections(self, origin: BaseURL) -> Callable[[], AsyncConnection]:
        """Return what makes connections to an origin."""
        settings = self._settings
        if settings.transport == "aiohttp":
            from .aiohttp_connection import AiohttpSession

            proxy = self._proxy(origin)
            address = None if proxy is None else proxy_address(proxy)
            session = AiohttpSession(lambda: self._context(origin, proxy), address)
            self._sessions.append(session)
            return session.connection
        from .connections import AsyncClientConnection, AsyncHTTPXConnection

        if settings.http_client is not None:
            return lambda: AsyncClientConnection(settings.http_client)

        import httpx

        from .async_network import AsyncioBackend

        return lambda: AsyncHTTPXConnection(httpx.AsyncHTTPTransport(**self._httpx_options(origin)), AsyncioBackend())

    async def exchange(
        self,
        prepared: Prepared,
        extra: HeaderPairs,
        timeouts: Timeouts,
        progress: AttemptProgress,
        *,
        login: bool = False,
    ) -> RawResponse | TransportFailure:
        """Make one attempt.

        Args:
            prepared: the request.
            extra: headers besides its own, the credential among them.
            timeouts: the seconds for each of its steps.
            progress: is kept up to date, for the case that this is cancelled.
            login: whether it is a login: at another origin perhaps, and unseen by hooks.
        """
        request = progress.outgoing = outgoing(prepared, extra, timeouts, self._settings.http_client)
        if login:
            return await self._once(self._pool(prepared.url), request, progress)
        auth = self._settings.auth
        if auth is not None:
            return await self._with_auth(auth, request, progress)
        return await self._hooked(self._main, request, progress)

    async def _with_auth(
        self, auth: httpx.Auth, request: OutgoingRequest, progress: AttemptProgress
    ) -> RawResponse | TransportFailure:
        # httpx's own client would read the responses in between without a limit.
        from .httpx_objects import whole_response

        flow = auth.async_auth_flow(request.message)
        try:
            message = await anext(flow)
            while True:
                message.extensions["timeout"] = request.timeouts
                sent = OutgoingRequest(None, request.timeouts, message)
                result = await self._hooked(self._pool(str(message.url)), sent, progress)
                if isinstance(result, TransportFailure):
                    return result
                try:
                    message = await flow.asend(whole_response(result, message))
                except StopAsyncIteration:
                    return result
        finally:
            await flow.aclose()

    async def _hooked(
        self, pool: AsyncConnectionPool, request: OutgoingRequest, progress: AttemptProgress
    ) -> RawResponse | TransportFailure:
        settings = self._settings
        if settings.on_request is not None:
            # A hook may look at the body.
            request.message.read()
            await _finish(settings.on_request(request.message))
        result = await self._once(pool, request, progress)
        if settings.on_response is not None and isinstance(result, RawResponse):
            from .httpx_objects import whole_response

            await _finish(settings.on_response(whole_response(result, request.message)))
        return result

    async def _once(
        self, pool: AsyncConnectionPool, request: OutgoingRequest, progress: AttemptProgress
    ) -> RawResponse | TransportFailure:
        progress.outgoing = request
        connection = await pool.acquire(request.timeouts["pool"])
        if connection is None:
            return NO_CONNECTION
        whole = False
        try:
            result = await self._on_connection(connection, request, progress)
            # Only now: a call that is cancelled while the response is closed leaves a connection in an unknown state.
            whole = isinstance(result, RawResponse) and result.whole and connection.is_clean()
        finally:
            connection.warm = whole
            if whole:
                stale = pool.give_back(connection)
                if stale is not None:
                    await stale.aclose()
            else:
                await pool.discard(connection)
        return result

    async def _on_connection(
        self, connection: AsyncConnection, request: OutgoingRequest, progress: AttemptProgress
    ) -> RawResponse | TransportFailure:
        whole = False
        try:
            response = await connection.send(request, progress)
            try:
                body = progress.begin_body(response.status, response.headers, self._settings.max_response_bytes)
                if response.content is not None:
                    body.take(response.content)
                else:
                    async for chunk in response.chunks:
                        if not body.feed(chunk):
                            break
                    else:
                        whole = True
            finally:
                await response.close()
            content = body.end()
        except Exception as error:
            return self._failed(error, request.url, progress)
        return RawResponse(response.status, response.headers, content, request, whole=whole)

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in (self._main, *self._others.values()):
            await pool.aclose()
        for session in self._sessions:
            await session.aclose()


async def _finish(result: Any) -> None:
    # A hook may be a plain function.
    if hasattr(result, "__await__"):
        await result
