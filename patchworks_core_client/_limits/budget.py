"""The budget of a rate: when the next request may go out, wherever a server begins to count its window.

`Budget` decides, by the generic cell rate algorithm, and is pure: it is told the time. For a fleet the same decisions
are made in Redis, by the script of `redis_budget`; a test shows that both give the same answers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from typing import Any

    from .rate import Rate


# Shorter waits are none: sums of seconds are not exact.
TICK_S = 1e-6


class Ask(NamedTuple):
    """What a request comes with.

    Attributes:
        slot: what it was given before; 0 for nothing.
        seen: the last `X-RateLimit-Remaining`, told once; -1 for none.
        age: how long ago the request went out that was answered so.
        longest: the seconds that it can wait; it gets no slot that comes later.
    """

    slot: float = 0.0
    seen: int = -1
    age: float = 0.0
    longest: float = math.inf


class Answer(NamedTuple):
    """What a budget says to a request.

    Attributes:
        wait: the seconds until it may go out; 0 if it may now.
        slot: the moment that is reserved for it, with which it asks again; 0 if none is.
        pause: the seconds until the pause of a 429 is over; 0 if there is none.
        after: the seconds until the next one may go out; below 0 if more than one may.
    """

    wait: float
    slot: float
    pause: float
    after: float


class Budget:
    """The state of a budget, and its decisions.

    A request that has to wait gets a slot, and asks again with it when that has come: a pause may have begun meanwhile.

    Args:
        rate: what is kept; `None` for pauses alone.

    Attributes:
        due: when everything that was let out is within the rate.
        paused_until: when the pause of a 429 is over.
        remaining: the requests that the server takes further in the window that it counts in; -1 if unknown.
        ends: when that window is over, at the latest.
    """

    __slots__ = ("_interval", "_late", "_limit", "_slack", "_window", "due", "ends", "paused_until", "remaining")

    def __init__(self, rate: Rate | None) -> None:
        self._limit, self._window = (0, 0.0) if rate is None else (rate.limit, rate.seen_window_s)
        self._interval = 0.0 if rate is None else rate.interval_s
        self._slack, self._late = (0.0, 0.0) if rate is None else (rate.slack_s, rate.late_s)
        self.due = self.paused_until = self.ends = 0.0
        self.remaining = -1

    def request(self, now: float, ask: Ask) -> Answer:
        self._observe(ask.seen, now, ask.age)
        slot, pause = ask.slot, max(0.0, self.paused_until - now)
        if self._interval == 0:
            return Answer(pause, 0.0, pause, 0.0)
        if slot > 0 and slot >= self.paused_until and slot + self._window > now:
            # One that is used too late moves those that follow.
            self.due = max(self.due, now - self._late + self._interval)
        else:
            slot = max(now, self._next(), self.paused_until)
            if slot - now > ask.longest:
                return Answer(slot - now, 0.0, pause, self._next() - now)
            self._take(slot)
        wait = slot - now
        return Answer(wait if wait > TICK_S else 0.0, slot, pause, self._next() - now)

    def _next(self) -> float:
        at = self.due - self._slack
        return max(at, self.ends) if self.remaining == 0 else at

    def _observe(self, seen: int, now: float, age: float) -> None:
        at = now - age
        if seen >= 0 and at >= self.ends:
            self.remaining, self.ends = seen, at + self._window
        elif seen >= 0 and now < self.ends and at >= self.ends - self._window:
            # Answers overtake each other: a few more than before are no new window.
            if seen > self.remaining + self._limit / 10 + 1:
                self.remaining, self.ends = seen, at + self._window
            self.remaining = min(self.remaining, seen)
        if now >= self.ends:
            self.remaining = -1

    def _take(self, slot: float) -> None:
        step, start = self._interval, max(self.due, slot)
        if self.remaining >= 0 and start < self.ends:
            # Others use the budget, too: what is left has to last until the window ends.
            step = max(step, (self.ends - start) / max(1, self.remaining))
            self.remaining = max(0, self.remaining - 1)
        self.due = start + step


class ClientBudget:
    """The budget of one client, and what it asks with. Its limiter keeps threads apart.

    Args:
        rate: what is kept.

    Attributes:
        patience_s: how long an answer of those who share the budget is waited for.
    """

    patience_s = 0.0

    def __init__(self, rate: Rate | None) -> None:
        self.rate = rate
        self._budget = Budget(rate)
        self._slot = 0.0
        self._seen, self._seen_at = -1, 0.0
        # When the next request may go out that has not asked yet.
        self._next_at = 0.0

    @property
    def connected(self) -> bool | None:
        """Whether those who share the budget can be reached; `None` if nobody shares it."""
        return None

    def ask(self, longest: float, now: float, wake: Callable[[], object]) -> Future[Any] | None:
        """Ask those who share it; `wake` is called when they have answered. `None` if nobody is asked."""

    def hear(self, asked: Future[Any] | None) -> Any:
        """What they have answered; `None` if they have not."""

    def answer(self, heard: Any, longest: float, now: float) -> Answer:
        """The answer to a request that can wait for so many seconds; `heard` is what `hear` gave."""
        ask = Ask(self._slot, self._seen, now - self._seen_at, longest)
        return self._keep(self._budget.request(now, ask), now)

    def observe(self, remaining: int, sent_at: float) -> None:
        """Take in the `X-RateLimit-Remaining` of a request, which corrects the budget downwards with the next one."""
        self._seen, self._seen_at = remaining, sent_at

    def pause(self, seconds: float) -> None:
        """Tell those who share it that the server takes no requests for so many seconds."""

    def delay(self, position: int, now: float) -> float:
        """The seconds until a request may go out that has so many before it, of which the first has asked."""
        interval = 0.0 if self.rate is None else self.rate.interval_s
        return max(0.0, self._next_at - now + (position - 1) * interval)

    def left(self, now: float) -> int | None:
        """How many requests may go out at once; `None` if that is not counted."""
        if self.rate is None:
            return None
        left = min(self.rate.burst, max(0, math.floor((now - self._next_at) / self.rate.interval_s) + 1))
        return left if self._seen < 0 else min(left, self._seen)

    def _keep(self, answer: Answer, now: float) -> Answer:
        # A slot that has come is used.
        self._slot = answer.slot if answer.wait > 0 else 0.0
        self._seen, self._next_at = -1, now + answer.after
        return answer
