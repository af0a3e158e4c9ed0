"""The queue in which the requests of a client wait for their turn: first come, first served."""

from __future__ import annotations

import math
from bisect import insort
from functools import partial
from itertools import count
from operator import attrgetter
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from .. import _clock
from .._generator_flow import Wait
from .pace import Pace
from .steps import AskFleet, AwaitTurn, Place, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .._clock import Deadline
    from .budget import Budget
    from .fleet_budget import FleetBudget

# What is read ahead shall be asked for within so many seconds.
READ_AHEAD_S = 2.0
# Where a call has no deadline, its pauses add up to so many seconds at most.
MAX_PAUSES_S = 300.0

_by_number = attrgetter("number")


class NoRoom(Exception):
    """A wait that does not fit into what is left of a call's time.

    Attributes:
        waiting: the wait.
    """

    def __init__(self, waiting: Waiting) -> None:
        super().__init__()
        self.waiting = waiting


class LimitState(NamedTuple):
    """What the limits of a client are at, as `pw.limits` tells it.

    Attributes:
        remaining: how many requests may go out at once, by the budget of `rate=` or else by the server's last answer;
            `None` if neither says.
        pause: the seconds for which no request goes out because of a 429; 0 if there is no pause.
        rate: the requests a second that go out at most; `None` if nothing is held back.
        read_ahead: how many pages of a list are fetched ahead at most; `None` if nothing is held back.
        under_way: how many requests are.
        waiting: how many requests wait for their turn.
        fleet: whether the fleet's Redis is in use; `None` without a fleet.
    """

    remaining: int | None
    pause: float
    rate: float | None
    read_ahead: int | None
    under_way: int
    waiting: int
    fleet: bool | None


Step: TypeAlias = Wait | AwaitTurn | AskFleet


class Limiter:
    """Shared by all calls of a client and its copies, in all its tasks and threads.

    Args:
        budget: of this client alone.
        fleet: shared with other processes.
    """

    def __init__(self, budget: Budget | None = None, fleet: FleetBudget | None = None) -> None:
        self._budget = budget
        self._fleet = fleet
        self._pace = Pace()
        self._cause: object = None
        self._queue: list[Place] = []
        self._numbers = count()
        # A coroutine that nobody awaits is collected anywhere, also in here, and leaves the queue then.
        self._lock = RLock()
        self._closed = False

    def place(self) -> Place:
        """A place for a call, behind those of all others."""
        return Place(next(self._numbers))

    def admit(self, place: Place, deadline: Deadline, told: Callable[[Waiting], object]) -> Generator[Step, Any, None]:
        """The steps until a request of a call may go out. It is under way from then on, until `end`.

        Args:
            place: of the call.
            deadline: of the call.
            told: called with the wait, if there is one.

        Raises:
            NoRoom: the wait does not fit into the call's time.
        """
        if self._fleet is None and self._admit_at_once(place):
            return
        with self._lock:
            insort(self._queue, place, key=_by_number)
        try:
            said, earliest = False, 0.0
            while not self._closed:
                place.reset()
                # After a wait it is at least so late, whatever a clock says that stands still.
                now = max(_clock.now(), earliest)
                waiting, step = self._next_step(place, now)
                if waiting is None and self._fleet is not None:
                    waiting, step = yield from self._ask_fleet(self._fleet, deadline)
                if waiting is None:
                    with self._lock:
                        self._send(place)
                    return
                if self._does_not_fit(waiting, place, deadline):
                    raise NoRoom(waiting)
                if not said and waiting.seconds > 0:
                    said = True
                    told(waiting)
                yield step
                if isinstance(step, Wait):
                    earliest = now + step.seconds
        finally:
            with self._lock:
                self._queue.remove(place)
                self._call_up_first()

    def end(self, place: Place) -> None:
        """The request of a call is under way no more, whatever came of it."""
        if place.sent_at is None:
            return
        with self._lock:
            place.sent_at = None
            self._pace.ended()
            self._call_up_first()

    def answered(self, place: Place, remaining: int | None, limit: int | None) -> None:
        """The request of a call was answered, and not with a 429: it is under way no more."""
        with self._lock:
            sent_at, place.sent_at = place.sent_at or 0.0, None
            self._pace.ended()
            self._pace.answered(sent_at, remaining, limit)
            if remaining is not None:
                self._observe(remaining)
            self._call_up_first()

    def pause(self, place: Place, sent_at: float, seconds: float, cause: object) -> Generator[Step, Any, None]:
        """Let no request out for so many seconds, because of the 429 of a call.

        Args:
            place: of the call.
            sent_at: when the request had been sent that was refused.
            seconds: how long.
            cause: the 429.
        """
        with self._lock:
            now = _clock.now()
            if now + seconds > self._pace.paused_until:
                self._cause = cause
            self._pace.refused(sent_at, now, seconds)
            place.meet_pause(self._pace.paused_until, now)
            # Some have no time for that.
            for other in self._queue:
                other.call_up()
        if self._fleet is not None:
            yield AskFleet(partial(self._fleet.pause, seconds))

    def close(self) -> None:
        """Let every request out, to find that the client was closed."""
        with self._lock:
            self._closed = True
            for place in self._queue:
                place.call_up()

    @property
    def cause(self) -> object:
        """The 429 because of which requests wait; `None` if that is not why they do."""
        return self._cause if self._pace.rate(_clock.now()) is not None else None

    def read_ahead(self) -> int | None:
        """How many pages are fetched ahead at most; `None` if nothing is held back."""
        now = _clock.now()
        rates = [rate for rate in (self._pace.rate(now), self._own_rate()) if rate is not None]
        depths = [int(min(rates) * READ_AHEAD_S)] if rates else []
        if self._pace.credit is not None:
            depths.append(self._pace.credit)
        return max(1, min(depths)) if depths else None

    def state(self) -> LimitState:
        """What the limits are at."""
        now = _clock.now()
        with self._lock:
            rates = [rate for rate in (self._pace.rate(now), self._own_rate()) if rate is not None]
            credit = self._pace.credit
            return LimitState(
                self._budget.remaining(now) if self._budget is not None else None if credit is None else max(0, credit),
                max(0.0, self._pace.paused_until - now),
                min(rates) if rates else None,
                self.read_ahead(),
                self._pace.under_way,
                len(self._queue),
                None if self._fleet is None else self._fleet.connected,
            )

    def _own_rate(self) -> float | None:
        return None if self._budget is None else 1 / self._budget.rate.interval_s

    def _admit_at_once(self, place: Place) -> bool:
        """Whether nothing holds a request back, which is then under way."""
        with self._lock:
            free = not self._queue and self._delay(_clock.now())[1] <= 0
            if free:
                self._send(place)
            return free

    def _send(self, place: Place) -> None:
        place.sent_at = now = _clock.now()
        self._pace.sent(now)
        if self._budget is not None:
            self._budget.take(now)

    def _delay(self, now: float) -> tuple[str, float, bool]:
        """Why and how long the first of the queue waits, and whether an answer may let it out earlier."""
        seconds, early = self._pace.delay(now)
        reason = "pause" if now < self._pace.paused_until else "pace"
        own = 0.0 if self._budget is None else self._budget.delay(now)
        return ("budget", own, False) if own > seconds else (reason, seconds, early)

    def _does_not_fit(self, waiting: Waiting, place: Place, deadline: Deadline) -> bool:
        if deadline.at is None:
            return waiting.reason == "pause" and place.paused > MAX_PAUSES_S
        return not deadline.allows(0.0 if math.isinf(waiting.seconds) else waiting.seconds)

    def _next_step(self, place: Place, now: float) -> tuple[Waiting | None, Step]:
        """What a request has to wait for, and how; `None` if it may go out."""
        with self._lock:
            reason, seconds, early = self._delay(now)
            place.meet_pause(self._pace.paused_until, now)
            position = self._queue.index(place)
            if position:
                if self._budget is not None:
                    own = self._budget.delay(now, position)
                    if own >= seconds:
                        reason, seconds = "budget", own
                early = True
                known = None
            else:
                if seconds <= 0:
                    return None, Wait(0.0)
                known = None if math.isinf(seconds) else seconds
            cause = self._cause if reason == "pause" else None
            return Waiting(reason, seconds, cause), AwaitTurn(place, known) if early else Wait(seconds)

    def _ask_fleet(self, fleet: FleetBudget, deadline: Deadline) -> Generator[Step, Any, tuple[Waiting | None, Step]]:
        seconds: float = yield AskFleet(partial(fleet.request, deadline.remaining()))
        if seconds <= 0:
            return None, Wait(0.0)
        return Waiting("budget", seconds, None), Wait(seconds)

    def _observe(self, remaining: int) -> None:
        if self._fleet is not None:
            self._fleet.observe(remaining)
        elif self._budget is not None:
            self._budget.observe(remaining, _clock.now())

    def _call_up_first(self) -> None:
        if self._queue:
            self._queue[0].call_up()
