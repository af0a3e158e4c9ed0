"""The state of a running sandbox: its database, its credentials, faults and recorded requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..laravel.errors import HttpError
from ..laravel.throttle import Throttle
from ..patchworks import seed
from ..patchworks.auth import Authenticator
from ..storage.database import Database, StoreError
from .faults import Faults
from .recorded_requests import RequestLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from .recorded_requests import RecordedRequest
    from .sandbox_options import SandboxOptions


class SandboxState:
    """What the modules of a running sandbox share; `Sandbox` shows what others may use.

    Attributes:
        options: how it was started.
        database: the database.
        authenticator: checks keys, tokens and logins.
        faults: the faults in force.
        requests: the requests that came in.
        throttle: what limits the requests of each caller.
        login_throttle: what limits the logins of each address.
        listener: called with each request after it is answered.
    """

    def __init__(self, options: SandboxOptions) -> None:
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
