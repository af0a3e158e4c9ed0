"""What both transports have in common: settings, a pool for each origin, and what an exception means."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast

from .._errors import DecodeError, PatchworksError, ResponseTooLargeError
from .proxies import proxy_address, proxy_for
from .urls import origin_of
from .value import Value

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    import httpx

    from .attempt import Attempt, TransportFailure
    from .response import RawResponse
    from .secret import Secret
    from .urls import BaseURL

P = TypeVar("P")


class ConnectionSettings(Value):
    """How a client connects and what it connects to.

    Attributes:
        base_url: where the API is.
        max_connections: how many connections there are at most to each origin.
        max_response_bytes: the largest body that is accepted, counted after decompression.
        verify: as httpx takes it.
        proxy: as httpx takes it, in which there may be a password; `None` for that of the environment.
        transport: the library that sends.
        on_request: called with each attempt's request.
        on_response: called with each attempt's response.
        http_client: the caller's own client of httpx, which sends instead.
        auth: the caller's own authentication of httpx.
    """

    base_url: BaseURL
    max_connections: int
    max_response_bytes: int
    verify: Any
    proxy: Secret[Any] | None
    transport: Literal["httpx", "aiohttp"]
    on_request: Callable[[Any], Any] | None
    on_response: Callable[[Any], Any] | None
    http_client: Any
    auth: httpx.Auth | None

    def __repr__(self) -> str:
        return f"<ConnectionSettings {self.base_url.origin}{self.base_url.prefix}>"


class Transport(ABC, Generic[P]):
    """The connections of one client and all its copies: a pool for each origin."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._tls: ssl.SSLContext | None = None
        self._main = self._open(settings.base_url)
        self._others: dict[str, P] = {}

    @abstractmethod
    def _open(self, origin: BaseURL) -> P:
        """Make a pool of connections to an origin."""

    def _pool(self, url: str) -> P:
        """Return the pool of an origin that need not be that of the API: to log in."""
        origin = origin_of(url)
        if origin.origin == self._settings.base_url.origin:
            return self._main
        known = self._others.get(origin.origin)
        # Two threads may both get here; the one that comes second takes what the first one made.
        return known or self._others.setdefault(origin.origin, self._open(origin))

    def _httpx_options(self, origin: BaseURL) -> dict[str, Any]:
        """The arguments of a transport of httpx that holds one connection."""
        import httpx

        proxy = self._proxy(origin)
        return {
            "verify": self._context(origin, proxy),
            "limits": httpx.Limits(max_connections=1, max_keepalive_connections=1),
            "proxy": None if proxy is None else _httpx_proxy(proxy.reveal()),
        }

    def _proxy(self, origin: BaseURL) -> Secret[Any] | None:
        # Looked up again: the environment may have changed since the client was made.
        return proxy_for(origin, self._settings.proxy, self._settings.transport)

    def _context(self, origin: BaseURL, proxy: Secret[Any] | None) -> ssl.SSLContext | None:
        """Return the TLS context for connections to an origin; `None` where TLS is spoken nowhere on the way."""
        if origin.scheme != "https" and (proxy is None or not proxy_address(proxy).origin.startswith("https://")):
            return None
        if self._tls is None:
            from .tls import context_for

            self._tls = context_for(self._settings.verify)
        return self._tls

    def _failed(self, error: Exception, url: str, attempt: Attempt) -> RawResponse | TransportFailure:
        """Return what came of an attempt that ended with an exception, or raise it if it is the caller's to see."""
        if isinstance(error, (DecodeError, ResponseTooLargeError)):
            raise _with_response(error, cast("RawResponse", attempt.partial_response())) from None
        from .failures import Carried, is_transport_error, transport_failure  # most calls do not fail

        if isinstance(error, Carried):
            raise error.error from error.error.__cause__
        if not is_transport_error(error):
            raise error
        return attempt.error_response() or transport_failure(error, attempt, self._route(url))

    def _route(self, url: str) -> str:
        """Where a request goes, for an error message: its origin, and the proxy of ours on the way there."""
        origin = origin_of(url)
        proxy = None if self._settings.http_client is not None else self._proxy(origin)
        return origin.origin if proxy is None else f"{origin.origin} through the proxy {proxy_address(proxy).origin}"

    def prepare(self) -> None:
        """Load the certificates for connections to the API; may be called in a thread."""
        if self._settings.http_client is None:
            origin = self._settings.base_url
            self._context(origin, self._proxy(origin))


def _with_response(error: DecodeError | ResponseTooLargeError, response: RawResponse) -> PatchworksError:
    """Return an error of a body with the call and the answer that it belongs to."""
    message = f"{response.request.method} {response.request.url.path}: {error}"
    if isinstance(error, ResponseTooLargeError):
        return ResponseTooLargeError(message)
    return DecodeError(message, response=response.as_httpx())


def _httpx_proxy(proxy: Any) -> httpx.Proxy:
    import httpx

    # An `httpx.Proxy` is taken as it is; it does not show its password.
    return httpx.Proxy(proxy) if isinstance(proxy, str | httpx.URL) else cast("httpx.Proxy", proxy)
