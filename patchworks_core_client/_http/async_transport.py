"""One attempt of the asynchronous client: sends a request, reads the response, and says what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .._errors import DecodeError, ResponseTooLargeError
from .async_pool import AsyncConnectionPool
from .attempt_result import RawResponse, TransportFailure
from .connect import Connector
from .failures import NO_CONNECTION, PoolTimeout, is_transport_error, transport_failure
from .outgoing import OutgoingRequest, outgoing
from .urls import origin_of

if TYPE_CHECKING:
    import httpx

    from .async_connections import AsyncConnection
    from .attempt_result import AttemptProgress
    from .connection_settings import ConnectionSettings
    from .outgoing import Timeouts
    from .request import HeaderPairs, Prepared
    from .urls import BaseURL


class AsyncTransport:
    """The connections of one asynchronous client and all its copies."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._connector = Connector(settings)
        self._main = self._open(settings.base_url)
        self._others: dict[str, AsyncConnectionPool] = {}

    def _open(self, origin: BaseURL) -> AsyncConnectionPool:
        limit = None if self._settings.http_client is not None else self._settings.max_connections
        return AsyncConnectionPool(self._connector.asynchronous(origin), limit)

    def _pool(self, url: str) -> AsyncConnectionPool:
        """The pool of an origin that need not be that of the API: to log in."""
        origin = origin_of(url)
        if origin.origin == self._settings.base_url.origin:
            return self._main
        if origin.origin not in self._others:
            self._others[origin.origin] = self._open(origin)
        return self._others[origin.origin]

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
        from .messages import whole_response

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
            from .messages import whole_response

            await _finish(settings.on_response(whole_response(result, request.message)))
        return result

    async def _once(
        self, pool: AsyncConnectionPool, request: OutgoingRequest, progress: AttemptProgress
    ) -> RawResponse | TransportFailure:
        progress.outgoing = request
        try:
            connection = await pool.acquire(request.timeouts["pool"])
        except PoolTimeout:
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
                await response.aclose()
            content = body.end()
        except (DecodeError, ResponseTooLargeError) as error:
            from .messages import with_response

            raise with_response(error, cast("RawResponse", progress.partial_response())) from None
        except Exception as error:
            if not is_transport_error(error):
                raise
            refusal = progress.error_response()
            if refusal is not None:
                return refusal
            return transport_failure(error, progress, self._connector.route(request.url))
        return RawResponse(response.status, response.headers, content, request, whole=whole)

    def prepare(self) -> None:
        """Load the certificates that connections to the API will need."""
        self._connector.prepare(self._settings.base_url)

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in (self._main, *self._others.values()):
            await pool.aclose()
        await self._connector.aclose()


async def _finish(result: Any) -> None:
    # A hook may be a plain function.
    if hasattr(result, "__await__"):
        await result
