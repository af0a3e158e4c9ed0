"""The synchronous twin of `_session`."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from . import _clock
from ._attempts import Attempts, Hold
from ._errors import ClientStateError
from ._outcome import Lost
from ._redact import redact

if TYPE_CHECKING:
    from ._config import Config, Options, TimeLimits
    from ._outcome import Raw
    from ._request import Prepared
    from ._transport._sync import SyncWire


class SyncSession:
    """The shared part of synchronous clients."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.hold = Hold()
        self.closed = False
        self._pid = 0
        self._lock = threading.Lock()
        self._wire: SyncWire | None = None

    def redact(self, text: str) -> str:
        return redact(text, self.config.credentials.secrets)

    def bind(self) -> SyncWire:
        if self.closed:
            raise ClientStateError("the client is closed; make a new one")
        if self._wire is None:
            with self._lock:
                if self._wire is None:
                    from ._transport._sync import SyncWire

                    self._pid, self._wire = os.getpid(), SyncWire(self.config)
        if self._pid != os.getpid():
            raise ClientStateError("the client was first used in another process; make one after the fork")
        return self._wire

    def call(self, prepared: Prepared, options: Options, limits: TimeLimits) -> Raw:
        wire = self.bind()
        deadline = _clock.Deadline(limits.total)
        attempts = Attempts(
            prepared, max_retries=options.max_retries, deadline=deadline, hold=self.hold, redact=self.redact
        )
        while True:
            wait = attempts.held_back()
            if not wait:
                key = self.config.credentials.api_key
                authorization = None if key is None else key.encode("latin-1")
                outcome = wire.exchange(prepared, authorization, limits.steps, attempts.begin(), deadline)
                if isinstance(outcome, Lost):
                    wait = attempts.after_loss(outcome)
                elif 200 <= outcome.status <= 299:
                    return outcome
                else:
                    wait = attempts.after_status(outcome)
            if wait:
                _clock.sleep(wait)

    def close(self) -> None:
        self.closed = True
        if self._wire is not None:
            self._wire.close()
