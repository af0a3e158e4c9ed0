"""A clock for tests: waits of the client are over at once, and are written down."""

from __future__ import annotations

import asyncio
import time

import pytest

from patchworks_core_client import _clock


class FakeClock:
    """Takes the place of the client's clock.

    Attributes:
        waits: how long the client waited, each time, in seconds.
        skipped: by how much its time is ahead of the real one.
        jitter: what it takes for a random number.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waits: list[float] = []
        self.skipped = 0.0
        self.jitter = 1.0
        monkeypatch.setattr(_clock, "now", lambda: time.monotonic() + self.skipped)
        monkeypatch.setattr(_clock, "wall", self.wall)
        monkeypatch.setattr(_clock, "sleep", self._skip)
        monkeypatch.setattr(_clock, "sleep_async", self._askip)
        monkeypatch.setattr(_clock, "jitter", lambda: self.jitter)

    def wall(self) -> float:
        """Seconds since 1970, for a server that is to agree with the client."""
        return time.time() + self.skipped

    def _skip(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.skipped += seconds

    async def _askip(self, seconds: float) -> None:
        self._skip(seconds)
        await asyncio.sleep(0)
