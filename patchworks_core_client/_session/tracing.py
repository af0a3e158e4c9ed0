"""OpenTelemetry spans: one for each call, and below it one for each attempt, alike for every transport.

Nothing has to be turned on. An application that traces has imported `opentelemetry.trace`; in one that has not, a span
would go nowhere, so none is made and nothing is imported. The URL in a span is without its query.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from .._http.attempt import TransportFailure
from .._version import __version__

if TYPE_CHECKING:
    from collections.abc import Generator

    from opentelemetry.trace import Span, Tracer

    from .._http.headers import HeaderPairs
    from .._http.request import Prepared
    from .._http.response import RawResponse
    from .._limits.queue import Waiting

S = TypeVar("S")
R = TypeVar("R")


def enabled() -> bool:
    """Whether the application traces."""
    return "opentelemetry.trace" in sys.modules


def _tracer() -> Tracer:
    from opentelemetry import trace

    return trace.get_tracer("patchworks_core_client", __version__)


def traced(prepared: Prepared, flow: Generator[S, Any, R]) -> Generator[S, Any, R]:
    """Return the steps of a call within its span, which lasts from the first to the last of them, waits included."""
    return _within_span(prepared, flow) if enabled() else flow


def _within_span(prepared: Prepared, flow: Generator[S, Any, R]) -> Generator[S, Any, R]:
    from opentelemetry.trace import Status, StatusCode

    with _tracer().start_as_current_span(
        f"patchworks {prepared.method} {prepared.template}", record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            return (yield from flow)
        except BaseException as error:
            # The type only: a message may repeat what the caller sent.
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(Status(StatusCode.ERROR))
            raise


def waits(waiting: Waiting) -> None:
    """Note on the span of the call that a request of it waits for its turn."""
    if not enabled():
        return
    from opentelemetry import trace

    attributes: dict[str, Any] = {"patchworks.wait.reason": waiting.reason}
    if math.isfinite(waiting.seconds):
        attributes["patchworks.wait.seconds"] = waiting.seconds
    trace.get_current_span().add_event("patchworks.wait", attributes)


class AttemptSpan:
    """The span of one attempt; the current one until its end, so that what else is traced nests under it.

    Attributes:
        headers: to be sent, so that the server's part of a trace can be joined to ours.
    """

    def __init__(self, prepared: Prepared, number: int) -> None:
        from opentelemetry.context import attach
        from opentelemetry.propagate import inject
        from opentelemetry.trace import SpanKind, set_span_in_context

        parts = urlsplit(prepared.url)
        attributes: dict[str, Any] = {
            "http.request.method": prepared.method,
            "url.full": f"{parts.scheme}://{parts.netloc}{parts.path}",
            "url.template": prepared.template,
            "server.address": parts.hostname or "",
            "server.port": parts.port or (443 if parts.scheme == "https" else 80),
        }
        if number > 1:
            attributes["http.request.resend_count"] = number - 1
        self._span: Span = _tracer().start_span(
            f"{prepared.method} {prepared.template}", kind=SpanKind.CLIENT, attributes=attributes
        )
        carrier: dict[str, str] = {}
        context = set_span_in_context(self._span)
        inject(carrier, context)
        self.headers: HeaderPairs = tuple((k.lower().encode(), v.encode("latin-1")) for k, v in carrier.items())
        self._token = attach(context)

    def end(self, result: RawResponse | TransportFailure | None) -> None:
        """End it with what came of the attempt; `None` if it was broken off."""
        from opentelemetry.context import detach
        from opentelemetry.trace import Status, StatusCode

        detach(self._token)
        if isinstance(result, TransportFailure):
            error: str | None = result.kind
        elif result is None:
            error = "cancelled"
        else:
            self._span.set_attribute("http.response.status_code", result.status)
            error = str(result.status) if result.status >= 400 else None
        if error is not None:
            self._span.set_attribute("error.type", error)
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()
