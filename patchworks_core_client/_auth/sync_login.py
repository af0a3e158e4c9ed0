"""The login of the synchronous client: one thread logs in, any number of others wait for it."""

from __future__ import annotations

import copy
import threading
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from .. import _clock
from .._errors import APITimeoutError, PatchworksError
from .._http.generator_flow import drive
from .login import AskStore, SendLogin, login

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._clock import Deadline
    from .._http.request import Prepared
    from .._http.response import RawResponse
    from .login import Step
    from .token_renewal import TokenRenewal
    from .tokens import Token


class _Attempt:
    """A login under way, and what came of it: a token, an error, or neither, if it was given up."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.token: Token | None = None
        self.error: PatchworksError | None = None


class SyncLogin:
    """Logs in when a token is needed.

    Args:
        tokens: the token in use.
        send: sends the login within a deadline, with the client's retries and without a credential, and gives the
            answer if it is a 2xx; raises what any call raises otherwise.
    """

    def __init__(self, tokens: TokenRenewal, send: Callable[[Prepared, Deadline], RawResponse]) -> None:
        self.tokens = tokens
        self._send = send
        self._attempt: _Attempt | None = None
        self._mutex = threading.Lock()

    def obtain(self, deadline: Deadline) -> Token:
        """Log in, or wait for the login that is under way; gives its token."""
        while True:
            with self._mutex:
                attempt, token = self._attempt, self.tokens.usable(_clock.wall())
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
            with closing(login(self.tokens)) as flow:
                mine.token = drive(flow, partial(self._perform, deadline=deadline))
            return mine.token
        except PatchworksError as error:
            if not isinstance(error, APITimeoutError) or deadline.at is None:
                mine.error = error
            raise
        finally:
            with self._mutex:
                self._attempt = None
            mine.done.set()

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
        return APITimeoutError(f"The login of {self.tokens.account.who} took longer than the timeout of the call.")
