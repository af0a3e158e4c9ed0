"""The session of the synchronous client: performs the steps of calls; `async_session` without the `await`."""

from __future__ import annotations

import os
import weakref
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, cast

from .. import _clock
from .._auth.authorization import authorization_header, sync_credential
from .._errors import ClientStateError
from .._generator_flow import DeadlineExceeded, Wait, drive
from .._http.attempt_result import TransportFailure
from .._http.sync_transport import SyncTransport
from .._limits.steps import AskFleet, AwaitTurn
from . import instrumentation
from .base import CLOSED_MEANWHILE, OTHER_PROCESS, SessionBase
from .call_flow import Authorize, Send

if TYPE_CHECKING:
    from .._auth.authorization import Credential
    from .._auth.credentials import AuthSettings
    from .._clock import Deadline
    from .._http.attempt_result import RawResponse
    from .._http.connection_settings import ConnectionSettings
    from .._http.request import Prepared
    from .._limits.limiter import Limiter
    from .call_flow import Step
    from .cancellation import Cancellation
    from .timeouts import CallSettings, TimeLimits


class SyncSession(SessionBase):
    """What a synchronous client and its copies work with, from their first call on; safe to be used by threads."""

    def __init__(
        self, connection: ConnectionSettings, auth: AuthSettings, settings: CallSettings, limiter: Limiter
    ) -> None:
        super().__init__(auth, settings, limiter)
        self._pid = os.getpid()
        self._transport = SyncTransport(connection)
        self._credential = sync_credential(auth, settings.headers, self._send_login)
        # Closes the connections of a client that nobody has closed, at the latest when the interpreter exits.
        weakref.finalize(self, _close_here, self._transport, self._pid)

    def call(
        self, prepared: Prepared, settings: CallSettings, limits: TimeLimits, cancellation: Cancellation | None = None
    ) -> RawResponse:
        """Make a call, with all attempts that it takes; gives a success.

        Args:
            prepared: the request.
            settings: of the client.
            limits: of the call.
            cancellation: says when nobody wants the response any more.

        Raises:
            APIStatusError: the last answer was no success.
            APIConnectionError: there was no answer.
            ClientStateError: the client cannot be used here and now.
        """
        self._check()
        deadline = _clock.Deadline(limits.total)
        authorized = self._credential is not None and not prepared.has_authorization
        perform = partial(self._perform, deadline=deadline, cancellation=cancellation)
        with closing(self.flow(prepared, settings, limits, deadline, authorized=authorized)) as flow:
            if not instrumentation.enabled():
                return drive(flow, perform)
            with instrumentation.whole_call(prepared):
                return drive(flow, perform)

    def _send_login(self, prepared: Prepared, deadline: Deadline) -> RawResponse:
        """Send a login, within the time that the call has which needs it, and with the client's own retries."""
        settings = self.settings
        with closing(self.flow(prepared, settings, settings.limits, deadline, authorized=False, login=True)) as flow:
            return drive(flow, partial(self._perform, deadline=deadline, cancellation=None))

    def _check(self) -> None:
        if self._pid != os.getpid():
            raise ClientStateError(OTHER_PROCESS)

    def _perform(self, step: Step, *, deadline: Deadline, cancellation: Cancellation | None) -> object:
        if isinstance(step, Send):
            return self._send(step, deadline, cancellation)
        if isinstance(step, Wait):
            _wait(step.seconds, cancellation)
            return None
        if isinstance(step, AwaitTurn):
            _await_turn(step, deadline, cancellation)
            return None
        if isinstance(step, AskFleet):
            return step.call()
        credential = cast("Credential", self._credential)
        if isinstance(step, Authorize):
            return credential.authorization(deadline)
        return credential.refused(step.refused, deadline)

    def _send(
        self, step: Send, deadline: Deadline, cancellation: Cancellation | None
    ) -> RawResponse | TransportFailure:
        self._refuse_closed()
        if cancellation is not None:
            cancellation.follow(step.progress)
            _refuse_cancelled(cancellation)
        headers = authorization_header(step.authorization)
        if not instrumentation.enabled():
            result = self._transport.exchange(
                step.request, headers, step.timeouts, step.progress, deadline, login=step.login
            )
        else:
            with instrumentation.InstrumentedAttempt(
                step.request, step.number, partial(self.shown, step.request)
            ) as one:
                headers += one.headers
                result = one.result = self._transport.exchange(
                    step.request, headers, step.timeouts, step.progress, deadline, login=step.login
                )
        if isinstance(result, TransportFailure):
            self._refuse_closed()
            if cancellation is not None:
                _refuse_cancelled(cancellation)
        return result

    def _refuse_closed(self) -> None:
        if self.closed:
            raise ClientStateError(CLOSED_MEANWHILE)

    def prepare(self) -> None:
        """Load the certificates that connections will need."""
        self._transport.prepare()

    def secrets(self) -> tuple[str, ...]:
        return super().secrets() if self._credential is None else self._credential.secrets

    def close(self) -> None:
        """Close the connections."""
        self.closed = True
        self.limiter.close()
        _close_here(self._transport, self._pid)


def _close_here(transport: SyncTransport, pid: int) -> None:
    # In a child process the connections are still those of the parent.
    if pid == os.getpid():
        transport.close()


def _wait(seconds: float, cancellation: Cancellation | None) -> None:
    if cancellation is not None:
        cancellation.wait(seconds)
        _refuse_cancelled(cancellation)
    elif seconds:
        _clock.sleep(seconds)


def _await_turn(step: AwaitTurn, deadline: Deadline, cancellation: Cancellation | None) -> None:
    from threading import Event

    called = Event()
    step.place.when_called(called.set)
    if cancellation is not None:
        cancellation.follow_wait(called.set)
    left = deadline.remaining()
    called.wait(left if step.seconds is None else step.seconds if left is None else min(left, step.seconds))
    if cancellation is not None:
        _refuse_cancelled(cancellation)
    if not deadline.allows(0.0):
        raise DeadlineExceeded


def _refuse_cancelled(cancellation: Cancellation) -> None:
    if cancellation.cancelled:
        raise ClientStateError("the response is not wanted any more")
