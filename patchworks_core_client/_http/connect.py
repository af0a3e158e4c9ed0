"""Makes the transports of httpx that the pools send with, directly or through a proxy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from .proxies import check_environment, environment_proxy
from .tls import context_for
from .urls import parse_base_url

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable

    from .settings import ConnectionSettings
    from .urls import BaseURL

# As in httpx. Servers close idle connections later than that.
KEEP_ALIVE_S = 5.0

# Each transport holds one connection.
_ONE = httpx.Limits(max_connections=1, max_keepalive_connections=1)


class Maker:
    """Makes transports for the origins that a client talks to, with the arguments that it was given.

    They are used without a client of httpx around them: that would add 40 us to each call, for cookies that nobody
    reads and redirects that nobody follows, and a log line with the whole URL.
    """

    def __init__(self, settings: ConnectionSettings) -> None:
        self._settings = settings
        self._contexts: dict[bool, ssl.SSLContext] = {}

    def asynchronous(self, origin: BaseURL) -> httpx.AsyncHTTPTransport:
        """A transport for one connection of the asynchronous client."""
        proxy = self._proxy(origin)
        return httpx.AsyncHTTPTransport(verify=self._context(origin, proxy), limits=_ONE, proxy=proxy)

    def aiohttp(self, origin: BaseURL) -> tuple[Callable[[httpx.Request], Awaitable[httpx.Response]], Any]:
        """The function that sends with aiohttp, on all connections, and what is to be closed."""
        from .aiohttp_transport import make_send

        proxy = self._proxy(origin)
        return make_send(self._context(origin, proxy), proxy, self._settings.max_connections)

    def synchronous(self, origin: BaseURL) -> httpx.HTTPTransport:
        """A transport for one connection of the synchronous client."""
        proxy = self._proxy(origin)
        return httpx.HTTPTransport(verify=self._context(origin, proxy), limits=_ONE, proxy=proxy)

    def route(self, url: httpx.URL) -> str:
        """Where a request goes, for an error message: its origin, and the proxy, as far as it is ours, to get there."""
        origin = _origin(url)
        proxy = None if self._settings.http_client is not None else self._proxy(parse_base_url(origin, "the URL"))
        return origin if proxy is None else f"{origin} through the proxy {_origin(proxy.url)}"

    def _proxy(self, origin: BaseURL) -> httpx.Proxy | None:
        proxy = self._settings.proxy
        if proxy is None:
            # Checked again: the environment may have changed since the client was made.
            check_environment([origin], self._settings.transport)
            proxy = environment_proxy(origin)
        return httpx.Proxy(proxy) if isinstance(proxy, (str, httpx.URL)) else proxy

    def _context(self, origin: BaseURL, proxy: httpx.Proxy | None) -> ssl.SSLContext:
        needed = origin.scheme == "https" or (proxy is not None and proxy.url.scheme == "https")
        context = self._contexts.get(needed)
        if context is None:
            context = self._contexts[needed] = context_for(self._settings.verify, needed=needed)
        return context


def _origin(url: httpx.URL) -> str:
    # What httpx calls `netloc` is without user name and password.
    return f"{url.scheme}://{url.netloc.decode()}"


def client_send(client: Any) -> Any:
    """Sends with the caller's own client: without its credential, and without following anything."""
    return partial(client.send, stream=True, auth=None, follow_redirects=False)
