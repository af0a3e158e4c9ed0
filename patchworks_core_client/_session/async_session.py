"""The session of the asynchronous client: performs the steps of calls with `await`."""

from __future__ import annotations

import asyncio
import os
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, cast

from .. import _clock
from .._errors import ClientStateError
from .._http.async_transport import AsyncTransport
from .._http.attempt import Attempt
from .._http.generator_flow import DeadlineExceeded, Wait, drive_async
from .._limits.queue import AwaitTurn
from . import tracing
from .base import SessionBase
from .call_flow import call_flow
from .deadlines import Deadlines

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from .._auth.async_login import AsyncLogin
    from .._auth.credentials import Credentials
    from .._http.request import Prepared
    from .._http.response import RawResponse
    from .._http.transport import ConnectionSettings
    from .._limits.limiter import Limiter
    from .call_flow import Step
    from .timeouts import CallLimits

_OTHER_LOOP = "the client was first used in another event loop, to which its connections belong; make one for each loop"


class AsyncSession(SessionBase):
    """What an asynchronous client and its copies work with, from their first call on."""

    def __init__(
        self, connection: ConnectionSettings, credentials: Credentials, limits: CallLimits, limiter: Limiter
    ) -> None:
        super().__init__(credentials, limits, limiter)
        self._loop = asyncio.get_running_loop()
        self._transport = AsyncTransport(connection)
        self._deadlines = Deadlines()
        self._login: AsyncLogin | None = None
        if self.tokens is not None:
            from .._auth.async_login import AsyncLogin

            self._login = AsyncLogin(self.tokens, self._send_login)
        self._guard = _close_with_loop(self._transport, self._pid)
        with suppress(StopIteration):
            # Runs up to its `yield` at once; from then on the loop knows of it.
            self._guard.__anext__().send(None)

    async def call(self, prepared: Prepared, limits: CallLimits) -> RawResponse:
        """Make a call, with all attempts that it takes; gives a success.

        Raises:
            APIStatusError: the last answer was no success.
            APIConnectionError: there was no answer.
            ClientStateError: the client cannot be used here and now.
        """
        self._check()
        flow = call_flow(self, prepared, limits, _clock.Deadline(limits.total))
        return await self._run(tracing.traced(prepared, flow), limits)

    async def _send_login(self, prepared: Prepared) -> RawResponse:
        # With the client's own limits, whatever those of the call are that needs the login.
        flow = call_flow(self, prepared, self.limits, _clock.Deadline(self.limits.total), login=True)
        return await self._run(flow, self.limits)

    def _check(self) -> None:
        # First the process: in a child that was forked from a running loop, there is none.
        self._refuse_other_process()
        if self._loop is not asyncio.get_running_loop():
            raise ClientStateError(_OTHER_LOOP)

    async def _run(self, flow: Generator[Step, Any, RawResponse], limits: CallLimits) -> RawResponse:
        timer = asyncio.timeout(None)
        with closing(flow):
            try:
                async with timer:
                    self._deadlines.begin(timer, limits.total)
                    try:
                        return await drive_async(flow, self._perform)
                    finally:
                        self._deadlines.end(timer)
            except TimeoutError:
                # That of somebody else, such as a hook, goes on its way.
                if not timer.expired():
                    raise
            # It raises what it knows of the call.
            return cast("RawResponse", flow.throw(DeadlineExceeded()))

    async def _perform(self, step: Step) -> object:
        if isinstance(step, Attempt):
            return await self._transport.exchange(step)
        if isinstance(step, Wait):
            if step.seconds:
                await _clock.sleep_async(step.seconds)
            return None
        if isinstance(step, AwaitTurn):
            await _await_turn(step)
            return None
        return await cast("AsyncLogin", self._login).obtain()

    def prepare(self) -> None:
        self._transport.prepare()

    async def aclose(self) -> None:
        """Close the connections and break off what is under way.

        Raises:
            ClientStateError: their event loop is another one, which has not ended yet.
        """
        self.closed = True
        if self._is_own_process():
            self.limiter.close()
        if self._is_own_process() and not self._loop.is_closed():
            self._check()
            if self._login is not None:
                await self._login.aclose()
            await self._transport.aclose()
        await self._guard.aclose()


async def _await_turn(step: AwaitTurn) -> None:
    loop = asyncio.get_running_loop()
    called = asyncio.Event()

    def call_up() -> None:
        # What is left of a call may be collected in another thread, or after its loop.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(called.set)

    step.place.when_called(call_up)
    with suppress(TimeoutError):
        async with asyncio.timeout(step.seconds):
            await called.wait()


async def _close_with_loop(transport: AsyncTransport, pid: int) -> AsyncGenerator[None]:
    """Closes connections when their event loop ends, or when nobody has the client any more.

    An event loop finishes its asynchronous generators before it closes, and so does the garbage collector: the only
    places where a client that nobody closed can still do that in good order, instead of with "unclosed" warnings.
    """
    try:
        yield
    finally:
        # In a child process the sockets and the selector are still those of the parent.
        if pid == os.getpid():
            await transport.aclose()
