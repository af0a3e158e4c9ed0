"""The pace of a client without a budget: what the server's answers allow.

Before the first answer a few requests are under way at most. From then on `X-RateLimit-Remaining` caps what goes out,
where it is sent. A 429 begins a pause, and after that requests go out at the rate that the server was seen to take,
which then grows along a cubic curve, as in TCP: quickly towards that rate, slowly past it, quickly once it is clear
that more is taken.
"""

from __future__ import annotations

# How many requests are under way before the first answer, and for how long that is kept.
FIRST_UNDER_WAY = 10
FIRST_WAIT_S = 1.0
# The part of the measured rate that the curve begins with, and the least time after which it reaches that rate.
BACK_OFF = 0.9
MIN_RECOVERY_S = 10.0
# So many recoveries without a 429 say that nothing has to be held back.
RECOVERIES = 5
# A measurement of a shorter time says little.
MIN_EPOCH_S = 0.5
# A sleep that took longer than it should is made up for.
CATCH_UP_S = 0.1


class Curve:
    """The rate after a pause, in requests a second."""

    def __init__(self, began: float, rate: float, recovery_s: float) -> None:
        self.began = began
        self.rate = rate
        self.recovery_s = recovery_s

    def at(self, now: float) -> float:
        part = max(0.0, now - self.began) / self.recovery_s
        return self.rate * (1 + (1 - BACK_OFF) * (part - 1) ** 3)


class Pace:
    """Tells when the next request may go out. Not safe for threads by itself.

    Attributes:
        under_way: how many requests are.
        paused_until: when the pause of a 429 is over.
        credit: how many more requests the server takes, by its last answer; `None` if it did not say.
    """

    def __init__(self) -> None:
        self.under_way = 0
        self.paused_until = 0.0
        self.credit: int | None = None
        self._answered = False
        self._first_at: float | None = None
        self._curve: Curve | None = None
        self._next = 0.0
        # The time since the last pause, or since the first request: what is measured at the next 429.
        self._epoch_at: float | None = None
        self._successes = 0
        self._limit = 0
        self._refused_at: float | None = None

    def delay(self, now: float) -> tuple[float, bool]:
        """The seconds until a request may go out, and whether an answer may let it go earlier."""
        if now < self.paused_until:
            return self.paused_until - now, False
        if not self._answered:
            if self.under_way < FIRST_UNDER_WAY or self._first_at is None:
                return 0.0, False
            return max(0.0, self._first_at + FIRST_WAIT_S - now), True
        if self.credit is not None and self.credit <= 0 and self.under_way > 0:
            return float("inf"), True
        if self._curve is not None:
            return max(0.0, self._next - now), False
        return 0.0, False

    def sent(self, now: float) -> None:
        """A request goes out."""
        self.under_way += 1
        if self._first_at is None:
            self._first_at = now
        if self._epoch_at is None:
            self._epoch_at = now
        if self.credit is not None:
            self.credit -= 1
        rate = self.rate(now)
        if rate is not None:
            self._next = max(self._next, now - CATCH_UP_S) + 1 / rate

    def ended(self) -> None:
        self.under_way -= 1

    def answered(self, sent_at: float, remaining: int | None, limit: int | None) -> None:
        """The server took a request, and said what it takes further."""
        self._answered = True
        if self._epoch_at is not None and sent_at >= self._epoch_at:
            self._successes += 1
        self._limit = limit or 0
        # Of those under way nobody knows whether they are counted in it.
        self.credit = None if remaining is None else remaining - self.under_way

    def refused(self, sent_at: float, now: float, seconds: float) -> None:
        """The server refused a request, and takes none for so many seconds."""
        self._answered = True
        self.credit = None
        self.paused_until = max(self.paused_until, now + seconds)
        first = self._refused_at is None
        if first or sent_at >= (self._refused_at or 0.0):
            self._measure(first)
        self._refused_at = self.paused_until
        # Those that were under way together count as one 429: the curve begins when the last pause is over.
        self._curve = self._curve and Curve(self.paused_until, self._curve.rate, self._curve.recovery_s)
        self._next = self.paused_until

    def _measure(self, first: bool) -> None:
        began = self.paused_until if self._epoch_at is None else self._epoch_at
        epoch = max(MIN_EPOCH_S, self.paused_until - began)
        # In the first window others may have been before: there the limit says more.
        taken = max(1, self._successes, self._limit if first else 0)
        self._curve = Curve(self.paused_until, taken / epoch, max(MIN_RECOVERY_S, epoch))
        self._epoch_at, self._successes = None, 0

    def rate(self, now: float) -> float | None:
        """The requests a second that go out; `None` while nothing is held back."""
        curve = self._curve
        if curve is None:
            return None
        if now > curve.began + RECOVERIES * curve.recovery_s:
            self._curve = None
            return None
        return curve.at(now)
