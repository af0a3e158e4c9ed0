"""The connection of a fleet to its Redis: what fails there is said once, and fails no call."""

from __future__ import annotations

import logging
import os
from concurrent.futures import ThreadPoolExecutor, wait
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from .. import _clock
from .._errors import PatchworksError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

R = TypeVar("R")

# Redis that failed is left alone for so long.
RETRY_S = 1.0
# So many scripts run at once: one of each client that asks, a few clients in a process.
MAX_THREADS = 4

_log = logging.getLogger("patchworks_core_client.fleet")


def redis_module() -> Any:
    """The library.

    Raises:
        PatchworksError: it is not installed.
    """
    try:
        return import_module("redis")
    except ImportError:
        raise PatchworksError('RedisFleet needs an extra: pip install "patchworks-core-client[redis]"') from None


def connect(url: str, timeout: float) -> Any:
    """A client of redis-py that gives up after `timeout`, and tries nothing twice by itself."""
    redis = redis_module()
    retry = import_module("redis.retry").Retry(import_module("redis.backoff").NoBackoff(), 0)
    return redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=retry)


class RedisConnection:
    """Runs scripts in Redis, and goes on without it while it fails.

    There is one for both clients, and it uses redis-py's synchronous client in a few threads of its own. With
    `redis.asyncio` there would be a second one beside that of the token store, which is synchronous anyway, and
    connections for each event loop that uses the fleet. In threads, whoever waits for an answer waits `timeout` at most
    in all, however slowly Redis connects, authenticates or answers; no request takes a thread of the event loop's own
    executor (a login takes one, as with any token store); and a call that is cancelled leaves nothing behind but a
    script, whose thread ends it.

    Args:
        client: of redis-py.
        timeout: the seconds after which Redis counts as gone.

    Attributes:
        connected: whether the last access succeeded; `True` before the first.
    """

    def __init__(self, client: Any, timeout: float) -> None:
        self._client = client
        self.timeout = timeout
        error: type[Exception] = redis_module().RedisError
        # The others come from an answer that is none of ours.
        self._errors = (error, OSError, ValueError, TypeError, IndexError)
        self._threads: tuple[int, ThreadPoolExecutor] | None = None
        self._down_until = 0.0
        self._lock = Lock()
        self.connected = True

    def submit(self, script: str, keys: Sequence[str], args: Sequence[object]) -> Future[Any] | None:
        """Begin to run a Lua script; `None` while Redis is left alone."""
        if not self.connected:
            with self._lock:
                now = _clock.now()
                if now < self._down_until:
                    return None
                # One tries for all.
                self._down_until = now + RETRY_S
        registered = self._client.register_script(script)
        try:
            return self._executor().submit(registered, keys=keys, args=args)
        except RuntimeError:
            # The interpreter is about to exit.
            return None

    def result(self, future: Future[Any] | None, read: Callable[[Any], R]) -> R | None:
        """What `read` makes of the answer; `None` if Redis has not answered, or failed."""
        if future is None:
            return None
        try:
            result = read(future.result(timeout=0))
        except self._errors as error:
            future.cancel()
            self._failed(error)
            return None
        self._succeeded()
        return result

    def run(self, script: str, keys: Sequence[str], args: Sequence[object], read: Callable[[Any], R]) -> R | None:
        """Run a Lua script, and return what `read` makes of its answer; `None` while Redis cannot be used."""
        future = self.submit(script, keys, args)
        if future is not None:
            wait([future], self.timeout)
        return self.result(future, read)

    def _executor(self) -> ThreadPoolExecutor:
        threads = self._threads
        # Threads do not live on in a child process.
        if threads is None or threads[0] != os.getpid():
            threads = self._threads = os.getpid(), ThreadPoolExecutor(MAX_THREADS, "patchworks-fleet")
        return threads[1]

    def _failed(self, error: Exception) -> None:
        with self._lock:
            self._down_until = _clock.now() + RETRY_S
            gone, self.connected = self.connected, False
        if gone:
            # The type only: the text may hold the address, and with it a password.
            _log.warning(
                "The Redis of the fleet cannot be used (%s); going on with a local share of the budget.",
                type(error).__name__,
            )

    def _succeeded(self) -> None:
        with self._lock:
            back, self.connected = not self.connected, True
        if back:
            _log.info("The Redis of the fleet is in use again.")
