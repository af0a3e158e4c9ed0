"""`RedisFleet`: every process on every machine that works for one company, as one.

The scripts that Redis runs, and what a process may send without Redis, are in `redis_budget`; the shared login is in
`fleet_token_store`. When Redis counts as gone is decided in `redis_connection`.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from .._checks import count, kind_of
from .._defaults import FLEET_TIMEOUT_S, FLEET_WORKERS
from .._http.secret import Secret
from .._lazy import resolvable
from .fleet_token_store import FleetTokenStore
from .rate import Rate  # noqa: TC001 - annotations are resolved at run time
from .redis_budget import FleetBudget
from .redis_connection import RedisConnection, connect, redis_module

# Braces make the hash tag of a cluster, so there are no others.
_NAME = re.compile(r"[^{}\x00-\x20\x7f]{1,200}")


@resolvable
class RedisFleet:
    """Shares the login, the pause after a 429 and the budget of `rate=` through Redis, with every process that uses it.

    A token is kept for its account and login URL, and given to no other. Of all that is kept, tokens alone are secret:
    whoever can read this Redis can act as the account.

    While Redis cannot be used, no call fails for it: a warning is logged once, each client logs in by itself, and keeps
    to its share of the budget; Redis is used again when it is back.

    Args:
        redis: the URL, such as `rediss://:password@host:6379/0`, or your own `redis.Redis`. Give that one time-outs: a
            thread waits for it.
        company: whose budget it is. Accounts of one company share a budget.
        name: what the keys begin with.
        timeout: the seconds that a call waits for Redis at most; after that, it counts as gone.
        workers: how many clients share the budget, as long as Redis has not said how many there are.

    Raises:
        PatchworksError: the extra `redis` is not installed.
        TypeError: an argument is of another type.
        ValueError: an argument has a value that cannot be used.

    Example:
        ```python
        fleet = RedisFleet("redis://localhost:6379/0", company="acme")
        pw = AsyncPatchworks(username="me@example.com", password="...", rate="240/min", fleet=fleet)
        ```
    """

    def __init__(
        self,
        redis: Any,
        *,
        company: str,
        name: str = "patchworks",
        timeout: float = FLEET_TIMEOUT_S,
        workers: int = FLEET_WORKERS,
    ) -> None:
        # First of all: a tool that prints the variables of a traceback shows no address with a password.
        given = Secret(redis)
        del redis
        self._prefix = f"{name}:{{{company}}}"
        for value, argument in ((company, "company"), (name, "name")):
            if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers need not be typed
                raise TypeError(f"{argument}= takes a text, not {kind_of(value)}")
            if not _NAME.fullmatch(value):
                raise ValueError(f"{argument}= takes up to 200 characters without spaces and braces")
        if not isinstance(timeout, int | float) or isinstance(timeout, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"timeout= takes seconds, not {kind_of(timeout)}")
        if not 0 < timeout <= 60:
            raise ValueError(f"timeout= takes seconds, above 0 and up to 60, not {timeout}")
        self._workers = count(workers, "workers", least=1)
        self._link = RedisConnection(_client(given, timeout), timeout)
        self.token_store = FleetTokenStore(self._link, self._prefix)

    def budget(self, rate: Rate | None) -> FleetBudget:
        """The budget and the pause, as one client uses them."""
        keys = (f"{self._prefix}:limits", f"{self._prefix}:members")
        return FleetBudget(self._link, keys, rate, secrets.token_hex(8), self._workers)

    def __repr__(self) -> str:
        # Without the address, in which a password may be.
        return f"<RedisFleet {self._prefix}>"


def _client(given: Secret[Any], timeout: float) -> Any:
    if isinstance(given.reveal(), str):
        try:
            return connect(given.reveal(), timeout)
        except (ValueError, TypeError):
            # What it says may hold the password of the address.
            raise ValueError("RedisFleet takes a URL such as redis://host:6379/0") from None
    if not isinstance(given.reveal(), redis_module().Redis):
        raise TypeError(
            f"RedisFleet takes a URL or a redis.Redis, not {kind_of(given.reveal())}; the asynchronous client asks it "
            "in a thread"
        )
    return given.reveal()
