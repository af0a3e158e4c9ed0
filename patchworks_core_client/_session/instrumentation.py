"""Watches a call for those who asked to see it: in the log, or in a trace; costs nothing if nobody did."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING

from .. import _clock
from . import logs, tracing

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Self

    from .._http.attempt_result import RawResponse, TransportFailure
    from .._http.request import HeaderPairs, Prepared


def enabled() -> bool:
    """Whether anybody wants to see the attempts of calls."""
    return logs.attempts.isEnabledFor(logging.DEBUG) or tracing.is_on()


def whole_call(prepared: Prepared) -> AbstractContextManager[None]:
    """To be entered for the length of a call."""
    return tracing.call_span(prepared) if tracing.is_on() else nullcontext()


class AttemptWatch:
    """Watches one attempt: a context manager, to be entered for its length.

    Attributes:
        headers: to be sent with it, so that the server's part of a trace can be joined to ours.
        outcome: what came of it, to be set before the end; `None` stays if it was broken off.
    """

    def __init__(self, prepared: Prepared, number: int) -> None:
        self._prepared = prepared
        self._number = number
        self._span = tracing.AttemptSpan(prepared, number) if tracing.is_on() else None
        self.headers: HeaderPairs = () if self._span is None else self._span.headers
        self.outcome: RawResponse | TransportFailure | None = None

    def __enter__(self) -> Self:
        self._began = _clock.now()
        return self

    def __exit__(self, *_: object) -> None:
        if self._span is not None:
            self._span.end(self.outcome)
        seconds = _clock.now() - self._began
        logs.attempt(self._prepared.method, self._prepared.template, self.outcome, seconds, self._number)
