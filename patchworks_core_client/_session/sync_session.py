"""The loop of the synchronous client; does what `_session_async` does, step for step."""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING

from .. import _clock
from .._auth.credential import sync_credential
from .._auth.credentials import Secret
from .._errors import ClientStateError
from .._http.attempt_result import Raw
from .._http.sync_transport import SyncWire
from . import instrumentation
from .base import CLOSED_MEANWHILE, OTHER_PROCESS, SessionBase, authorization_header

if TYPE_CHECKING:
    from threading import Event

    from .._client.config import Config, Options, TimeLimits
    from .._clock import Deadline
    from .._http.request import HeaderPairs, Prepared
    from .attempts import Attempts


class SyncSession(SessionBase):
    """What a synchronous client and its copies work with, from their first call on; safe to be used by threads."""

    def __init__(self, config: Config, options: Options) -> None:
        super().__init__(config, options)
        self._pid = os.getpid()
        self._wire = SyncWire(config)
        self._credential = sync_credential(config, options.headers, self._send_login)
        # Closes the connections of a client that nobody has closed, at the latest when the interpreter exits.
        weakref.finalize(self, _close_here, self._wire, self._pid)

    def call(self, prepared: Prepared, options: Options, limits: TimeLimits, stop: Event | None = None) -> Raw:
        """Make a call, with all attempts that it takes; gives a success.

        Args:
            prepared: the request.
            options: of the client.
            limits: of the call.
            stop: once it is set, nobody wants the answer any more: waits end, and no attempt follows.

        Raises:
            APIStatusError: the last answer was no success.
            APIConnectionError: there was no answer.
            ClientStateError: the client cannot be used here and now.
        """
        self._check()
        deadline = _clock.Deadline(limits.total)
        attempts = self.attempts(prepared, options, deadline)
        if not instrumentation.is_wanted():
            return self._until_success(prepared, limits, attempts, deadline, stop)
        with instrumentation.whole_call(prepared):
            return self._until_success(prepared, limits, attempts, deadline, stop, watched=True)

    def _check(self) -> None:
        if self._pid != os.getpid():
            raise ClientStateError(OTHER_PROCESS)

    def _until_success(
        self,
        prepared: Prepared,
        limits: TimeLimits,
        attempts: Attempts,
        deadline: Deadline,
        stop: Event | None,
        *,
        watched: bool = False,
        login: bool = False,
    ) -> Raw:
        prover = None if login or prepared.has_authorization else self._credential
        authorization: HeaderPairs = ()
        value, renewed = Secret(), False
        while True:
            held = attempts.held_back()
            if held:
                _wait(held, stop)
                continue
            if prover is not None:
                value = Secret(prover.authorization(deadline))
                authorization = authorization_header(value)
            if self.closed:
                raise ClientStateError(CLOSED_MEANWHILE)
            if not watched:
                outcome = self._wire.exchange(
                    prepared, authorization, limits.steps, attempts.begin(), deadline, login=login
                )
            else:
                with instrumentation.AttemptWatch(prepared, attempts.number + 1) as watch:
                    extra = authorization + watch.headers
                    outcome = self._wire.exchange(
                        prepared, extra, limits.steps, attempts.begin(), deadline, login=login
                    )
                    watch.outcome = outcome
            if isinstance(outcome, Raw):
                if 200 <= outcome.status <= 299:
                    return outcome
                if outcome.status == 401 and prover is not None and not renewed:
                    renewed = True
                    if prover.refused(value, deadline):
                        attempts.renew()
                        continue
            elif self.closed:
                raise ClientStateError(CLOSED_MEANWHILE)
            _wait(attempts.after(outcome), stop)

    def _send_login(self, prepared: Prepared, deadline: Deadline) -> Raw:
        """Sends a login, within the time that the call has which needs it, and with the client's own retries."""
        limits = self.options.limits
        attempts = self.attempts(prepared, self.options, deadline, login=True)
        return self._until_success(
            prepared, limits, attempts, deadline, None, watched=instrumentation.is_wanted(), login=True
        )

    def secrets(self) -> tuple[str, ...]:
        return super().secrets() if self._credential is None else self._credential.secrets

    def close(self) -> None:
        """Close the connections."""
        self.closed = True
        _close_here(self._wire, self._pid)


def _close_here(wire: SyncWire, pid: int) -> None:
    # In a child process the connections are still those of the parent.
    if pid == os.getpid():
        wire.close()


def _wait(seconds: float, stop: Event | None) -> None:
    if stop is not None:
        if stop.wait(seconds):
            raise ClientStateError("the answer is not wanted any more")
    elif seconds:
        _clock.sleep(seconds)
