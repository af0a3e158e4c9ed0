"""A rate such as `240/min`, and how requests are spread so that it is never exceeded."""

from __future__ import annotations

import re
from typing import NamedTuple

from .._checks import kind_of

_RATE = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,5})?(s|min|h)", re.ASCII)
_UNITS_S = {"s": 1, "min": 60, "h": 3600}
_HOW = "write it as '240/min', '4/s', '1000/h' or '10/30s'"

# The part of a rate that may go out at once after a rest.
BURST_PART = 1 / 32
# By so much two requests may come nearer to each other: a sixtieth of the window, within these bounds.
MIN_JITTER_S = 0.05
MAX_JITTER_S = 1.0


class Rate(NamedTuple):
    """So many requests in so many seconds.

    A server may begin to count at any moment, so no window of that length, wherever it begins, may hold more arrivals.
    Of `limit` requests, `burst` may go out at once, and the others follow at `interval_s`: in the window and the jitter
    together there are then at most `burst - 1 + ceil((window_s + jitter_s) / interval_s)`, which is `limit`.
    """

    limit: int
    window_s: float

    @property
    def burst(self) -> int:
        """How many requests may go out at once."""
        return max(1, int(self.limit * BURST_PART))

    @property
    def jitter_s(self) -> float:
        """By how much requests may come nearer to each other: half before they go out, and half on their way."""
        return min(MAX_JITTER_S, max(MIN_JITTER_S, self.window_s / 60))

    @property
    def late_s(self) -> float:
        """By how much a request that went out late may be followed earlier: no wait ends on time."""
        return self.jitter_s / 2

    @property
    def interval_s(self) -> float:
        """The seconds between two requests, but for those of the burst."""
        return (self.window_s + self.jitter_s) / (self.limit - self.burst + 1)

    @property
    def seen_window_s(self) -> float:
        """How long the window may last of a server that received a request on time, after that was sent."""
        return self.window_s + self.jitter_s

    @property
    def slack_s(self) -> float:
        """By how much a request of the burst may go out before its time."""
        return (self.burst - 1) * self.interval_s

    def share(self, parts: int) -> Rate:
        """The part of this rate that one of several processes may use by itself."""
        # Whole requests in a longer window, so that nothing of the rate is lost.
        limit = max(1, self.limit // parts)
        return Rate(limit, self.window_s * limit * parts / self.limit)


def parse_rate(text: str | None) -> Rate | None:
    """Read a `rate=` argument.

    Raises:
        TypeError: it is no text.
        ValueError: it has another form.
    """
    if text is None:
        return None
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers need not be typed
        raise TypeError(f"rate= takes a text, not {kind_of(text)}: {_HOW}")
    found = _RATE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"rate= is {text!r:.60}, which is no rate: {_HOW}")
    return Rate(int(found[1]), float(int(found[2] or 1) * _UNITS_S[found[3]]))
