"""What the admission of a request asks its driver for, and a request's place in the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Place:
    """The place of a call in the queue of its client. It keeps it when a request of it is refused.

    Attributes:
        number: the order of arrival.
        sent_at: when the request that is under way went out; `None` while none is.
        paused: the seconds of all pauses that the call has met.
    """

    __slots__ = ("_called", "_paused_until", "_wake", "number", "paused", "sent_at")

    def __init__(self, number: int) -> None:
        self.number = number
        self.sent_at: float | None = None
        self.paused = 0.0
        self._paused_until = 0.0
        self._called = False
        self._wake: Callable[[], object] | None = None

    def meet_pause(self, until: float, now: float) -> None:
        """Count a pause, each part of it once."""
        if until > self._paused_until:
            self.paused += until - max(now, self._paused_until)
            self._paused_until = until

    def reset(self) -> None:
        """Forget that the place was called up."""
        self._called, self._wake = False, None

    def call_up(self) -> None:
        """Let the request look again whether it may go out."""
        self._called = True
        # Read once: another thread may reset it.
        wake = self._wake
        if wake is not None:
            wake()

    def when_called(self, wake: Callable[[], object]) -> None:
        """Call `wake` once the place is called up, which may have happened already."""
        self._wake = wake
        if self._called:
            wake()


class AwaitTurn(NamedTuple):
    """Step: wait until the place is called up, for `seconds` at most (`None` for however long it takes)."""

    place: Place
    seconds: float | None


class AskFleet(NamedTuple):
    """Step: call a function that blocks while it talks to Redis; gives what it returns."""

    call: Callable[[], float]


class Waiting(NamedTuple):
    """A wait that begins, as it is logged.

    Attributes:
        reason: `pause`, `pace` or `budget`.
        seconds: how long it takes, as far as is known.
        cause: the 429 that began a pause.
    """

    reason: str
    seconds: float
    cause: object
