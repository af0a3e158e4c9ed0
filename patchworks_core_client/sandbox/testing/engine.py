"""What is behind one sandbox app: its state, its settings, and what it has seen."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..laravel.throttle import Rate, Throttle
from ..patchworks import seed
from ..patchworks.auth import DEFAULT_TOKEN_TTL_S, Credentials, Gate
from ..patchworks.operations import NAMES
from ..storage.database import Store
from .faults import Fault, Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike

    from .recorded_requests import Seen

REMEMBERED_REQUESTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a sandbox behaves; `create_app` explains each."""

    db: str | PathLike[str] | None = None
    credentials: Credentials = field(default_factory=Credentials)
    token_ttl: int = DEFAULT_TOKEN_TTL_S
    rate: Rate | None = None
    login_rate: Rate | None = None
    faults: tuple[Fault, ...] = ()
    admin_only: frozenset[str] = frozenset()
    as_documented: bool = False
    seed: int | None = None
    control: bool = False
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        unknown = sorted(self.admin_only - NAMES)
        if unknown:
            raise ValueError(f"there is no operation {', '.join(unknown)}; known are {', '.join(sorted(NAMES))}")
        for name in ("api_key", "username", "password"):
            if not getattr(self.credentials, name):
                raise ValueError(f"{name} is empty")
        for name, number in (("token_ttl", self.token_ttl), ("seed", self.seed or 0)):
            if number < 0:
                raise ValueError(f"{name} is {number}, which is below 0")


class Engine:
    """The parts that the modules of the sandbox work with; `Sandbox` shows what others may use.

    Attributes:
        options: how it was started.
        store: the database.
        gate: who is let in.
        faults: the faults in force.
        throttle: what limits the requests of each caller.
        login_throttle: what limits the logins of each address.
        listener: called with each request after it is answered.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.store = Store(options.db)
        self.gate = Gate(options.credentials, options.token_ttl, self.store)
        self.faults = Faults(options.faults)
        self.throttle = Throttle(options.rate)
        self.login_throttle = Throttle(options.login_rate)
        self.listener: Callable[[Seen], None] | None = None
        self._seen: deque[Seen] = deque(maxlen=REMEMBERED_REQUESTS)
        self._lock = threading.Lock()
        if options.seed is not None and self.store.is_empty():
            seed.plant(self.store, options.seed)

    @property
    def requests(self) -> list[Seen]:
        """The last thousand requests, the newest last."""
        with self._lock:
            return list(self._seen)

    def remember(self, seen: Seen) -> None:
        """Adds to `requests`."""
        with self._lock:
            self._seen.append(seen)

    def tell(self, seen: Seen) -> None:
        """Tells the listener, if there is one."""
        if self.listener:
            self.listener(seen)

    def forget_requests(self) -> None:
        """Empties `requests`."""
        with self._lock:
            self._seen.clear()

    def reset(self) -> None:
        """Brings the state back to that of the start: nothing, or the seed data. Faults are lifted too."""
        self.faults.clear()
        self.forget_requests()
        self.store.clear()
        if self.options.seed is not None:
            seed.plant(self.store, self.options.seed)

    def now(self) -> float:
        """Seconds since the epoch, by the clock of this sandbox."""
        return self.options.clock()

    def close(self) -> None:
        """Closes the database; the state of an in-memory sandbox is gone."""
        self.store.close()


def operations(names: Iterable[str]) -> frozenset[str]:
    """Names of operations, as `admin_only` takes them: one or several, also separated by commas."""
    return frozenset(part.strip() for name in names for part in name.split(",") if part.strip())
