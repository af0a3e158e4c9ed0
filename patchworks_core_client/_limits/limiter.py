"""What decides how long a call waits: its place in the queue, the pace of the server, and the budget."""

from __future__ import annotations

import math
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeAlias

from .. import _clock
from .._http.generator_flow import DeadlineExceeded, Wait
from .queue import AwaitTurn, NoRoom, Queue, Waiting
from .server_pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from .._clock import Deadline
    from .budget import ClientBudget
    from .limit_state import LimitState
    from .queue import Place

# What is read ahead shall be asked for within so many seconds.
READ_AHEAD_S = 2.0
# Where a call has no deadline, its pauses add up to so many seconds at most.
MAX_PAUSES_S = 300.0

Step: TypeAlias = Wait | AwaitTurn


class Limiter:
    """Shared by all calls of a client and its copies, in all its tasks and threads.

    Args:
        budget: what the client keeps, by itself or with its fleet; `None` for the pace of the server alone.
    """

    def __init__(self, budget: ClientBudget | None = None) -> None:
        self._budget = budget
        self._pace = Pace()
        self._cause: object = None
        self._queue = Queue()
        # A coroutine that nobody awaits is collected anywhere, also in here, and leaves the queue then.
        self._lock = RLock()
        self._closed = False

    def place(self) -> Place:
        """A place for a call, behind those of all others."""
        return self._queue.place()

    def admit(self, place: Place, deadline: Deadline, told: Callable[[Waiting], object]) -> Iterable[Step]:
        """The steps until a request of a call may go out. It is under way from then on, until `end`.

        Args:
            place: of the call.
            deadline: of the call.
            told: called with the wait, if there is one.

        Raises:
            NoRoom: the wait does not fit into the call's time.
        """
        return () if self._admit_at_once(place) else self._wait(place, deadline, told)

    def _wait(self, place: Place, deadline: Deadline, told: Callable[[Waiting], object]) -> Generator[Step, Any, None]:
        with self._lock:
            self._queue.enter(place)
        try:
            said, earliest = False, 0.0
            while not self._closed:
                place.reset()
                # After a wait it is at least so late, whatever a clock says that stands still.
                now = max(_clock.now(), earliest)
                turn = self._turn(place, now)
                if turn is None and self._budget is not None:
                    turn = yield from self._ask(self._budget, place, deadline, now)
                if turn is None:
                    with self._lock:
                        self._send(place)
                    return
                waiting, step = turn
                if self._does_not_fit(waiting, place, deadline):
                    raise NoRoom(waiting)
                if not said and waiting.seconds > 0:
                    said = True
                    told(waiting)
                try:
                    yield step
                except DeadlineExceeded:
                    if waiting.reason == "pace" or waiting.cause is not None:
                        raise
                    raise NoRoom(waiting) from None
                if isinstance(step, Wait):
                    earliest = now + step.seconds
        finally:
            with self._lock:
                self._queue.leave(place)

    def end(self, place: Place) -> None:
        """The request of a call is under way no more, whatever came of it."""
        if place.sent_at is None:
            return
        with self._lock:
            place.sent_at = None
            self._pace.ended()
            self._queue.call_up_first()

    def answered(self, place: Place, remaining: int | None, limit: int | None) -> None:
        """The request of a call was answered, and not with a 429: it is under way no more."""
        with self._lock:
            sent_at, place.sent_at = place.sent_at or 0.0, None
            self._pace.ended()
            self._pace.answered(sent_at, remaining, limit)
            if remaining is not None and self._budget is not None:
                self._budget.observe(remaining, sent_at)
            self._queue.call_up_first()

    def pause(self, place: Place, sent_at: float, seconds: float, cause: object) -> None:
        """Let no request out for so many seconds, because of the 429 of a call.

        Args:
            place: of the call.
            sent_at: when the request had been sent that was refused.
            seconds: how long.
            cause: the 429.
        """
        self._begin_pause(place, sent_at, seconds, cause)
        if self._budget is not None:
            self._budget.pause(seconds)

    def close(self) -> None:
        """Let every request out, to find that the client was closed."""
        with self._lock:
            self._closed = True
            self._queue.call_up_all()

    @property
    def cause(self) -> object:
        """The 429 because of which requests wait; `None` if that is not why they do."""
        return self._cause if self._pace.rate(_clock.now()) is not None else None

    def read_ahead(self) -> int | None:
        """How many pages are fetched ahead at most; `None` if nothing is held back."""
        rate = self._rate(_clock.now())
        depths = [] if rate is None else [int(rate * READ_AHEAD_S)]
        if self._pace.credit is not None:
            depths.append(self._pace.credit)
        return max(1, min(depths)) if depths else None

    def state(self) -> LimitState:
        from .limit_state import LimitState

        with self._lock:
            now, budget, credit = _clock.now(), self._budget, self._pace.credit
            left = None if budget is None else budget.left(now)
            return LimitState(
                max(0, credit) if left is None and credit is not None else left,
                max(0.0, self._pace.paused_until - now),
                self._rate(now),
                self.read_ahead(),
                self._pace.under_way,
                len(self._queue),
                None if budget is None else budget.connected,
            )

    def _rate(self, now: float) -> float | None:
        pace = self._pace.rate(now)
        own = None if self._budget is None else self._budget.rate
        if own is None:
            return pace
        return 1 / own.interval_s if pace is None else min(pace, 1 / own.interval_s)

    def _admit_at_once(self, place: Place) -> bool:
        """Whether nothing holds a request back, which is then under way."""
        budget = self._budget
        if budget is not None and budget.connected is not None:
            return False
        with self._lock:
            now = _clock.now()
            free = not self._queue and self._pace.delay(now)[0] <= 0
            if free and budget is not None:
                free = budget.answer(None, 0.0, now).wait <= 0
            if free:
                self._send(place)
            return free

    def _send(self, place: Place) -> None:
        place.sent_at = now = _clock.now()
        self._pace.sent(now)

    def _turn(self, place: Place, now: float) -> tuple[Waiting, Step] | None:
        """What a request has to wait for, and how; `None` if nothing but the budget can hold it back."""
        with self._lock:
            seconds, early = self._pace.delay(now)
            paused = now < self._pace.paused_until
            waiting = Waiting("pause", seconds, self._cause) if paused else Waiting("pace", seconds)
            place.meet_pause(self._pace.paused_until, now)
            position = self._queue.position(place)
            if position:
                own = 0.0 if self._budget is None else self._budget.delay(position, now)
                return Waiting("budget", own) if own > seconds else waiting, AwaitTurn(place, None)
            if seconds <= 0:
                return None
            known = None if math.isinf(seconds) else seconds
            return waiting, AwaitTurn(place, known) if early else Wait(seconds)

    def _ask(
        self, budget: ClientBudget, place: Place, deadline: Deadline, now: float
    ) -> Generator[Step, Any, tuple[Waiting, Step] | None]:
        """What the first of the queue has to wait for because of the budget; `None` if it may go out."""
        left = deadline.remaining()
        longest = math.inf if left is None else left
        with self._lock:
            free = budget.delay(1, now) <= 0
            asked = budget.ask(longest, now, place.call_up)
        if asked is not None:
            # The call needs some of its time for itself.
            until = now + min(budget.patience_s, longest / 2)
            while not asked.done() and (patience := until - _clock.now()) > 0:
                yield AwaitTurn(place, patience)
                place.reset()
        # It may log, which is foreign code.
        heard = budget.hear(asked)
        with self._lock:
            answer = budget.answer(heard, longest, max(now, _clock.now()))
        if answer.wait <= 0:
            return None
        if answer.pause > max(0.0, self._pace.paused_until - now) + budget.patience_s:
            # Another process met it.
            self._begin_pause(place, now, answer.pause, None)
        elif free:
            with self._lock:
                self._queue.call_up_all()
        return Waiting("pause" if answer.wait <= answer.pause else "budget", answer.wait), Wait(answer.wait)

    def _begin_pause(self, place: Place, sent_at: float, seconds: float, cause: object) -> None:
        with self._lock:
            now = _clock.now()
            if now + seconds > self._pace.paused_until:
                self._cause = cause
            self._pace.refused(sent_at, now, seconds)
            place.meet_pause(self._pace.paused_until, now)
            self._queue.call_up_all()

    def _does_not_fit(self, waiting: Waiting, place: Place, deadline: Deadline) -> bool:
        if deadline.at is None:
            return waiting.reason == "pause" and place.paused > MAX_PAUSES_S
        return not deadline.allows(0.0 if math.isinf(waiting.seconds) else waiting.seconds)
