"""The loop of the asynchronous client: sends, waits and logs in, as `Attempts` decides."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from .. import _clock
from .._auth.credential import async_credential
from .._auth.credentials import Secret
from .._errors import ClientStateError
from .._http.async_transport import AsyncWire
from .._http.attempt_result import Raw
from . import instrumentation
from .base import CLOSED_MEANWHILE, OTHER_LOOP, OTHER_PROCESS, SessionBase, authorization_header

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from .._client.config import Config, Options, TimeLimits
    from .._http.request import HeaderPairs, Prepared
    from .attempts import Attempts


class AsyncSession(SessionBase):
    """What an asynchronous client and its copies work with, from their first call on."""

    def __init__(self, config: Config, options: Options) -> None:
        super().__init__(config, options)
        self._loop = asyncio.get_running_loop()
        self._pid = os.getpid()
        self._wire = AsyncWire(config)
        self._credential = async_credential(config, options.headers, self._send_login)
        self._guard = _close_with_loop(self._wire, self._pid)
        with suppress(StopIteration):
            # Runs up to its `yield` at once; from then on the loop knows of it.
            self._guard.__anext__().send(None)

    async def call(self, prepared: Prepared, options: Options, limits: TimeLimits) -> Raw:
        """Make a call, with all attempts that it takes; gives a success.

        Raises:
            APIStatusError: the last answer was no success.
            APIConnectionError: there was no answer.
            ClientStateError: the client cannot be used here and now.
        """
        self._check()
        attempts = self.attempts(prepared, options, _clock.Deadline(limits.total))
        if not instrumentation.is_wanted():
            return await self._in_time(prepared, limits, attempts)
        with instrumentation.whole_call(prepared):
            return await self._in_time(prepared, limits, attempts, watched=True)

    def _check(self) -> None:
        # First the process: in a child that was forked from a running loop, there is none.
        if self._pid != os.getpid():
            raise ClientStateError(OTHER_PROCESS)
        if self._loop is not asyncio.get_running_loop():
            raise ClientStateError(OTHER_LOOP)

    async def _in_time(
        self,
        prepared: Prepared,
        limits: TimeLimits,
        attempts: Attempts,
        *,
        watched: bool = False,
        login: bool = False,
    ) -> Raw:
        timer = asyncio.timeout(limits.total)
        try:
            async with timer:
                return await self._until_success(prepared, limits, attempts, watched, login=login)
        except TimeoutError:
            # That of somebody else, such as a hook, goes on its way.
            if not timer.expired():
                raise
        raise attempts.timed_out()

    async def _until_success(
        self, prepared: Prepared, limits: TimeLimits, attempts: Attempts, watched: bool, *, login: bool = False
    ) -> Raw:
        prover = None if login or prepared.has_authorization else self._credential
        authorization: HeaderPairs = ()
        value, renewed = Secret(), False
        while True:
            held = attempts.held_back()
            if held:
                await _clock.asleep(held)
                continue
            if prover is not None:
                value = Secret(await prover.authorization())
                authorization = authorization_header(value)
            if self.closed:
                raise ClientStateError(CLOSED_MEANWHILE)
            if not watched:
                outcome = await self._wire.exchange(
                    prepared, authorization, limits.steps, attempts.begin(), login=login
                )
            else:
                with instrumentation.AttemptWatch(prepared, attempts.number + 1) as watch:
                    extra = authorization + watch.headers
                    outcome = await self._wire.exchange(prepared, extra, limits.steps, attempts.begin(), login=login)
                    watch.outcome = outcome
            if isinstance(outcome, Raw):
                if 200 <= outcome.status <= 299:
                    return outcome
                if outcome.status == 401 and prover is not None and not renewed:
                    renewed = True
                    if await prover.refused(value):
                        attempts.renew()
                        continue
            elif self.closed:
                raise ClientStateError(CLOSED_MEANWHILE)
            wait = attempts.after(outcome)
            if wait:
                await _clock.asleep(wait)

    async def _send_login(self, prepared: Prepared) -> Raw:
        """Sends a login: with the client's own limits and retries, whatever those of the call are that needs it."""
        limits = self.options.limits
        attempts = self.attempts(prepared, self.options, _clock.Deadline(limits.total), login=True)
        return await self._in_time(prepared, limits, attempts, watched=instrumentation.is_wanted(), login=True)

    def secrets(self) -> tuple[str, ...]:
        return super().secrets() if self._credential is None else self._credential.secrets

    async def aclose(self) -> None:
        """Close the connections and break off what is under way.

        Raises:
            ClientStateError: their event loop is another one, which has not ended yet.
        """
        self.closed = True
        if self._pid == os.getpid() and not self._loop.is_closed():
            self._check()
            if self._credential is not None:
                await self._credential.aclose()
            await self._wire.aclose()
        await self._guard.aclose()


async def _close_with_loop(wire: AsyncWire, pid: int) -> AsyncGenerator[None]:
    """Closes connections when their event loop ends, or when nobody has the client any more.

    An event loop finishes its asynchronous generators before it closes, and so does the garbage collector: the only
    places where a client that nobody closed can still do that in good order, instead of with "unclosed" warnings.
    """
    try:
        yield
    finally:
        # In a child process the sockets and the selector are still those of the parent.
        if pid == os.getpid():
            await wire.aclose()
