"""The connection of a fleet to its Redis: what fails there is said once, and fails no call."""

from __future__ import annotations

import logging
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from .. import _clock
from .._errors import PatchworksError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

R = TypeVar("R")

# Redis that failed is left alone for so long.
RETRY_S = 1.0

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
    """A client of redis-py that answers within `timeout`, and tries nothing twice by itself."""
    redis = redis_module()
    retry = import_module("redis.retry").Retry(import_module("redis.backoff").NoBackoff(), 0)
    return redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=retry)


class RedisLink:
    """Runs scripts in Redis, and goes on without it while it fails.

    Args:
        client: of redis-py.

    Attributes:
        connected: whether the last access succeeded; `True` before the first.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        error: type[Exception] = redis_module().RedisError
        # The others come from an answer that is none of ours.
        self._errors = (error, OSError, ValueError, TypeError, IndexError)
        self._scripts: dict[str, Any] = {}
        self._lock = Lock()
        self._down_until = 0.0
        self.connected = True

    def run(self, script: str, keys: Sequence[str], args: Sequence[object], read: Callable[[Any], R]) -> R | None:
        """Run a Lua script, and return what `read` makes of its answer; `None` while Redis cannot be used."""
        if not self.connected and _clock.now() < self._down_until:
            return None
        try:
            registered = self._scripts.get(script)
            if registered is None:
                registered = self._scripts[script] = self._client.register_script(script)
            result = read(registered(keys=keys, args=args))
        except self._errors as error:
            self._failed(error)
            return None
        self._succeeded()
        return result

    def _failed(self, error: Exception) -> None:
        with self._lock:
            self._down_until = _clock.now() + RETRY_S
            said, self.connected = not self.connected, False
        if not said:
            # The type only: the text may hold the address, and with it a password.
            _log.warning(
                "The Redis of the fleet cannot be used (%s); going on with a local share of the budget.",
                type(error).__name__,
            )

    def _succeeded(self) -> None:
        with self._lock:
            said, self.connected = self.connected, True
        if not said:
            _log.info("The Redis of the fleet is in use again.")
