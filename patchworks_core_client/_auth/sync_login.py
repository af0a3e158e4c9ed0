"""The login of the synchronous client: one thread logs in, any number of others wait for it."""

from __future__ import annotations

import copy
import threading
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from .. import _clock
from .._errors import APITimeoutError, PatchworksError
from .._generator_flow import drive
from .._http.secret import Secret
from .login import AskStore, SendLogin, login
from .token_renewal import TokenState

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._clock import Deadline
    from .._http.attempt_result import RawResponse
    from .._http.request import Prepared
    from .account import Account
    from .login import Step
    from .tokens import Token, TokenStore


class _Attempt:
    """A login under way, and what came of it: a token, an error, or neither, if it was given up."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.token: Token | None = None
        self.error: PatchworksError | None = None


class SyncLogin:
    """The token of one account, obtained when it is first needed and renewed a little before it expires.

    Args:
        account: who logs in.
        store: where tokens are kept.
        send: sends the login within a deadline, with the client's retries and without a credential, and gives the
            answer if it is a 2xx; raises what any call raises otherwise.
    """

    def __init__(self, account: Account, store: TokenStore, send: Callable[[Prepared, Deadline], RawResponse]) -> None:
        self._account = account
        self._store = store
        self._send = send
        self._state = TokenState()
        self._attempt: _Attempt | None = None
        self._mutex = threading.Lock()

    def authorization(self, deadline: Deadline) -> Secret[str]:
        """The value of the `Authorization` header; see `AsyncCredential`."""
        token = self._state.usable(_clock.wall())
        if token is None:
            try:
                token = self._obtain(deadline)
            except PatchworksError:
                token = self._state.after_failure(_clock.wall())
                if token is None:
                    raise
        return Secret(token.authorization)

    def refused(self, authorization: Secret[str], deadline: Deadline) -> bool:
        """Get another token than this one; see `AsyncCredential`."""
        with self._mutex:
            if self._state.refuse(authorization):
                return True
        return Secret(self._obtain(deadline).authorization) != authorization

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        return (self._account.password.reveal(), *self._state.secrets)

    def _obtain(self, deadline: Deadline) -> Token:
        while True:
            with self._mutex:
                attempt, token = self._attempt, self._state.usable(_clock.wall())
                if token is not None:
                    return token  # Another thread was done with its login just now.
                if attempt is None:
                    mine = self._attempt = _Attempt()
                    break
            if not attempt.done.wait(deadline.remaining()):
                raise self._too_late()
            if attempt.token is not None:
                return attempt.token
            if attempt.error is not None:
                # One for each caller: an error that is raised in several threads collects the tracebacks of all.
                raise copy.copy(attempt.error) from attempt.error.__cause__
            # The one who logged in had no time left, or was interrupted: that says nothing of the login.
        try:
            mine.token = self._run(deadline)
            return mine.token
        except PatchworksError as error:
            if not isinstance(error, APITimeoutError) or deadline.at is None:
                mine.error = error
            raise
        finally:
            with self._mutex:
                self._attempt = None
            mine.done.set()

    def _run(self, deadline: Deadline) -> Token:
        with closing(login(self._account, self._store, self._state.stale)) as flow:
            return self._state.renewed(drive(flow, partial(self._perform, deadline=deadline)))

    def _perform(self, step: Step, deadline: Deadline) -> object:
        if isinstance(step, SendLogin):
            return self._send(step.request, deadline)
        if isinstance(step, AskStore):
            return step.call()
        if not deadline.allows(step.seconds):
            raise self._too_late()
        _clock.sleep(step.seconds)
        return None

    def _too_late(self) -> APITimeoutError:
        return APITimeoutError(f"The login of {self._account.who} took longer than the timeout of the call.")
