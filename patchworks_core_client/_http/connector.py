"""Makes the connections of the pools, directly or through a proxy, with the arguments that a client was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .proxies import proxy_address, proxy_for
from .tls import context_for
from .urls import origin_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from .async_connections import AsyncConnection
    from .connection_settings import ConnectionSettings
    from .sync_connections import Connection
    from .urls import BaseURL


class Connector:
    """Makes connections to the origins that a client talks to."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._contexts: dict[bool, ssl.SSLContext] = {}
        self._sessions: list[Any] = []

    def asynchronous(self, origin: BaseURL) -> Callable[[], AsyncConnection]:
        """Return what makes connections of the asynchronous client."""
        settings = self._settings
        if settings.transport == "aiohttp":
            from .aiohttp_connection import AiohttpSession

            proxy = self._proxy(origin)
            session = AiohttpSession(self._context(origin, proxy), None if proxy is None else proxy_address(proxy))
            self._sessions.append(session)
            return session.connection
        from .async_connections import AsyncClientConnection, AsyncHTTPXConnection

        if settings.http_client is not None:
            return lambda: AsyncClientConnection(settings.http_client)

        import httpx

        return lambda: AsyncHTTPXConnection(httpx.AsyncHTTPTransport(**self._transport_options(origin)))

    def synchronous(self, origin: BaseURL) -> Callable[[], Connection]:
        """Return what makes connections of the synchronous client."""
        from .sync_connections import ClientConnection, HTTPXConnection

        settings = self._settings
        if settings.http_client is not None:
            return lambda: ClientConnection(settings.http_client)

        import httpx

        return lambda: HTTPXConnection(httpx.HTTPTransport(**self._transport_options(origin)))

    def _transport_options(self, origin: BaseURL) -> dict[str, Any]:
        """The arguments of a transport of httpx that holds one connection."""
        import httpx

        proxy = self._proxy(origin)
        return {
            "verify": self._context(origin, proxy),
            "limits": httpx.Limits(max_connections=1, max_keepalive_connections=1),
            "proxy": httpx.Proxy(proxy) if isinstance(proxy, (str, httpx.URL)) else proxy,
        }

    def prepare(self, origin: BaseURL) -> None:
        """Load the certificates for connections to an origin; may be called in a thread."""
        if self._settings.http_client is None:
            self._context(origin, self._proxy(origin))

    def route(self, url: str) -> str:
        """Return where a request goes, for an error message: its origin, and the proxy of ours on the way there."""
        origin = origin_of(url)
        proxy = None if self._settings.http_client is not None else self._proxy(origin)
        return origin.origin if proxy is None else f"{origin.origin} through the proxy {proxy_address(proxy).origin}"

    def _proxy(self, origin: BaseURL) -> Any:
        # Looked up again: the environment may have changed since the client was made.
        return proxy_for(origin, self._settings.proxy, self._settings.transport)

    def _context(self, origin: BaseURL, proxy: Any) -> ssl.SSLContext:
        needed = origin.scheme == "https" or (proxy is not None and proxy_address(proxy).origin.startswith("https://"))
        context = self._contexts.get(needed)
        if context is None:
            context = self._contexts[needed] = context_for(self._settings.verify, needed=needed)
        return context

    async def aclose(self) -> None:
        """Close what connections share."""
        sessions, self._sessions = self._sessions, []
        for session in sessions:
            await session.aclose()
