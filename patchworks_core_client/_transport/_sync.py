"""slice"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from .._outcome import Flight, Lost, Raw
from ._body import Body
from ._failures import lost
from ._messages import build
from ._tls import context_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._clock import Deadline
    from .._config import Config
    from .._request import Prepared


class SyncWire:
    def __init__(self, config: Config) -> None:
        self._config = config
        limits = httpx.Limits(max_connections=config.max_connections)
        self._transport = httpx.HTTPTransport(
            verify=context_for(config.base_url.scheme, config.verify, proxied=False), limits=limits
        )

    def exchange(
        self,
        prepared: Prepared,
        authorization: bytes | None,
        steps: Mapping[str, float | None],
        flight: Flight,
        deadline: Deadline,
    ) -> Raw | Lost:
        request = build(prepared, authorization)
        request.extensions["timeout"] = steps
        flight.request = request
        flight.sent = None
        try:
            response = self._transport.handle_request(request)
            flight.status = response.status_code
            flight.headers = response.headers
            try:
                body = flight.body = Body(response.status_code, response.headers, self._config.max_response_bytes)
                for chunk in response.stream:
                    if not body.feed(chunk):
                        break
            finally:
                response.close()
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            refusal = flight.refusal()
            return lost(error, flight) if refusal is None else refusal
        return Raw(response.status_code, response.headers, body.end(), request)

    def close(self) -> None:
        self._transport.close()
