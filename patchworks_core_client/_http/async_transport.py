"""One attempt of the asynchronous client: sends a request, reads the response, and says what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .attempt import NO_CONNECTION, TransportFailure
from .connection_pool import AsyncConnectionPool
from .connections import AsyncClientConnection, AsyncHTTPXConnection
from .outgoing_request import OutgoingRequest, outgoing
from .proxies import proxy_address
from .response import RawResponse
from .transport import Transport

if TYPE_CHECKING:
    import httpx

    from .aiohttp_connection import AiohttpSession
    from .attempt import Attempt
    from .connection_pool import AsyncConnection
    from .transport import ConnectionSettings
    from .urls import BaseURL


class AsyncTransport(Transport[AsyncConnectionPool]):
    """The connections of one asynchronous client and all its copies."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._sessions: list[AiohttpSession] = []
        super().__init__(settings)

    def _open(self, origin: BaseURL) -> AsyncConnectionPool:
        client, limit = self._settings.http_client, self._settings.max_connections
        if client is not None:
            return AsyncConnectionPool(lambda: AsyncClientConnection(client), None)
        if self._settings.transport == "aiohttp":
            from .aiohttp_connection import AiohttpSession

            proxy = self._proxy(origin)
            address = None if proxy is None else proxy_address(proxy)
            session = AiohttpSession(lambda: self._context(origin, proxy), address)
            self._sessions.append(session)
            return AsyncConnectionPool(session.connection, limit)
        import httpx

        from .async_network import AsyncioBackend

        def connect() -> AsyncHTTPXConnection:
            return AsyncHTTPXConnection(httpx.AsyncHTTPTransport(**self._httpx_options(origin)), AsyncioBackend())

        return AsyncConnectionPool(connect, limit)

    async def exchange(self, attempt: Attempt) -> RawResponse | TransportFailure:
        request = outgoing(attempt.prepared, attempt.headers, attempt.timeouts, self._settings.http_client)
        if attempt.login:
            return await self._once(self._pool(attempt.prepared.url), request, attempt)
        auth = self._settings.auth
        if auth is not None:
            return await self._with_auth(auth, request, attempt)
        return await self._hooked(self._main, request, attempt)

    async def _with_auth(
        self, auth: httpx.Auth, request: OutgoingRequest, attempt: Attempt
    ) -> RawResponse | TransportFailure:
        # httpx's own client would read the responses in between without a limit.
        flow = auth.async_auth_flow(request.message)
        try:
            message = await anext(flow)
            while True:
                message.extensions["timeout"] = request.timeouts
                sent = OutgoingRequest(None, request.timeouts, message)
                result = await self._hooked(self._pool(str(message.url)), sent, attempt)
                if isinstance(result, TransportFailure):
                    return result
                try:
                    message = await flow.asend(result.as_httpx(message))
                except StopAsyncIteration:
                    return result
        finally:
            await flow.aclose()

    async def _hooked(
        self, pool: AsyncConnectionPool, request: OutgoingRequest, attempt: Attempt
    ) -> RawResponse | TransportFailure:
        settings = self._settings
        if settings.on_request is not None:
            # A hook may look at the body.
            request.message.read()
            await _finish(settings.on_request(request.message))
        result = await self._once(pool, request, attempt)
        if settings.on_response is not None and isinstance(result, RawResponse):
            await _finish(settings.on_response(result.as_httpx(request.message)))
        return result

    async def _once(
        self, pool: AsyncConnectionPool, request: OutgoingRequest, attempt: Attempt
    ) -> RawResponse | TransportFailure:
        attempt.outgoing = request
        try:
            connection = await pool.acquire(request.timeouts["pool"])
        except TimeoutError:
            return NO_CONNECTION
        whole = False
        try:
            result = await self._on_connection(connection, request, attempt)
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
        self, connection: AsyncConnection, request: OutgoingRequest, attempt: Attempt
    ) -> RawResponse | TransportFailure:
        whole = False
        try:
            response = await connection.send(request, attempt)
            try:
                body = attempt.begin_body(response.status, response.headers, self._settings.max_response_bytes)
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
            return self._failed(error, request.url, attempt)
        return RawResponse(response.status, response.headers, content, request, whole=whole)

    async def aclose(self) -> None:
        for pool in (self._main, *self._others.values()):
            await pool.aclose()
        for session in self._sessions:
            await session.aclose()


async def _finish(result: Any) -> None:
    # A hook may be a plain function.
    if hasattr(result, "__await__"):
        await result
