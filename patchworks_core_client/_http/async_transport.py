"""One attempt of the asynchronous client: sends a request, reads the answer, and says what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import httpx

from .._errors import DecodeError, ResponseTooLargeError
from ._compat import has_surplus
from .async_pool import AsyncConnectionPool, AsyncPooledConnection
from .attempt_result import AttemptProgress, RawResponse, TransportFailure
from .body import Body
from .connect import Maker, client_send
from .failures import is_transport_error, transport_failure
from .messages import build, whole_response, with_response
from .urls import parse_base_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterable

    from .messages import Steps
    from .request import HeaderPairs, Prepared
    from .settings import ConnectionSettings
    from .urls import BaseURL


class AsyncTransport:
    """The connections of one asynchronous client and all its copies."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._make = Maker(settings)
        self._shared: list[httpx.AsyncBaseTransport] = []
        self._main = self._open(settings.base_url)
        self._others: dict[str, AsyncConnectionPool] = {}

    def _open(self, origin: BaseURL) -> AsyncConnectionPool:
        client = self._settings.http_client
        if client is not None:
            send = client_send(client)
            return AsyncConnectionPool(lambda: AsyncPooledConnection(send), limit=None)
        limit = self._settings.max_connections
        if self._settings.transport == "aiohttp":
            send, transport = self._make.aiohttp(origin)
            self._shared.append(transport)
            return AsyncConnectionPool(lambda: AsyncPooledConnection(send), limit)

        def connect() -> AsyncPooledConnection:
            transport = self._make.asynchronous(origin)
            return AsyncPooledConnection(transport.handle_async_request, transport)

        return AsyncConnectionPool(connect, limit)

    def _pool(self, url: httpx.URL) -> AsyncConnectionPool:
        """The pool of an origin that need not be that of the API: to log in."""
        origin = parse_base_url(f"{url.scheme}://{url.netloc.decode()}", "the URL")
        if origin.origin == self._settings.base_url.origin:
            return self._main
        if origin.origin not in self._others:
            self._others[origin.origin] = self._open(origin)
        return self._others[origin.origin]

    async def exchange(
        self, prepared: Prepared, extra: HeaderPairs, steps: Steps, progress: AttemptProgress, *, login: bool = False
    ) -> RawResponse | TransportFailure:
        """Make one attempt.

        Args:
            prepared: the request.
            extra: headers besides its own, the credential among them.
            steps: the time-outs of its steps, in seconds.
            progress: is kept up to date, for the case that this is cancelled.
            login: whether it is a login: at another origin perhaps, and unseen by hooks.
        """
        request = progress.request = build(prepared, extra, steps, self._settings.http_client)
        if login:
            return await self._once(self._pool(request.url), request, progress)
        auth = self._settings.auth
        if auth is not None:
            return await self._with_auth(auth, request, progress)
        return await self._hooked(self._main, request, progress)

    async def _with_auth(
        self, auth: httpx.Auth, request: httpx.Request, progress: AttemptProgress
    ) -> RawResponse | TransportFailure:
        # httpx's own client would read the answers in between without a limit.
        steps = request.extensions["timeout"]
        flow = auth.async_auth_flow(request)
        try:
            request = await anext(flow)
            while True:
                request.extensions["timeout"] = steps
                result = await self._hooked(self._pool(request.url), request, progress)
                if isinstance(result, TransportFailure):
                    return result
                try:
                    request = await flow.asend(whole_response(result, request))
                except StopAsyncIteration:
                    return result
        finally:
            await flow.aclose()

    async def _hooked(
        self, pool: AsyncConnectionPool, request: httpx.Request, progress: AttemptProgress
    ) -> RawResponse | TransportFailure:
        settings = self._settings
        if settings.on_request is not None:
            request.read()
            await _finish(settings.on_request(request))
        result = await self._once(pool, request, progress)
        if settings.on_response is not None and isinstance(result, RawResponse):
            await _finish(settings.on_response(whole_response(result, request)))
        return result

    async def _once(
        self, pool: AsyncConnectionPool, request: httpx.Request, progress: AttemptProgress
    ) -> RawResponse | TransportFailure:
        try:
            connection = await pool.acquire(request.extensions["timeout"]["pool"])
        except httpx.PoolTimeout as error:
            return transport_failure(error, progress, self._make.route(request.url))
        progress.launch(request, warm=connection.warm, own=connection.transport is not None)
        if not progress.sent:
            request.extensions["trace"] = progress.atrace
        connection.warm = False
        try:
            result = await self._on_connection(connection, request, progress)
        finally:
            # Else each keeps the other alive, and the body with them, until the garbage collector comes by.
            request.extensions.pop("trace", None)
            if connection.warm:
                stale = pool.give_back(connection)
                if stale is not None:
                    await stale.aclose()
            else:
                await pool.discard(connection)
        return result

    async def _on_connection(
        self, connection: AsyncPooledConnection, request: httpx.Request, progress: AttemptProgress
    ) -> RawResponse | TransportFailure:
        whole = False
        try:
            response = await connection.send(request)
            progress.status, progress.headers = response.status_code, response.headers
            try:
                body = progress.body = Body(response.status_code, response.headers, self._settings.max_response_bytes)
                async for chunk in cast("AsyncIterable[bytes]", response.stream):
                    if not body.feed(chunk):
                        break
                else:
                    whole = True
            finally:
                await response.aclose()
            content = body.end()
        except (DecodeError, ResponseTooLargeError) as error:
            raise with_response(error, cast("RawResponse", progress.partial_response())) from None
        except Exception as error:
            if not is_transport_error(error):
                raise
            refusal = progress.error_response()
            return transport_failure(error, progress, self._make.route(request.url)) if refusal is None else refusal
        # Only now: a call that is cancelled while the answer is closed leaves a connection that nobody can use again.
        connection.warm = whole and not (connection.transport is not None and has_surplus(connection.transport))
        return RawResponse(response.status_code, response.headers, content, request)

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in (self._main, *self._others.values()):
            await pool.aclose()
        shared, self._shared = self._shared, []
        for transport in shared:
            await transport.aclose()


async def _finish(result: Any) -> None:
    # A hook may be a plain function.
    if hasattr(result, "__await__"):
        await result
