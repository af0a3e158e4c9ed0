"""Connections, each in a pool of its own: who gets which of them, who waits in line, and when one is used again.

httpx's pool walks all its connections and all waiting requests at every step, which makes a hundred calls in flight
slow. So it is given one connection at most, and which call takes which connection is decided here, in constant time.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from .. import _clock
from .._errors import CLOSED, ClientStateError
from .connections import KEEP_ALIVE_S

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from concurrent.futures import Future

    from .aiohttp_connection import AiohttpConnection
    from .connections import AsyncClientConnection, AsyncHTTPXConnection, ClientConnection, HTTPXConnection

AsyncConnection: TypeAlias = "AsyncHTTPXConnection | AsyncClientConnection | AiohttpConnection"
Connection: TypeAlias = "HTTPXConnection | ClientConnection"
C = TypeVar("C", bound="AsyncConnection | Connection")


class _Pool(Generic[C]):
    """At most `limit` connections (`None`: any number), the one used last first; calls beyond that wait in line.

    Whoever waits longest has the next one: it is handed over. Left in the pool, it would be taken
    again by the call that gave it back, before another one has woken up.
    """

    def __init__(self, make: Callable[[], C], limit: int | None) -> None:
        self._make = make
        self._limit = limit
        self._open: set[C] = set()
        self._idle: deque[C] = deque()
        self._waiting: deque[asyncio.Future[C] | Future[C]] = deque()
        self._closed = False

    def _take(self) -> C | None:
        """Take a connection for which nobody has to wait, if there is one."""
        if self._closed:
            raise ClientStateError(CLOSED)
        if self._idle:
            connection = self._idle.pop()
            connection.warm = connection.warm and connection.idle_since > _clock.now() - KEEP_ALIVE_S
            return connection
        return self._new() if self._limit is None or len(self._open) < self._limit else None

    def give_back(self, connection: C) -> C | None:
        """Return a connection after use; gives one that has been idle for too long, which the caller is to close."""
        if self._closed:
            return connection
        now = connection.idle_since = _clock.now()
        self._hand_over(connection)
        if not self._idle or self._idle[0].idle_since >= now - KEEP_ALIVE_S:
            return None
        stale = self._idle.popleft()
        self._open.discard(stale)
        return stale

    def _hand_over(self, connection: C) -> None:
        """Give a connection to the first who still waits for one."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return
        self._idle.append(connection)

    def _give_up(self, turn: asyncio.Future[C] | Future[C]) -> None:
        """Leave the line. A connection that was handed over in the same moment goes to the next in it."""
        if turn in self._waiting:
            self._waiting.remove(turn)
        elif turn.done() and not turn.cancelled() and turn.exception() is None:
            self._hand_over(turn.result())

    def _replace(self, connection: C) -> None:
        """Let another connection take the place of one that was closed."""
        self._open.discard(connection)
        if self._waiting and not self._closed:
            self._hand_over(self._new())

    def _new(self) -> C:
        connection = self._make()
        self._open.add(connection)
        return connection

    def _shut(self) -> set[C]:
        """Tell all who wait, and return what is to be closed."""
        self._closed = True
        for turn in self._waiting:
            if not turn.done():
                turn.set_exception(ClientStateError(CLOSED))
        self._waiting.clear()
        self._idle.clear()
        connections, self._open = self._open, set()
        return connections


class AsyncConnectionPool(_Pool["AsyncConnection"]):
    """The pool of an asynchronous client."""

    async def acquire(self, timeout: float | None) -> AsyncConnection:
        """Take a connection, waiting for at most `timeout` seconds.

        Raises:
            TimeoutError: none became free in that time.
            ClientStateError: the client was closed meanwhile.
        """
        connection = self._take()
        if connection is not None:
            return connection
        import asyncio

        turn: asyncio.Future[AsyncConnection] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(timeout):
                return await turn
        except BaseException:
            self._give_up(turn)
            raise

    async def discard(self, connection: AsyncConnection) -> None:
        """Close a connection in an unknown state, and let another take its place."""
        try:
            await connection.aclose()
        finally:
            self._replace(connection)

    async def aclose(self) -> None:
        """Close every connection; calls that use one fail, calls that wait for one are told."""
        for connection in self._shut():
            await connection.aclose()


class ConnectionPool(_Pool["Connection"]):
    """The pool of a synchronous client; safe to be used by threads."""

    def __init__(self, make: Callable[[], Connection], limit: int | None) -> None:
        super().__init__(make, limit)
        self._mutex = Lock()

    def acquire(self, timeout: float | None) -> Connection:
        with self._mutex:
            connection = self._take()
            if connection is not None:
                return connection
            from concurrent.futures import Future

            turn: Future[Connection] = Future()
            self._waiting.append(turn)
        try:
            return turn.result(timeout)
        except BaseException:  # an interrupt, too
            with self._mutex:
                self._give_up(turn)
            raise

    def give_back(self, connection: Connection) -> Connection | None:
        with self._mutex:
            return super().give_back(connection)

    def discard(self, connection: Connection) -> None:
        try:
            connection.close()
        finally:
            with self._mutex:
                self._replace(connection)

    def close(self) -> None:
        with self._mutex:
            connections = self._shut()
        for connection in connections:
            connection.interrupt()
            connection.close()
