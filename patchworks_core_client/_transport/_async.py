"""One attempt of the asynchronous client: sends a request, reads the answer, and says what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from .._outcome import Flight, Lost, Raw
from ._body import Body
from ._failures import lost
from ._lanes import AsyncLane, AsyncLanes, transport_lane
from ._messages import build
from ._tls import context_for

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from .._config import Config
    from .._request import Prepared

Steps = "Mapping[str, float | None]"


class AsyncWire:
    """The connections of one asynchronous client and all its copies."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._tls: dict[str, ssl.SSLContext] = {}
        self._main = AsyncLanes(self._lane, config.max_connections)

    def _lane(self) -> AsyncLane:
        config = self._config
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        transport = httpx.AsyncHTTPTransport(verify=self._context(config.base_url.scheme), limits=limits)
        return transport_lane(transport)

    def _context(self, scheme: str) -> ssl.SSLContext:
        context = self._tls.get(scheme)
        if context is None:
            context = self._tls[scheme] = context_for(scheme, self._config.verify, proxied=False)
        return context

    async def exchange(
        self, prepared: Prepared, authorization: bytes | None, steps: Mapping[str, float | None], flight: Flight
    ) -> Raw | Lost:
        """Make one attempt.

        Args:
            prepared: the request.
            authorization: the credential, as the header's value.
            steps: the time-outs of its steps, in seconds.
            flight: is kept up to date, for the case that this is cancelled.
        """
        request = build(prepared, authorization)
        request.extensions["timeout"] = steps
        flight.request = request
        try:
            lane = await self._main.acquire(steps["pool"])
        except httpx.PoolTimeout as error:
            return lost(error, flight)
        healthy = False
        try:
            outcome = await self._on_lane(lane, request, flight)
            healthy = isinstance(outcome, Raw)
            return outcome
        finally:
            if healthy:
                stale = self._main.give_back(lane)
                if stale is not None:
                    await stale.aclose()
            else:
                await self._main.discard(lane)

    async def _on_lane(self, lane: AsyncLane, request: httpx.Request, flight: Flight) -> Raw | Lost:
        flight.sent = None
        try:
            response = await lane.send(request)
            flight.status = response.status_code
            flight.headers = response.headers
            try:
                body = flight.body = Body(response.status_code, response.headers, self._config.max_response_bytes)
                async for chunk in response.stream:
                    if not body.feed(chunk):
                        break
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            refusal = flight.refusal()
            return lost(error, flight) if refusal is None else refusal
        return Raw(response.status_code, response.headers, body.end(), request)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._main.aclose()
