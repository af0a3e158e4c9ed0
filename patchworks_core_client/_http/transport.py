"""What both transports have in common: a pool for each origin, and what an exception means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from .._errors import DecodeError, ResponseTooLargeError
from .connector import Connector
from .failures import is_transport_error, transport_failure
from .urls import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .attempt_result import AttemptProgress, RawResponse, TransportFailure
    from .connection_settings import ConnectionSettings
    from .urls import BaseURL

P = TypeVar("P")


class Transport(Generic[P]):
    """The connections of one client and all its copies.

    Args:
        settings: how they are made.
        connections: gives, for an origin, what makes connections to it.
        pool: makes a pool of connections.
    """

    def __init__(
        self,
        settings: ConnectionSettings,
        connections: Callable[[Connector, BaseURL], Callable[[], Any]],
        pool: Callable[[Callable[[], Any], int | None], P],
    ) -> None:
        self._settings = settings
        self._connector = Connector(settings)
        self._connections = connections
        self._new_pool = pool
        self._main = self._open(settings.base_url)
        self._others: dict[str, P] = {}

    def _open(self, origin: BaseURL) -> P:
        limit = None if self._settings.http_client is not None else self._settings.max_connections
        return self._new_pool(self._connections(self._connector, origin), limit)

    def _pool(self, url: str) -> P:
        """The pool of an origin that need not be that of the API: to log in."""
        origin = origin_of(url)
        if origin.origin == self._settings.base_url.origin:
            return self._main
        known = self._others.get(origin.origin)
        # Two threads may both get here; the one that comes second takes what the first one made.
        return known or self._others.setdefault(origin.origin, self._open(origin))

    def _failed(self, error: Exception, url: str, progress: AttemptProgress) -> RawResponse | TransportFailure:
        """Return what came of an attempt that ended with an exception, or raise it if it is the caller's to see."""
        if isinstance(error, (DecodeError, ResponseTooLargeError)):
            from .httpx_objects import with_response

            raise with_response(error, cast("RawResponse", progress.partial_response())) from None
        if not is_transport_error(error):
            raise error
        return progress.error_response() or transport_failure(error, progress, self._connector.route(url))

    def prepare(self) -> None:
        """Load the certificates that connections to the API will need."""
        self._connector.prepare(self._settings.base_url)
