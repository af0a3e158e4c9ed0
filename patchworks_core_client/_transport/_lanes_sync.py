"""Connections of the synchronous client, each in a pool of its own, as in `_lanes`; safe to be used by threads."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

import httpx

from .. import _clock
from .._errors import ClientStateError
from .._session import CLOSED
from ._make import KEEP_ALIVE_S, interrupt

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


class SyncLanes:
    """At most `limit` lanes (`None`: as many as asked for), the one used last taken first; threads beyond that wait."""

    def __init__(self, make: Callable[[], SyncLane], limit: int | None) -> None:
        self._make = make
        self._free = limit
        self._changed = threading.Condition(threading.Lock())
        self._open: set[SyncLane] = set()
        self._idle: deque[SyncLane] = deque()
        self._closed = False

    def acquire(self, timeout: float | None) -> SyncLane:
        """Take a lane, waiting for at most `timeout` seconds.

        Raises:
            httpx.PoolTimeout: none became free in that time.
            ClientStateError: the client was closed meanwhile.
        """
        with self._changed:
            if not self._changed.wait_for(self._ready, timeout):
                raise httpx.PoolTimeout("")
            if self._closed:
                raise ClientStateError(CLOSED)
            if self._idle:
                lane = self._idle.pop()
                lane.warm = lane.warm and lane.idle_since > _clock.now() - KEEP_ALIVE_S
                return lane
            if self._free is not None:
                self._free -= 1
            lane = self._make()
            self._open.add(lane)
            return lane

    def _ready(self) -> bool:
        return self._closed or bool(self._idle) or self._free is None or self._free > 0

    def give_back(self, lane: SyncLane) -> SyncLane | None:
        """Return a lane after use; gives one that has been idle for too long, which the caller is to close."""
        with self._changed:
            if self._closed:
                return lane
            now = lane.idle_since = _clock.now()
            self._idle.append(lane)
            self._changed.notify()
            if self._idle[0].idle_since < now - KEEP_ALIVE_S:
                return self._drop(self._idle.popleft())
        return None

    def discard(self, lane: SyncLane) -> None:
        """Close a lane of which it is not known in what state its connection is, and let another take its place."""
        with self._changed:
            self._drop(lane)
            self._changed.notify()
        lane.close()

    def _drop(self, lane: SyncLane) -> SyncLane:
        self._open.discard(lane)
        if self._free is not None:
            self._free += 1
        return lane

    def close(self) -> None:
        """Close every connection; calls that use one fail, calls that wait for one are told."""
        with self._changed:
            self._closed = True
            lanes, self._open = self._open, set()
            self._idle.clear()
            self._changed.notify_all()
        for lane in lanes:
            interrupt(lane.transport)
            lane.close()
