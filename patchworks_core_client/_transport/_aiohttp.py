"""Sending with aiohttp, by way of httpx-aiohttp: needs the extra of that name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._errors import PatchworksError
from .._retry import Failure

if TYPE_CHECKING:
    import ssl

    import httpx


def make_transport(context: ssl.SSLContext, proxy: httpx.Proxy | None, max_connections: int) -> Any:
    """A transport with so many connections.

    Raises:
        PatchworksError: the extra is not installed.
    """
    try:
        import aiohttp
        from httpx_aiohttp import AiohttpTransport
    except ImportError:
        raise PatchworksError(
            'transport="aiohttp" needs an extra: pip install "patchworks-core-client[aiohttp]"'
        ) from None

    def session() -> aiohttp.ClientSession:
        # Made when first used, since it belongs to a loop. Its own cookie jar would send back what a server set,
        # which the client does with no other transport.
        connector = aiohttp.TCPConnector(limit=max_connections, ssl=context)
        made = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        # It would send GET, PUT and DELETE twice by itself: unseen by hooks, logs and `max_retries`. There is no public
        # way to turn that off; a test counts the requests that arrive.
        made._retry_connection = False
        return made

    return AiohttpTransport(verify=context, proxy=proxy, client=session)


def failure_of(error: Exception) -> tuple[Failure, bool] | None:
    """What an exception that comes from aiohttp means, and whether time was the reason; `None` for any other.

    httpx-aiohttp calls a connection that the server closed a `ConnectTimeout`. Taken by its word, that would send a
    POST twice; so the exception of aiohttp behind it decides.
    """
    origin = error if type(error).__module__.startswith("aiohttp") else error.__cause__
    if origin is None or not type(origin).__module__.startswith("aiohttp"):
        return None
    names = {kind.__name__ for kind in type(origin).__mro__}
    not_sent = names & {"ClientConnectorError", "ConnectionTimeoutError", "ClientHttpProxyError", "InvalidURL"}
    return Failure.NOT_SENT if not_sent else Failure.BROKEN, "ServerTimeoutError" in names
