"""The queue in which the requests of a client wait for their turn: first come, first served."""

from __future__ import annotations

from bisect import insort
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_by_number = attrgetter("number")


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
        begins = max(now, self._paused_until)
        if until > begins:
            self.paused += until - begins
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


class AwaitTurn:
    """Step: wait until the place is called up, for `seconds` at most (`None` for however long it takes)."""

    __slots__ = ("place", "seconds")

    def __init__(self, place: Place, seconds: float | None) -> None:
        self.place = place
        self.seconds = seconds


class Waiting:
    """A wait that begins, as it is logged.

    Attributes:
        reason: `pause`, `pace` or `budget`.
        seconds: how long it takes, as far as is known.
        cause: the 429 that began a pause; `None` if another process met it.
    """

    __slots__ = ("cause", "reason", "seconds")

    def __init__(self, reason: str, seconds: float, cause: object = None) -> None:
        self.reason = reason
        self.seconds = seconds
        self.cause = cause


class NoRoom(Exception):
    """A wait that does not fit into what is left of a call's time.

    Attributes:
        waiting: the wait.
    """

    def __init__(self, waiting: Waiting) -> None:
        super().__init__()
        self.waiting = waiting


class Queue:
    """The places of those who wait, in the order of their arrival. Not safe for threads by itself."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._numbers = count()

    def place(self) -> Place:
        """A place behind those of all others, to be entered with."""
        return Place(next(self._numbers))

    def enter(self, place: Place) -> None:
        """Wait, behind those who came earlier."""
        insort(self._places, place, key=_by_number)

    def leave(self, place: Place) -> None:
        """Wait no more; the next one may look whether it is its turn."""
        self._places.remove(place)
        self.call_up_first()

    def position(self, place: Place) -> int:
        """How many are before it."""
        return self._places.index(place)

    def call_up_first(self) -> None:
        """Let the first look again whether it may go out."""
        if self._places:
            self._places[0].call_up()

    def call_up_all(self) -> None:
        """Let everybody look again, for some may have no time to wait any longer."""
        for place in self._places:
            place.call_up()

    def __len__(self) -> int:
        return len(self._places)
