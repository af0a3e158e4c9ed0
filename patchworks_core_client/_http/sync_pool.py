"""Connections of the synchronous client, each in a pool of its own, as in `_lanes`; safe to be used by threads."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

import httpx

from .. import _clock
from .._errors import ClientStateError
from .._session.base import CLOSED
from .connect import KEEP_ALIVE_S, interrupt

if TYPE_CHECKING:
    from collections.abc import Callable


class SyncLane:
    """One connection, or none yet; attributes as in `AsyncLane`."""

    __slots__ = ("idle_since", "send", "transport", "warm")

    def __init__(
        self, send: Callable[[httpx.Request], httpx.Response], transport: httpx.BaseTransport | None = None
    ) -> None:
        self.send = send
        self.transport = transport
        self.warm = False
        self.idle_since = 0.0

    def close(self) -> None:
        """Close the connection, if it is the lane's own."""
        if self.transport is not None:
            self.transport.close()


class _Turn:
    """A thread that waits in line for a lane."""

    __slots__ = ("lane", "signal")

    def __init__(self) -> None:
        self.lane: SyncLane | None = None
        self.signal = threading.Lock()
        self.signal.acquire()


class SyncLanes:
    """At most `limit` lanes (`None`: as many as asked for), the one used last taken first; threads beyond that wait.

    Whoever waits longest has the next lane. Left to a condition variable, the thread that gives one back would take it
    again before another has woken up: of 100 threads on 20 lanes, 80 waited for a second and more.
    """

    def __init__(self, make: Callable[[], SyncLane], limit: int | None) -> None:
        self._make = make
        self._limit = limit
        self._mutex = threading.Lock()
        self._open: set[SyncLane] = set()
        self._idle: deque[SyncLane] = deque()
        self._waiting: deque[_Turn] = deque()
        self._closed = False

    def acquire(self, timeout: float | None) -> SyncLane:
        """Take a lane, waiting for at most `timeout` seconds.

        Raises:
            httpx.PoolTimeout: none became free in that time.
            ClientStateError: the client was closed meanwhile.
        """
        with self._mutex:
            if self._closed:
                raise ClientStateError(CLOSED)
            if self._idle:
                lane = self._idle.pop()
                lane.warm = lane.warm and lane.idle_since > _clock.now() - KEEP_ALIVE_S
                return lane
            if self._limit is None or len(self._open) < self._limit:
                return self._new()
            turn = _Turn()
            self._waiting.append(turn)
        try:
            turn.signal.acquire(timeout=-1 if timeout is None else max(timeout, 0.0))
        except BaseException:  # an interrupt
            given = self._leave(turn)
            if given is not None:
                self.give_back(given)
            raise
        given = self._leave(turn)
        if given is not None:
            return given
        if self._closed:
            raise ClientStateError(CLOSED)
        raise httpx.PoolTimeout("")

    def _leave(self, turn: _Turn) -> SyncLane | None:
        """Leave the line, with the lane that was given meanwhile, if one was."""
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
            return turn.lane

    def give_back(self, lane: SyncLane) -> SyncLane | None:
        """Return a lane after use; gives one that has been idle for too long, which the caller is to close."""
        with self._mutex:
            if self._closed:
                return lane
            now = lane.idle_since = _clock.now()
            self._hand_on(lane)
            if self._idle and self._idle[0].idle_since < now - KEEP_ALIVE_S:
                stale = self._idle.popleft()
                self._open.discard(stale)
                return stale
        return None

    def discard(self, lane: SyncLane) -> None:
        """Close a lane of which it is not known in what state its connection is, and let another take its place."""
        with self._mutex:
            self._open.discard(lane)
            if self._waiting and not self._closed:
                self._hand_on(self._new())
        lane.close()

    def _new(self) -> SyncLane:
        lane = self._make()
        self._open.add(lane)
        return lane

    def _hand_on(self, lane: SyncLane) -> None:
        """Give a lane to the thread that waits longest, or to nobody."""
        if self._waiting:
            turn = self._waiting.popleft()
            turn.lane = lane
            turn.signal.release()
        else:
            self._idle.append(lane)

    def close(self) -> None:
        """Close every connection; calls that use one fail, calls that wait for one are told."""
        with self._mutex:
            self._closed = True
            lanes, self._open = self._open, set()
            self._idle.clear()
            for turn in self._waiting:
                turn.signal.release()
            self._waiting.clear()
        for lane in lanes:
            interrupt(lane.transport)
            lane.close()
