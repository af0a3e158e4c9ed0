"""One attempt of the synchronous client; does what `async_transport` does, step for step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._checks import finished
from .attempt_result import RawResponse, TransportFailure
from .connection_pool import ConnectionPool
from .failures import NO_CONNECTION, TOO_LATE
from .outgoing import OutgoingRequest, outgoing
from .transport import Transport

if TYPE_CHECKING:
    import httpx

    from .._clock import Deadline
    from .attempt_result import AttemptProgress
    from .connection_pool import Connection
    from .headers import HeaderPairs
    from .outgoing import Timeouts
    from .request import Prepared
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
            from .connections import ClientConnection

            return ConnectionPool(lambda: ClientConnection(client), None)
        import httpx

        from .connections import HTTPXConnection
        from .sync_network import DeadlineBackend

        return ConnectionPool(
            lambda: HTTPXConnection(httpx.HTTPTransport(**self._httpx_options(origin)), DeadlineBackend()),
            self._settings.max_connections,
        )

    def exchange(
        self,
        prepared: Prepared,
        extra: HeaderPairs,
        timeouts: Timeouts,
        progress: AttemptProgress,
        deadline: Deadline,
        *,
        login: bool = False,
    ) -> RawResponse | TransportFailure:
        """Make one attempt; arguments as in `AsyncTransport.exchange`, and when the call has to be over."""
        if self._settings.http_client is not None:
            # Our own connections look at the deadline themselves.
            timeouts = _TimeoutsUntil(timeouts, deadline)
        request = progress.outgoing = outgoing(prepared, extra, timeouts, self._settings.http_client)
        if login:
            return self._once(self._pool(prepared.url), request, progress, deadline)
        auth = self._settings.auth
        if auth is not None:
            return self._with_auth(auth, request, progress, deadline)
        return self._hooked(self._main, request, progress, deadline)

    def _with_auth(
        self, auth: httpx.Auth, request: OutgoingRequest, progress: AttemptProgress, deadline: Deadline
    ) -> RawResponse | TransportFailure:
        # httpx's own client would read the responses in between without a limit.
        from .httpx_objects import whole_response

        flow = auth.sync_auth_flow(request.message)
        try:
            message = next(flow)
            while True:
                message.extensions["timeout"] = request.timeouts
                sent = OutgoingRequest(None, request.timeouts, message)
                result = self._hooked(self._pool(str(message.url)), sent, progress, deadline)
                if isinstance(result, TransportFailure):
                    return result
                try:
                    message = flow.send(whole_response(result, message))
                except StopIteration:
                    return result
        finally:
            flow.close()

    def _hooked(
        self, pool: ConnectionPool, request: OutgoingRequest, progress: AttemptProgress, deadline: Deadline
    ) -> RawResponse | TransportFailure:
        settings = self._settings
        if settings.on_request is not None:
            # A hook may look at the body.
            request.message.read()
            finished(settings.on_request(request.message), "on_request")
        result = self._once(pool, request, progress, deadline)
        if settings.on_response is not None and isinstance(result, RawResponse):
            from .httpx_objects import whole_response

            finished(settings.on_response(whole_response(result, request.message)), "on_response")
        return result

    def _once(
        self, pool: ConnectionPool, request: OutgoingRequest, progress: AttemptProgress, deadline: Deadline
    ) -> RawResponse | TransportFailure:
        progress.outgoing = request
        connection = pool.acquire(deadline.within(request.timeouts["pool"]))
        if connection is None:
            return NO_CONNECTION
        whole = False
        progress.connection = connection
        try:
            result = (
                NO_CONNECTION
                if progress.cancelled or deadline.remaining() == 0.0
                else self._on_connection(connection, request, progress, deadline)
            )
            # Only now: a call that is interrupted while the response is closed leaves a connection in an unknown state.
            whole = isinstance(result, RawResponse) and result.whole and connection.is_clean()
        finally:
            # From here on the connection may be another call's. Who broke this one off may still have it in his hands.
            progress.connection = None
            whole = whole and not progress.cancelled
            connection.warm = whole
            if whole:
                stale = pool.give_back(connection)
                if stale is not None:
                    stale.close()
            else:
                pool.discard(connection)
        return result

    def _on_connection(
        self, connection: Connection, request: OutgoingRequest, progress: AttemptProgress, deadline: Deadline
    ) -> RawResponse | TransportFailure:
        whole = False
        try:
            response = connection.send(request, progress, deadline)
            try:
                body = progress.begin_body(response.status, response.headers, self._settings.max_response_bytes)
                if response.content is not None:
                    body.take(response.content)
                else:
                    for chunk in response.chunks:
                        if not body.feed(chunk):
                            break
                        if deadline.remaining() == 0.0:
                            return progress.error_response() or TOO_LATE
                    else:
                        whole = True
            finally:
                response.close()
            content = body.end()
        except Exception as error:
            return self._failed(error, request.url, progress)
        return RawResponse(response.status, response.headers, content, request, whole=whole)

    def close(self) -> None:
        """Close all connections."""
        for pool in (self._main, *self._others.values()):
            pool.close()
