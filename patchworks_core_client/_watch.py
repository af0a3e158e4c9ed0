"""Watches a call for those who asked to see it: in the log, or in a trace; costs nothing if nobody did."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING

from . import _clock, _log, _otel

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import Self

    from ._outcome import Lost, Raw
    from ._request import HeaderPairs, Prepared


def is_wanted() -> bool:
    """Whether anybody wants to see the attempts of calls."""
    return _log.attempts.isEnabledFor(logging.DEBUG) or _otel.is_on()


def whole_call(prepared: Prepared) -> AbstractContextManager[None]:
    """To be entered for the length of a call."""
    return _otel.call_span(prepared) if _otel.is_on() else nullcontext()


class AttemptWatch:
    """Watches one attempt: a context manager, to be entered for its length.

    Attributes:
        headers: to be sent with it, so that the server's part of a trace can be joined to ours.
        outcome: what came of it, to be set before the end; `None` stays if it was broken off.
    """

    def __init__(self, prepared: Prepared, number: int) -> None:
        self._prepared = prepared
        self._number = number
        self._span = _otel.AttemptSpan(prepared, number) if _otel.is_on() else None
        self.headers: HeaderPairs = () if self._span is None else self._span.headers
        self.outcome: Raw | Lost | None = None

    def __enter__(self) -> Self:
        self._began = _clock.now()
        return self

    def __exit__(self, *_: object) -> None:
        if self._span is not None:
            self._span.end(self.outcome)
        seconds = _clock.now() - self._began
        _log.attempt(self._prepared.method, self._prepared.template, self.outcome, seconds, self._number)
