"""The deadlines of asynchronous calls, which have one timer of the event loop together.

Nearly every call is over long before its deadline, and a timer for each would have to be made and taken back again.
"""

from __future__ import annotations

import asyncio


class Deadlines:
    """Ends the calls of a client whose time is over."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ends: dict[asyncio.Timeout, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, call: asyncio.Timeout, seconds: float | None) -> None:
        """Let `call`, which was entered, expire in so many seconds unless it ends before; `None` for never."""
        if seconds is not None:
            end = self._ends[call] = self._loop.time() + seconds
            if self._timer is None or end < self._timer.when():
                self._look_at(end)

    def end(self, call: asyncio.Timeout) -> None:
        """Take note that a call has ended."""
        self._ends.pop(call, None)

    def _look_at(self, moment: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(moment, self._look)

    def _look(self) -> None:
        self._timer = None
        now = self._loop.time()
        over = sorted((call for call, end in self._ends.items() if end <= now), key=self._ends.__getitem__)
        for call in over:
            del self._ends[call]
            call.reschedule(now)
        if self._ends:
            self._look_at(min(self._ends.values()))
