"""The session of the synchronous client: performs the steps of calls; `async_session` without the `await`."""

from __future__ import annotations

import os
import weakref
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from .. import _clock
from .._http.attempt import Attempt, TransportFailure
from .._http.generator_flow import DeadlineExceeded, Wait, drive
from .._http.sync_transport import SyncTransport
from .._limits.queue import AwaitTurn
from . import tracing
from .base import SessionBase
from .call_flow import call_flow

if TYPE_CHECKING:
    from collections.abc import Generator

    from .._auth.credentials import Credentials
    from .._auth.sync_login import SyncLogin
    from .._clock import Deadline
    from .._http.request import Prepared
    from .._http.response import RawResponse
    from .._http.transport import ConnectionSettings
    from .._limits.limiter import Limiter
    from .call_flow import Step
    from .cancellation import Cancellation
    from .timeouts import CallLimits


class SyncSession(SessionBase):
    """What a synchronous client and its copies work with, from their first call on; safe to be used by threads."""

    def __init__(
        self, connection: ConnectionSettings, credentials: Credentials, limits: CallLimits, limiter: Limiter
    ) -> None:
        super().__init__(credentials, limits, limiter)
        self._transport = SyncTransport(connection)
        self._login: SyncLogin | None = None
        if self.tokens is not None:
            from .._auth.sync_login import SyncLogin

            self._login = SyncLogin(self.tokens, self._send_login)
        # Closes the connections of a client that nobody has closed, at the latest when the interpreter exits.
        weakref.finalize(self, _close_here, self._transport, self._pid)

    def call(self, prepared: Prepared, limits: CallLimits, cancellation: Cancellation | None = None) -> RawResponse:
        """Make a call, with all attempts that it takes; gives a success, unless it is cancelled.

        Raises:
            APIStatusError: the last answer was no success.
            APIConnectionError: there was no answer.
            ClientStateError: the client cannot be used here and now, or the response is not wanted any more.
        """
        self._refuse_other_process()
        deadline = _clock.Deadline(limits.total)
        flow = call_flow(self, prepared, limits, deadline)
        return self._run(tracing.traced(prepared, flow), deadline, cancellation)

    def _send_login(self, prepared: Prepared, deadline: Deadline) -> RawResponse:
        # Within the time that the call has which needs the login, and with the client's own retries.
        return self._run(call_flow(self, prepared, self.limits, deadline, login=True), deadline, None)

    def _run(
        self, flow: Generator[Step, Any, RawResponse], deadline: Deadline, cancellation: Cancellation | None
    ) -> RawResponse:
        with closing(flow):
            return drive(flow, partial(self._perform, deadline=deadline, cancellation=cancellation))

    def _perform(self, step: Step, *, deadline: Deadline, cancellation: Cancellation | None) -> object:
        if isinstance(step, Attempt):
            return self._send(step, cancellation)
        if isinstance(step, Wait):
            _wait(step.seconds, cancellation)
            return None
        if isinstance(step, AwaitTurn):
            _await_turn(step, deadline, cancellation)
            return None
        return cast("SyncLogin", self._login).obtain(deadline)

    def _send(self, attempt: Attempt, cancellation: Cancellation | None) -> RawResponse | TransportFailure:
        if cancellation is not None:
            cancellation.watch(attempt.interrupt)
            cancellation.check()
        result = self._transport.exchange(attempt)
        if cancellation is not None and isinstance(result, TransportFailure):
            cancellation.check()
        return result

    def prepare(self) -> None:
        self._transport.prepare()

    def close(self) -> None:
        self.closed = True
        if self._is_own_process():
            self.limiter.close()
            self._transport.close()


def _close_here(transport: SyncTransport, pid: int) -> None:
    # In a child process connections and locks are still those of the parent.
    if pid == os.getpid():  # pragma: no branch - coverage does not see a process that was forked
        transport.close()


def _wait(seconds: float, cancellation: Cancellation | None) -> None:
    if cancellation is not None:
        cancellation.wait(seconds)
        cancellation.check()
    elif seconds:
        _clock.sleep(seconds)


def _await_turn(step: AwaitTurn, deadline: Deadline, cancellation: Cancellation | None) -> None:
    from threading import Event

    called = Event()
    step.place.when_called(called.set)
    if cancellation is not None:
        cancellation.watch(called.set)
    called.wait(deadline.within(step.seconds))
    if cancellation is not None:
        cancellation.check()
    if not deadline.allows(0.0):
        raise DeadlineExceeded
