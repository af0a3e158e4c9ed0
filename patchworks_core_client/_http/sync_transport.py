"""One attempt of the synchronous client; does what `_async` does, step for step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import httpx

from .._errors import DecodeError, ResponseTooLargeError
from .._session.retry import Failure
from .attempt_result import Flight, Lost, Raw
from .body import Body
from .connect import Maker, client_send, holds_surplus
from .failures import is_loss, lost
from .messages import build, told_of, whole_response
from .sync_pool import SyncLane, SyncLanes
from .urls import parse_base_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .._client.config import Config
    from .._clock import Deadline
    from .messages import Steps
    from .request import HeaderPairs, Prepared
    from .urls import BaseURL


class _StepsUntil(dict[str, "float | None"]):
    """Time-outs of steps that get shorter as a deadline comes nearer: httpcore asks for each when its step begins."""

    def __init__(self, steps: Steps, deadline: Deadline) -> None:
        super().__init__(steps)
        self._deadline = deadline

    def __getitem__(self, step: str) -> float | None:
        seconds, remaining = super().__getitem__(step), self._deadline.remaining()
        return seconds if remaining is None else remaining if seconds is None else min(seconds, remaining)

    def get(self, step: str, default: Any = None) -> Any:
        return self[step] if step in self else default  # noqa: SIM401 - that would come back here


class SyncWire:
    """The connections of one synchronous client and all its copies."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._make = Maker(config)
        self._main = self._open(config.base_url)
        self._others: dict[str, SyncLanes] = {}

    def _open(self, origin: BaseURL) -> SyncLanes:
        client = self._config.http_client
        if client is not None:
            send = client_send(client)
            return SyncLanes(lambda: SyncLane(send), limit=None)

        def lane() -> SyncLane:
            transport = self._make.synchronous(origin)
            return SyncLane(transport.handle_request, transport)

        return SyncLanes(lane, self._config.max_connections)

    def _lanes(self, url: httpx.URL) -> SyncLanes:
        """The lanes to an origin that need not be that of the API: to log in."""
        origin = parse_base_url(f"{url.scheme}://{url.netloc.decode()}", "the URL")
        if origin.origin == self._config.base_url.origin:
            return self._main
        known = self._others.get(origin.origin)
        # Two threads may both get here; the one that comes second takes what the first one made.
        return known or self._others.setdefault(origin.origin, self._open(origin))

    def exchange(
        self,
        prepared: Prepared,
        extra: HeaderPairs,
        steps: Steps,
        flight: Flight,
        deadline: Deadline,
        *,
        login: bool = False,
    ) -> Raw | Lost:
        """Make one attempt; arguments as in `AsyncWire.exchange`, and when the call has to be over."""
        steps = _StepsUntil(steps, deadline)
        request = flight.request = build(prepared, extra, steps, self._config.http_client)
        if login:
            return self._once(self._lanes(request.url), request, flight, deadline)
        auth = self._config.credentials.auth
        if auth is not None:
            return self._with_auth(auth, request, flight, deadline)
        return self._hooked(self._main, request, flight, deadline)

    def _with_auth(self, auth: httpx.Auth, request: httpx.Request, flight: Flight, deadline: Deadline) -> Raw | Lost:
        # httpx's own client would read the answers in between without a limit.
        steps = request.extensions["timeout"]
        flow = auth.sync_auth_flow(request)
        try:
            request = next(flow)
            while True:
                request.extensions["timeout"] = steps
                outcome = self._hooked(self._lanes(request.url), request, flight, deadline)
                if isinstance(outcome, Lost):
                    return outcome
                try:
                    request = flow.send(whole_response(outcome, request))
                except StopIteration:
                    return outcome
        finally:
            flow.close()

    def _hooked(self, lanes: SyncLanes, request: httpx.Request, flight: Flight, deadline: Deadline) -> Raw | Lost:
        config = self._config
        if config.on_request is not None:
            request.read()
            config.on_request(request)
        outcome = self._once(lanes, request, flight, deadline)
        if config.on_response is not None and isinstance(outcome, Raw):
            config.on_response(whole_response(outcome, request))
        return outcome

    def _once(self, lanes: SyncLanes, request: httpx.Request, flight: Flight, deadline: Deadline) -> Raw | Lost:
        try:
            lane = lanes.acquire(request.extensions["timeout"]["pool"])
        except httpx.PoolTimeout as error:
            return lost(error, flight, self._make.way(request.url))
        flight.launch(request, warm=lane.warm, own=lane.transport is not None)
        if not flight.sent:
            request.extensions["trace"] = flight.trace
        lane.warm = False
        try:
            outcome = self._on_lane(lane, request, flight, deadline)
        finally:
            # Else each keeps the other alive, and the body with them, until the garbage collector comes by.
            request.extensions.pop("trace", None)
            if lane.warm:
                stale = lanes.give_back(lane)
                if stale is not None:
                    stale.close()
            else:
                lanes.discard(lane)
        return outcome

    def _on_lane(self, lane: SyncLane, request: httpx.Request, flight: Flight, deadline: Deadline) -> Raw | Lost:
        whole = False
        try:
            response = lane.send(request)
            flight.status, flight.headers = response.status_code, response.headers
            try:
                body = flight.body = Body(response.status_code, response.headers, self._config.max_response_bytes)
                for chunk in cast("Iterable[bytes]", response.stream):
                    if not body.feed(chunk):
                        break
                    if deadline.remaining() == 0.0:
                        return flight.refusal() or Lost(Failure.BROKEN, "the answer took too long", timed_out=True)
                else:
                    whole = True
            finally:
                response.close()
            content = body.end()
        except (DecodeError, ResponseTooLargeError) as error:
            raise told_of(error, cast("Raw", flight.answer())) from None
        except Exception as error:
            if not is_loss(error):
                raise
            refusal = flight.refusal()
            return lost(error, flight, self._make.way(request.url)) if refusal is None else refusal
        # Only now: a call that is interrupted while the answer is closed leaves a connection that nobody can use again.
        lane.warm = whole and not (lane.transport is not None and holds_surplus(lane.transport))
        return Raw(response.status_code, response.headers, content, request)

    def close(self) -> None:
        """Close all connections."""
        for lanes in (self._main, *self._others.values()):
            lanes.close()
