"""One attempt of the asynchronous client: sends a request, reads the answer, and says what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import httpx

from .._errors import DecodeError, ResponseTooLargeError
from .async_pool import AsyncLane, AsyncLanes
from .attempt_result import Flight, Lost, Raw
from .body import Body
from .connect import Maker, client_send, holds_surplus
from .failures import is_loss, lost
from .messages import build, told_of, whole_response
from .urls import parse_base_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterable

    from .._client.config import Config
    from .messages import Steps
    from .request import HeaderPairs, Prepared
    from .urls import BaseURL


class AsyncWire:
    """The connections of one asynchronous client and all its copies."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._make = Maker(config)
        self._shared: list[httpx.AsyncBaseTransport] = []
        self._main = self._open(config.base_url)
        self._others: dict[str, AsyncLanes] = {}

    def _open(self, origin: BaseURL) -> AsyncLanes:
        client = self._config.http_client
        if client is not None:
            send = client_send(client)
            return AsyncLanes(lambda: AsyncLane(send), limit=None)
        limit = self._config.max_connections
        if self._config.transport == "aiohttp":
            send, transport = self._make.aiohttp(origin)
            self._shared.append(transport)
            return AsyncLanes(lambda: AsyncLane(send), limit)

        def lane() -> AsyncLane:
            transport = self._make.asynchronous(origin)
            return AsyncLane(transport.handle_async_request, transport)

        return AsyncLanes(lane, limit)

    def _lanes(self, url: httpx.URL) -> AsyncLanes:
        """The lanes to an origin that need not be that of the API: to log in."""
        origin = parse_base_url(f"{url.scheme}://{url.netloc.decode()}", "the URL")
        if origin.origin == self._config.base_url.origin:
            return self._main
        if origin.origin not in self._others:
            self._others[origin.origin] = self._open(origin)
        return self._others[origin.origin]

    async def exchange(
        self, prepared: Prepared, extra: HeaderPairs, steps: Steps, flight: Flight, *, login: bool = False
    ) -> Raw | Lost:
        """Make one attempt.

        Args:
            prepared: the request.
            extra: headers besides its own, the credential among them.
            steps: the time-outs of its steps, in seconds.
            flight: is kept up to date, for the case that this is cancelled.
            login: whether it is a login: at another origin perhaps, and unseen by hooks.
        """
        request = flight.request = build(prepared, extra, steps, self._config.http_client)
        if login:
            return await self._once(self._lanes(request.url), request, flight)
        auth = self._config.credentials.auth
        if auth is not None:
            return await self._with_auth(auth, request, flight)
        return await self._hooked(self._main, request, flight)

    async def _with_auth(self, auth: httpx.Auth, request: httpx.Request, flight: Flight) -> Raw | Lost:
        # httpx's own client would read the answers in between without a limit.
        steps = request.extensions["timeout"]
        flow = auth.async_auth_flow(request)
        try:
            request = await anext(flow)
            while True:
                request.extensions["timeout"] = steps
                outcome = await self._hooked(self._lanes(request.url), request, flight)
                if isinstance(outcome, Lost):
                    return outcome
                try:
                    request = await flow.asend(whole_response(outcome, request))
                except StopAsyncIteration:
                    return outcome
        finally:
            await flow.aclose()

    async def _hooked(self, lanes: AsyncLanes, request: httpx.Request, flight: Flight) -> Raw | Lost:
        config = self._config
        if config.on_request is not None:
            request.read()
            await _finish(config.on_request(request))
        outcome = await self._once(lanes, request, flight)
        if config.on_response is not None and isinstance(outcome, Raw):
            await _finish(config.on_response(whole_response(outcome, request)))
        return outcome

    async def _once(self, lanes: AsyncLanes, request: httpx.Request, flight: Flight) -> Raw | Lost:
        try:
            lane = await lanes.acquire(request.extensions["timeout"]["pool"])
        except httpx.PoolTimeout as error:
            return lost(error, flight, self._make.way(request.url))
        flight.launch(request, warm=lane.warm, own=lane.transport is not None)
        if not flight.sent:
            request.extensions["trace"] = flight.atrace
        lane.warm = False
        try:
            outcome = await self._on_lane(lane, request, flight)
        finally:
            # Else each keeps the other alive, and the body with them, until the garbage collector comes by.
            request.extensions.pop("trace", None)
            if lane.warm:
                stale = lanes.give_back(lane)
                if stale is not None:
                    await stale.aclose()
            else:
                await lanes.discard(lane)
        return outcome

    async def _on_lane(self, lane: AsyncLane, request: httpx.Request, flight: Flight) -> Raw | Lost:
        whole = False
        try:
            response = await lane.send(request)
            flight.status, flight.headers = response.status_code, response.headers
            try:
                body = flight.body = Body(response.status_code, response.headers, self._config.max_response_bytes)
                async for chunk in cast("AsyncIterable[bytes]", response.stream):
                    if not body.feed(chunk):
                        break
                else:
                    whole = True
            finally:
                await response.aclose()
            content = body.end()
        except (DecodeError, ResponseTooLargeError) as error:
            raise told_of(error, cast("Raw", flight.answer())) from None
        except Exception as error:
            if not is_loss(error):
                raise
            refusal = flight.refusal()
            return lost(error, flight, self._make.way(request.url)) if refusal is None else refusal
        # Only now: a call that is cancelled while the answer is closed leaves a connection that nobody can use again.
        lane.warm = whole and not (lane.transport is not None and holds_surplus(lane.transport))
        return Raw(response.status_code, response.headers, content, request)

    async def aclose(self) -> None:
        """Close all connections."""
        for lanes in (self._main, *self._others.values()):
            await lanes.aclose()
        shared, self._shared = self._shared, []
        for transport in shared:
            await transport.aclose()


async def _finish(result: Any) -> None:
    # A hook may be a plain function.
    if hasattr(result, "__await__"):
        await result
