"""What is behind one sandbox app: its state, its settings, and what it has seen."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..laravel.throttle import Rate, Throttle
from ..patchworks import seed
from ..patchworks.auth import DEFAULT_TOKEN_TTL_S, MAX_TOKEN_TTL_S, Authenticator, Credentials
from ..patchworks.operations import NAMES
from ..storage.database import Database
from .faults import Fault, Faults
from .recorded_requests import DEFAULT_KEEP_REQUESTS, MAX_KEEP_REQUESTS, RequestLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike

    from .recorded_requests import RecordedRequest
MAX_SEED = 2**63 - 1


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
    keep_requests: int = DEFAULT_KEEP_REQUESTS
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        unknown = sorted(self.admin_only - NAMES)
        if unknown:
            raise ValueError(f"there is no operation {', '.join(unknown)}; known are {', '.join(sorted(NAMES))}")
        for name in ("api_key", "username", "password"):
            if not getattr(self.credentials, name):
                raise ValueError(f"{name} is empty")
        for name, number, most in (
            ("token_ttl", self.token_ttl, MAX_TOKEN_TTL_S),
            ("seed", self.seed or 0, MAX_SEED),
            ("keep_requests", self.keep_requests, MAX_KEEP_REQUESTS),
        ):
            if not 0 <= number <= most:
                raise ValueError(f"{name} is {number}; it goes from 0 to {most}")


class Engine:
    """The parts that the modules of the sandbox work with; `Sandbox` shows what others may use.

    Attributes:
        options: how it was started.
        store: the database.
        gate: who is let in.
        faults: the faults in force.
        requests: the requests that came in.
        throttle: what limits the requests of each caller.
        login_throttle: what limits the logins of each address.
        listener: called with each request after it is answered.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.database = Database(options.db)
        self.authenticator = Authenticator(options.credentials, options.token_ttl, self.database)
        self.faults = Faults(options.faults)
        self.throttle = Throttle(options.rate)
        self.login_throttle = Throttle(options.login_rate)
        self.listener: Callable[[RecordedRequest], None] | None = None
        self.requests = RequestLog(options.keep_requests)
        if options.seed is not None and self.database.is_empty():
            seed.fill(self.database, options.seed)

    def notify(self, seen: RecordedRequest) -> None:
        """Tells the listener, if there is one."""
        if self.listener:
            self.listener(seen)

    def reset(self) -> None:
        """Brings the state back to that of the start: nothing, or the seed data. Faults are lifted too."""
        self.faults.clear()
        self.requests.forget()
        self.database.clear()
        if self.options.seed is not None:
            seed.fill(self.database, self.options.seed)

    def now(self) -> float:
        """Seconds since the epoch, by the clock of this sandbox."""
        return self.options.clock()

    def close(self) -> None:
        """Closes the database; the state of an in-memory sandbox is gone."""
        self.database.close()


def operations(names: Iterable[str]) -> frozenset[str]:
    """Names of operations, as `admin_only` takes them: one or several, also separated by commas."""
    return frozenset(part.strip() for name in names for part in name.split(",") if part.strip())
