"""Throttling as Laravel does it: so many requests in a fixed window that begins with the first one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from .errors import HttpError

RATE = re.compile(r"(?P<limit>[1-9][0-9]{0,8})/(?P<count>[1-9][0-9]{0,5})?(?P<unit>s|min|h)", re.ASCII)
UNITS_S = {"s": 1, "min": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    limit: int
    window_s: int

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Read `60/min`, `5/s`, `1000/h` or `10/30s`.

        Raises:
            ValueError: the text has another form.
        """
        found = RATE.fullmatch(text.strip())
        if not found:
            raise ValueError(f"{text!r} is no rate; write it as 60/min, 5/s, 1000/h or 10/30s")
        return cls(int(found["limit"]), int(found["count"] or 1) * UNITS_S[found["unit"]])

    def __str__(self) -> str:
        return f"{self.limit}/{self.window_s}s"


class Throttle:
    """Counts the requests of each caller.

    Attributes:
        rate: what is allowed; `None` counts nothing. May be changed at any time.
    """

    def __init__(self, rate: Rate | None) -> None:
        self.rate = rate
        self._windows: dict[str, tuple[float, int]] = {}

    def hit(self, caller: str, now: float) -> dict[str, str]:
        """Count one request and return the headers that tell what is left.

        Raises:
            HttpError: 429 with `Retry-After` in whole seconds.
        """
        if self.rate is None:
            return {}
        end, count = self._windows.get(caller, (0.0, 0))
        if now >= end:
            end, count = now + self.rate.window_s, 0
            # Windows that are over are forgotten, so that callers who left take no memory.
            self._windows = {name: window for name, window in self._windows.items() if now < window[0]}
        count += 1
        self._windows[caller] = (end, count)
        headers = {
            "X-RateLimit-Limit": str(self.rate.limit),
            "X-RateLimit-Remaining": str(max(0, self.rate.limit - count)),
        }
        if count > self.rate.limit:
            headers["Retry-After"] = str(max(1, math.ceil(end - now)))
            headers["X-RateLimit-Reset"] = str(math.ceil(end))
            raise HttpError(429, "Too Many Attempts.", headers=headers)
        return headers
