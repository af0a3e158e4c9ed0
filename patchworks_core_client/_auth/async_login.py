"""The login of the asynchronous client: one task, for which any number of calls wait."""

from __future__ import annotations

import asyncio
import copy
from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

from .. import _clock
from .._errors import CLOSED, ClientStateError
from .._http.generator_flow import Wait, drive_async
from .login import SendLogin, login
from .tokens import MemoryTokenStore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .._http.request import Prepared
    from .._http.response import RawResponse
    from .login import Step
    from .token_renewal import TokenRenewal
    from .tokens import Token

R = TypeVar("R")


class AsyncLogin:
    """Logs in when a token is needed.

    Args:
        tokens: the token in use.
        send: sends the login with the client's own time limits and retries, without a credential, and gives the answer
            if it is a 2xx; raises what any call raises otherwise.
    """

    def __init__(self, tokens: TokenRenewal, send: Callable[[Prepared], Awaitable[RawResponse]]) -> None:
        self.tokens = tokens
        self._send = send
        self._task: asyncio.Task[Token] | None = None
        self._closed = False

    async def aclose(self) -> None:
        """Break off a login that is under way; calls that wait for it get a `ClientStateError`."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def obtain(self) -> Token:
        """Log in, or wait for the login that is under way; gives its token."""
        task = self._task
        if task is None:
            if self._closed:
                raise ClientStateError(CLOSED)
            # A task of its own: a caller that is cancelled leaves the login to the others.
            task = self._task = asyncio.create_task(self._run())
            task.add_done_callback(self._done)
        await asyncio.wait([task])
        if task.cancelled():
            raise ClientStateError("the client was closed while it logged in")
        error = task.exception()
        if error is not None:
            # One for each caller: an error that is raised in several places collects the tracebacks of all.
            raise copy.copy(error) from error.__cause__
        return task.result()

    def _done(self, task: asyncio.Task[Token]) -> None:
        if self._task is task:
            self._task = None  # It was cancelled before it began.
        if not task.cancelled():
            # Looked at here, so that asyncio does not complain when every caller has been cancelled.
            task.exception()

    async def _run(self) -> Token:
        try:
            with closing(login(self.tokens)) as flow:
                return await drive_async(flow, self._perform)
        finally:
            self._task = None

    async def _perform(self, step: Step) -> object:
        if isinstance(step, Wait):
            await _clock.sleep_async(step.seconds)
            return None
        if isinstance(step, SendLogin):
            return await self._send(step.request)
        return await self._ask(step.call)

    async def _ask(self, call: Callable[[], R]) -> R:
        if isinstance(self.tokens.store, MemoryTokenStore):
            return call()
        work = asyncio.get_running_loop().run_in_executor(None, call)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            # Not left alone: it may be about to take a lock, which has to be given back.
            await asyncio.wait([work])
            raise
