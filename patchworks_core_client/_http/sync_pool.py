"""Connections of the synchronous client, each in a pool of its own, as in `async_pool`; safe to be used by threads."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from .. import _clock
from .._errors import CLOSED, ClientStateError
from .connection_settings import KEEP_ALIVE_S
from .failures import PoolTimeout

if TYPE_CHECKING:
    from collections.abc import Callable

    from .sync_connections import Connection


class _Turn:
    """A thread that waits in line for a connection."""

    __slots__ = ("connection", "signal")

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.signal = threading.Lock()
        self.signal.acquire()


class ConnectionPool:
    """At most `limit` connections (`None`: any number), the one used last first; threads beyond that wait in line.

    Whoever waits longest has the next one. Left to a condition variable, the thread that gives one back would take
    it again before another has woken up: of 100 threads on 20 connections, 80 waited for a second and more.
    """

    def __init__(self, make: Callable[[], Connection], limit: int | None) -> None:
        self._make = make
        self._limit = limit
        self._mutex = threading.Lock()
        self._open: set[Connection] = set()
        self._idle: deque[Connection] = deque()
        self._waiting: deque[_Turn] = deque()
        self._closed = False

    def acquire(self, timeout: float | None) -> Connection:
        """Take a connection, waiting for at most `timeout` seconds.

        Raises:
            PoolTimeout: none became free in that time.
            ClientStateError: the client was closed meanwhile.
        """
        with self._mutex:
            if self._closed:
                raise ClientStateError(CLOSED)
            if self._idle:
                connection = self._idle.pop()
                connection.warm = connection.warm and connection.idle_since > _clock.now() - KEEP_ALIVE_S
                return connection
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
        raise PoolTimeout

    def _leave(self, turn: _Turn) -> Connection | None:
        """Leave the line, with the connection that was given meanwhile, if one was."""
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
            return turn.connection

    def give_back(self, connection: Connection) -> Connection | None:
        """Return a connection after use; gives one that has been idle for too long, which the caller is to close."""
        with self._mutex:
            if self._closed:
                return connection
            now = connection.idle_since = _clock.now()
            self._hand_on(connection)
            if self._idle and self._idle[0].idle_since < now - KEEP_ALIVE_S:
                stale = self._idle.popleft()
                self._open.discard(stale)
                return stale
        return None

    def discard(self, connection: Connection) -> None:
        """Close a connection in an unknown state, and let another take its place."""
        with self._mutex:
            self._open.discard(connection)
            if self._waiting and not self._closed:
                self._hand_on(self._new())
        connection.close()

    def _new(self) -> Connection:
        connection = self._make()
        self._open.add(connection)
        return connection

    def _hand_on(self, connection: Connection) -> None:
        """Give a connection to the thread that waits longest, or to nobody."""
        if self._waiting:
            turn = self._waiting.popleft()
            turn.connection = connection
            turn.signal.release()
        else:
            self._idle.append(connection)

    def close(self) -> None:
        """Close every connection; calls that use one fail, calls that wait for one are told."""
        with self._mutex:
            self._closed = True
            connections, self._open = self._open, set()
            self._idle.clear()
            for turn in self._waiting:
                turn.signal.release()
            self._waiting.clear()
        for connection in connections:
            connection.interrupt()
            connection.close()
