"""The budget of a client: a rate that its requests keep, wherever a server begins to count."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .rate import Rate


class Window:
    """The window in which a server counts, as far as its answers tell.

    Attributes:
        remaining: the requests that it still takes; `None` before the first answer that says so.
        ends_at: when it is over, at the latest.
    """

    __slots__ = ("_rate", "ends_at", "remaining")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self.remaining: int | None = None
        self.ends_at = 0.0

    def observe(self, remaining: int, now: float) -> None:
        """Take in an `X-RateLimit-Remaining`."""
        # Answers overtake each other: a few more than before are no new window.
        new = self.remaining is None or now >= self.ends_at or remaining > self.remaining + self._rate.limit // 10 + 1
        if new:
            self.ends_at = now + self._rate.window_s
        self.remaining = remaining if new or self.remaining is None else min(remaining, self.remaining)


class Budget:
    """Tells when the next request may go out, by the generic cell rate algorithm.

    Not safe for threads by itself.
    """

    __slots__ = ("_interval", "_late", "_next", "_slack", "_window", "rate")

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self._interval = rate.interval_s
        self._slack = (rate.burst - 1) * rate.interval_s
        self._late = rate.late_s
        self._next = 0.0
        self._window = Window(rate)

    def delay(self, now: float, position: int = 0) -> float:
        """The seconds until a request may go out before which so many others have to."""
        at = max(self._next, now if position else 0.0) + position * self._interval - self._slack
        if self._window.remaining == 0:
            at = max(at, self._window.ends_at)
        return max(0.0, at - now)

    def take(self, now: float) -> None:
        """A request goes out."""
        # The schedule goes on from when it was due: if each wait ended late, the rate would be missed by that.
        interval, window, start = self._interval, self._window, max(self._next, now - self._late)
        if window.remaining is not None and start < window.ends_at:
            # Others use the budget, too: what is left has to last until the window ends.
            interval = max(interval, (window.ends_at - start) / max(1, window.remaining))
            window.remaining = max(0, window.remaining - 1)
        self._next = start + interval

    def observe(self, remaining: int, now: float) -> None:
        """Take in an `X-RateLimit-Remaining`: it corrects the budget downwards."""
        self._window.observe(remaining, now)

    def remaining(self, now: float) -> int:
        """The requests that may go out at once."""
        free = (
            self.rate.burst if self._next <= now else math.floor((now + self._slack - self._next) / self._interval) + 1
        )
        left = self._window.remaining
        return max(0, free if left is None or now >= self._window.ends_at else min(free, left))
