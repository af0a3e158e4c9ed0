"""A transport for httpx that hands requests to a sandbox in the same process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from .error_responses import CutShortError

if TYPE_CHECKING:
    from starlette.applications import Starlette


class SandboxTransport(httpx.AsyncBaseTransport):
    """Hands requests to a sandbox app without a socket; a response that is cut ends as it would on one.

    Args:
        app: what `create_app` gave.
    """

    def __init__(self, app: Starlette) -> None:
        self._inner = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        try:
            return await self._inner.handle_async_request(request)
        except CutShortError:
            message = "peer closed connection without sending complete message body"
            raise httpx.RemoteProtocolError(message, request=request) from None
