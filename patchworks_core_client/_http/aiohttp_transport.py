"""Sending with aiohttp, by way of httpx-aiohttp: needs the extra of that name."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx

from .._errors import PatchworksError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Mapping

    import aiohttp

    Send = Callable[[httpx.Request], Awaitable[httpx.Response]]
    Trace = Callable[[str, Mapping[str, Any]], Awaitable[None]]


def make_send(context: ssl.SSLContext, proxy: httpx.Proxy | None, max_connections: int) -> tuple[Send, Any]:
    """The function that sends, on so many connections, and the transport that is to be closed.

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

    # httpx-aiohttp knows nothing of the `trace` extension, by which an attempt learns whether its request went out.
    watch = aiohttp.TraceConfig(trace_config_ctx_factory=_Context)
    watch.on_request_start.append(_on_start)
    watch.on_request_headers_sent.append(_on_sent)

    def session() -> aiohttp.ClientSession:
        # Made when first used, since it belongs to a loop. Its own cookie jar would send back what a server set,
        # which the client does with no other transport.
        connector = aiohttp.TCPConnector(limit=max_connections, ssl=context)
        made = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[watch])
        # It would send GET, PUT and DELETE twice by itself: unseen by hooks, logs and `max_retries`. There is no public
        # way to turn that off; a test counts the requests that arrive.
        made._retry_connection = False  # pyright: ignore[reportPrivateUsage]
        return made

    transport = AiohttpTransport(verify=context, proxy=proxy, client=session)

    async def send(request: httpx.Request) -> httpx.Response:
        steps = request.extensions["timeout"]
        # aiohttp bounds reading, but not writing: a server that takes nothing would hold a call for ever.
        bound = None if steps["write"] is None or steps["read"] is None else steps["write"] + steps["read"]
        try:
            async with asyncio.timeout(None) as timer:
                sending = _Sending(request.extensions["trace"], timer, bound)
                _sending.set(sending)
                try:
                    return await transport.handle_async_request(request)
                finally:
                    sending.end()
        except TimeoutError:
            raise httpx.WriteTimeout("") from None

    return send, transport


class _Sending:
    """A request on its way, as its own session of aiohttp is told of it."""

    method = b""

    def __init__(self, trace: Trace, timer: asyncio.Timeout, bound: float | None) -> None:
        self.trace = trace
        self.timer = timer
        self.bound = bound

    def end(self) -> None:
        """Let go of the call. Nothing is told any more: headers are sent before there can be an answer.

        Connections keep the context in which they were made, and this with it: of 50 pages that were read, 29 were in
        memory at once, and now 8 are.
        """
        del self.trace, self.timer


_sending: ContextVar[_Sending] = ContextVar("patchworks_core_client_sending")


class _Context(SimpleNamespace):
    """What a session of aiohttp makes of each request that it traces."""

    def __init__(self, trace_request_ctx: object = None) -> None:
        super().__init__(sending=_sending.get())


async def _on_start(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
    await context.sending.trace("aiohttp.connect.started", {})


async def _on_sent(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
    sending: _Sending = context.sending
    await sending.trace("aiohttp.send_request_headers.started", {"request": sending})
    if sending.bound is not None:
        sending.timer.reschedule(asyncio.get_running_loop().time() + sending.bound)
