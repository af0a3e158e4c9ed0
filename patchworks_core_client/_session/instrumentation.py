"""Instrumentation of calls: log lines and spans for those who asked for them; costs nothing if nobody did."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from .. import _clock
from . import logs, tracing

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from .._http.attempt_result import RawResponse, TransportFailure
    from .._http.request import HeaderPairs, Prepared


def enabled() -> bool:
    """Whether anybody wants to see the attempts of calls."""
    return logs.attempts.isEnabledFor(logging.DEBUG) or tracing.enabled()


class InstrumentedAttempt:
    """A context manager, to be entered for the length of one attempt.

    Args:
        prepared: the call.
        number: of the attempt, from 1.
        shown: makes text from outside safe to be shown.

    Attributes:
        headers: to be sent with it, so that the server's part of a trace can be joined to ours.
        result: what came of it, to be set before the end; `None` stays if it was broken off.
    """

    def __init__(self, prepared: Prepared, number: int, shown: Callable[[str], str]) -> None:
        self._prepared = prepared
        self._number = number
        self._shown = shown
        self._span = tracing.AttemptSpan(prepared, number) if tracing.enabled() else None
        self.headers: HeaderPairs = () if self._span is None else self._span.headers
        self.result: RawResponse | TransportFailure | None = None

    def __enter__(self) -> Self:
        if self._span is not None:
            self._span.enter()
        self._began = _clock.now()
        return self

    def __exit__(self, *_: object) -> None:
        if self._span is not None:
            self._span.end(self.result)
        logs.attempt(self._prepared, self.result, _clock.now() - self._began, self._number, self._shown)
