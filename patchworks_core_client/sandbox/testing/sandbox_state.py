"""What is behind one sandbox app: its state, its settings, and what it recorded."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..laravel.errors import HttpError
from ..laravel.throttle import Rate, Throttle
from ..patchworks import seed
from ..patchworks.auth import DEFAULT_TOKEN_TTL_S, MAX_TOKEN_TTL_S, Authenticator, Credentials
from ..patchworks.routes import NAMES
from ..storage.database import Database, StoreError
from .faults import Fault, Faults
from .recorded_requests import DEFAULT_KEEP_REQUESTS, MAX_KEEP_REQUESTS, RequestLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike

    from .recorded_requests import RecordedRequest
MAX_SEED = 2**63 - 1
MAX_LAG_S = 3_600


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
    max_environments: int | None = None
    lag: float = 0.0
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        if self.db is not None and not os.fspath(self.db):
            raise ValueError("db is empty")
        unknown = sorted(self.admin_only - NAMES)
        if unknown:
            raise ValueError(f"there is no operation {', '.join(unknown)}; known are {', '.join(sorted(NAMES))}")
        for name in ("api_key", "username", "password"):
            value = getattr(self.credentials, name)
            if not value:
                raise ValueError(f"{name} is empty")
            if not value.isprintable() or value != value.strip():
                raise ValueError(f"{name} is no line of text, or has white space around it")
        if not self.credentials.api_key.isascii():
            raise ValueError("api_key is not ASCII, and a header holds nothing else for certain")
        bounds: tuple[tuple[str, float, float], ...] = (
            ("token_ttl", self.token_ttl, MAX_TOKEN_TTL_S),
            ("seed", self.seed or 0, MAX_SEED),
            ("keep_requests", self.keep_requests, MAX_KEEP_REQUESTS),
            ("lag", self.lag, MAX_LAG_S),
        )
        for name, number, most in bounds:
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
        self.database = Database(options.db, options.clock)
        try:
            self.authenticator = Authenticator(options.credentials, options.token_ttl, self.database)
            self._fill_if_empty()
        except HttpError as error:
            self.database.close()
            raise StoreError(f"{options.db}: {error.message}") from None
        self.faults = Faults(options.faults)
        self.throttle = Throttle(options.rate)
        self.login_throttle = Throttle(options.login_rate)
        self.listener: Callable[[RecordedRequest], None] | None = None
        self.requests = RequestLog(options.keep_requests)

    def _fill_if_empty(self) -> None:
        if self.options.seed is not None:
            with self.database.transaction() as db:
                if db.execute("SELECT 1 FROM environments LIMIT 1").fetchone() is None:
                    seed.fill(db, self.options.seed)

    def notify(self, request: RecordedRequest) -> None:
        """Tell the listener, if there is one."""
        if self.listener:
            self.listener(request)

    def reset(self) -> None:
        """Bring the state back to that of the start: nothing, or the seed data. Faults are lifted too."""
        self.faults.clear()
        self.requests.forget()
        self.database.clear()
        self._fill_if_empty()

    def now(self) -> float:
        """Return the seconds since the epoch, by the clock of this sandbox."""
        return self.options.clock()

    def close(self) -> None:
        """Close the database; the state of an in-memory sandbox is gone."""
        self.database.close()


def operations(names: Iterable[str]) -> frozenset[str]:
    """Return names of operations, as `admin_only` takes them: one or several, also separated by commas."""
    return frozenset(part.strip() for name in names for part in name.split(",") if part.strip())
