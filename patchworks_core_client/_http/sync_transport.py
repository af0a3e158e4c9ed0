"""One attempt of the synchronous client; does what `_async` does, step for step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import httpx

from .._errors import DecodeError, ResponseTooLargeError
from ._compat import has_surplus
from .attempt_result import AttemptProgress, Failure, RawResponse, TransportFailure
from .body import Body
from .connect import Maker, client_send
from .failures import is_transport_error, transport_failure
from .messages import build, whole_response, with_response
from .sync_pool import ConnectionPool, PooledConnection
from .urls import parse_base_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .._clock import Deadline
    from .messages import Steps
    from .request import HeaderPairs, Prepared
    from .settings import ConnectionSettings
    from .urls import BaseURL


class _TimeoutsUntil(dict[str, "float | None"]):
    """Time-outs of steps that get shorter as a deadline comes nearer: httpcore asks for each when its step begins."""

    def __init__(self, steps: Steps, deadline: Deadline) -> None:
        super().__init__(steps)
        self._deadline = deadline

    def __getitem__(self, step: str) -> float | None:
        seconds, remaining = super().__getitem__(step), self._deadline.remaining()
        return seconds if remaining is None else remaining if seconds is None else min(seconds, remaining)

    def get(self, step: str, default: Any = None) -> Any:
        return self[step] if step in self else default  # noqa: SIM401 - that would come back here


class SyncTransport:
    """The connections of one synchronous client and all its copies."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._make = Maker(settings)
        self._main = self._open(settings.base_url)
        self._others: dict[str, ConnectionPool] = {}

    def _open(self, origin: BaseURL) -> ConnectionPool:
        client = self._settings.http_client
        if client is not None:
            send = client_send(client)
            return ConnectionPool(lambda: PooledConnection(send), limit=None)

        def connect() -> PooledConnection:
            transport = self._make.synchronous(origin)
            return PooledConnection(transport.handle_request, transport)

        return ConnectionPool(connect, self._settings.max_connections)

    def _pool(self, url: httpx.URL) -> ConnectionPool:
        """The pool of an origin that need not be that of the API: to log in."""
        origin = parse_base_url(f"{url.scheme}://{url.netloc.decode()}", "the URL")
        if origin.origin == self._settings.base_url.origin:
            return self._main
        known = self._others.get(origin.origin)
        # Two threads may both get here; the one that comes second takes what the first one made.
        return known or self._others.setdefault(origin.origin, self._open(origin))

    def exchange(
        self,
        prepared: Prepared,
        extra: HeaderPairs,
        steps: Steps,
        progress: AttemptProgress,
        deadline: Deadline,
        *,
        login: bool = False,
    ) -> RawResponse | TransportFailure:
        """Make one attempt; arguments as in `AsyncTransport.exchange`, and when the call has to be over."""
        steps = _TimeoutsUntil(steps, deadline)
        request = progress.request = build(prepared, extra, steps, self._settings.http_client)
        if login:
            return self._once(self._pool(request.url), request, progress, deadline)
        auth = self._settings.auth
        if auth is not None:
            return self._with_auth(auth, request, progress, deadline)
        return self._hooked(self._main, request, progress, deadline)

    def _with_auth(
        self, auth: httpx.Auth, request: httpx.Request, progress: AttemptProgress, deadline: Deadline
    ) -> RawResponse | TransportFailure:
        # httpx's own client would read the answers in between without a limit.
        steps = request.extensions["timeout"]
        flow = auth.sync_auth_flow(request)
        try:
            request = next(flow)
            while True:
                request.extensions["timeout"] = steps
                result = self._hooked(self._pool(request.url), request, progress, deadline)
                if isinstance(result, TransportFailure):
                    return result
                try:
                    request = flow.send(whole_response(result, request))
                except StopIteration:
                    return result
        finally:
            flow.close()

    def _hooked(
        self, pool: ConnectionPool, request: httpx.Request, progress: AttemptProgress, deadline: Deadline
    ) -> RawResponse | TransportFailure:
        settings = self._settings
        if settings.on_request is not None:
            request.read()
            settings.on_request(request)
        result = self._once(pool, request, progress, deadline)
        if settings.on_response is not None and isinstance(result, RawResponse):
            settings.on_response(whole_response(result, request))
        return result

    def _once(
        self, pool: ConnectionPool, request: httpx.Request, progress: AttemptProgress, deadline: Deadline
    ) -> RawResponse | TransportFailure:
        try:
            connection = pool.acquire(request.extensions["timeout"]["pool"])
        except httpx.PoolTimeout as error:
            return transport_failure(error, progress, self._make.route(request.url))
        progress.launch(request, warm=connection.warm, own=connection.transport is not None)
        if not progress.sent:
            request.extensions["trace"] = progress.trace
        connection.warm = False
        try:
            result = self._on_connection(connection, request, progress, deadline)
        finally:
            # Else each keeps the other alive, and the body with them, until the garbage collector comes by.
            request.extensions.pop("trace", None)
            if connection.warm:
                stale = pool.give_back(connection)
                if stale is not None:
                    stale.close()
            else:
                pool.discard(connection)
        return result

    def _on_connection(
        self, connection: PooledConnection, request: httpx.Request, progress: AttemptProgress, deadline: Deadline
    ) -> RawResponse | TransportFailure:
        whole = False
        try:
            response = connection.send(request)
            progress.status, progress.headers = response.status_code, response.headers
            try:
                body = progress.body = Body(response.status_code, response.headers, self._settings.max_response_bytes)
                for chunk in cast("Iterable[bytes]", response.stream):
                    if not body.feed(chunk):
                        break
                    if deadline.remaining() == 0.0:
                        return progress.error_response() or TransportFailure(
                            Failure.BROKEN, "the answer took too long", timed_out=True
                        )
                else:
                    whole = True
            finally:
                response.close()
            content = body.end()
        except (DecodeError, ResponseTooLargeError) as error:
            raise with_response(error, cast("RawResponse", progress.partial_response())) from None
        except Exception as error:
            if not is_transport_error(error):
                raise
            refusal = progress.error_response()
            return transport_failure(error, progress, self._make.route(request.url)) if refusal is None else refusal
        # Only now: a call that is interrupted while the answer is closed leaves a connection that nobody can use again.
        connection.warm = whole and not (connection.transport is not None and has_surplus(connection.transport))
        return RawResponse(response.status_code, response.headers, content, request)

    def close(self) -> None:
        """Close all connections."""
        for pool in (self._main, *self._others.values()):
            pool.close()
