"""One attempt of the synchronous client; does what `async_transport` does, step for step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._checks import finished
from .attempt import NO_CONNECTION, TOO_LATE, TransportFailure
from .connection_pool import ConnectionPool
from .connections import ClientConnection, HTTPXConnection
from .outgoing_request import OutgoingRequest, outgoing
from .response import RawResponse
from .transport import Transport

if TYPE_CHECKING:
    import httpx

    from .._clock import Deadline
    from .attempt import Attempt
    from .connection_pool import Connection
    from .outgoing_request import Timeouts
    from .urls import BaseURL


_LEAST_S = 0.001


class _TimeoutsUntil(dict[str, "float | None"]):
    """Time-outs of steps that get shorter as a deadline comes nearer: httpcore asks for each when its step begins."""

    def __init__(self, timeouts: Timeouts, deadline: Deadline) -> None:
        super().__init__(timeouts)
        self._deadline = deadline

    def __getitem__(self, step: str) -> float | None:
        left = self._deadline.within(super().__getitem__(step))
        # A socket that is told 0 does not wait at all, and says that something is in progress.
        return None if left is None else max(left, _LEAST_S)

    def get(self, step: str, default: Any = None) -> Any:
        return self[step] if step in self else default  # noqa: SIM401 - that would come back here


class SyncTransport(Transport[ConnectionPool]):
    """The connections of one synchronous client and all its copies."""

    def _open(self, origin: BaseURL) -> ConnectionPool:
        client = self._settings.http_client
        if client is not None:
            return ConnectionPool(lambda: ClientConnection(client), None)
        import httpx

        from .sync_network import DeadlineBackend

        def connect() -> HTTPXConnection:
            return HTTPXConnection(httpx.HTTPTransport(**self._httpx_options(origin)), DeadlineBackend())

        return ConnectionPool(connect, self._settings.max_connections)

    def exchange(self, attempt: Attempt) -> RawResponse | TransportFailure:
        client, timeouts = self._settings.http_client, attempt.timeouts
        if client is not None:
            # Our own connections look at the deadline themselves.
            timeouts = _TimeoutsUntil(timeouts, attempt.deadline)
        request = outgoing(attempt.prepared, attempt.headers, timeouts, client)
        if attempt.login:
            return self._once(self._pool(attempt.prepared.url), request, attempt)
        auth = self._settings.auth
        if auth is not None:
            return self._with_auth(auth, request, attempt)
        return self._hooked(self._main, request, attempt)

    def _with_auth(
        self, auth: httpx.Auth, request: OutgoingRequest, attempt: Attempt
    ) -> RawResponse | TransportFailure:
        # httpx's own client would read the responses in between without a limit.
        flow = auth.sync_auth_flow(request.message)
        try:
            message = next(flow)
            while True:
                message.extensions["timeout"] = request.timeouts
                sent = OutgoingRequest(None, request.timeouts, message)
                result = self._hooked(self._pool(str(message.url)), sent, attempt)
                if isinstance(result, TransportFailure):
                    return result
                try:
                    message = flow.send(result.as_httpx(message))
                except StopIteration:
                    return result
        finally:
            flow.close()

    def _hooked(
        self, pool: ConnectionPool, request: OutgoingRequest, attempt: Attempt
    ) -> RawResponse | TransportFailure:
        settings = self._settings
        if settings.on_request is not None:
            # A hook may look at the body.
            request.message.read()
            finished(settings.on_request(request.message), "on_request")
        result = self._once(pool, request, attempt)
        if settings.on_response is not None and isinstance(result, RawResponse):
            finished(settings.on_response(result.as_httpx(request.message)), "on_response")
        return result

    def _once(self, pool: ConnectionPool, request: OutgoingRequest, attempt: Attempt) -> RawResponse | TransportFailure:
        attempt.outgoing = request
        try:
            connection = pool.acquire(attempt.deadline.within(request.timeouts["pool"]))
        except TimeoutError:
            return NO_CONNECTION
        whole = False
        attempt.interrupt_connection = connection.interrupt
        try:
            too_late = attempt.cancelled or attempt.deadline.remaining() == 0.0
            result = NO_CONNECTION if too_late else self._on_connection(connection, request, attempt)
            # Only now: a call that is interrupted while the response is closed leaves a connection in an unknown state.
            whole = isinstance(result, RawResponse) and result.whole and connection.is_clean()
        finally:
            # From here on the connection may be another call's. Who broke this one off may still have it in his hands.
            attempt.interrupt_connection = None
            whole = whole and not attempt.cancelled
            connection.warm = whole
            if whole:
                stale = pool.give_back(connection)
                if stale is not None:
                    stale.close()
            else:
                pool.discard(connection)
        return result

    def _on_connection(
        self, connection: Connection, request: OutgoingRequest, attempt: Attempt
    ) -> RawResponse | TransportFailure:
        whole = False
        try:
            response = connection.send(request, attempt)
            try:
                body = attempt.begin_body(response.status, response.headers, self._settings.max_response_bytes)
                if response.content is not None:
                    body.take(response.content)
                else:
                    for chunk in response.chunks:
                        if not body.feed(chunk):
                            break
                        if attempt.deadline.remaining() == 0.0:
                            return attempt.error_response() or TOO_LATE
                    else:
                        whole = True
            finally:
                response.close()
            content = body.end()
        except Exception as error:
            return self._failed(error, request.url, attempt)
        return RawResponse(response.status, response.headers, content, request, whole=whole)

    def close(self) -> None:
        for pool in (self._main, *self._others.values()):
            pool.close()
