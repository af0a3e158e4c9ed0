"""Time as this package sees it, in one place, so that a test can put its own in.

Everything that measures or waits goes through the names of this module at the time of use.
"""

from __future__ import annotations

import time

now = time.monotonic
"""Seconds of a clock that never goes back."""

wall = time.time
"""Seconds since 1970, for dates that a server sends."""

sleep = time.sleep


async def sleep_async(seconds: float) -> None:
    """Wait without blocking the event loop."""
    import asyncio

    await asyncio.sleep(seconds)


def jitter() -> float:
    """A random number from 0 up to 1."""
    import random

    return random.random()  # noqa: S311 - it spreads retries, it guards nothing


class Deadline:
    """The moment at which a call has to be over, if there is one."""

    __slots__ = ("at",)

    at: float | None

    def __init__(self, seconds: float | None) -> None:
        self.at = None if seconds is None else now() + seconds

    def remaining(self) -> float | None:
        """The seconds that are left, 0 or more; `None` without a deadline."""
        return None if self.at is None else max(0.0, self.at - now())

    def within(self, seconds: float | None) -> float | None:
        """The seconds that a step of at most so many (`None`: any number) may take; `None` for no limit."""
        if self.at is None:
            return seconds
        left = max(0.0, self.at - now())
        return left if seconds is None or left < seconds else seconds

    def allows(self, seconds: float) -> bool:
        """Whether a wait of so many seconds leaves time for anything after it."""
        return self.at is None or now() + seconds < self.at
