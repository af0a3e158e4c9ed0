"""What all copies of a client share: the connections, the credential, the hold of a 429, and whether it is closed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from . import _clock
from ._attempts import Attempts, Hold
from ._errors import ClientStateError
from ._outcome import Lost
from ._redact import redact

if TYPE_CHECKING:
    import asyncio

    from ._config import Config, Options, TimeLimits
    from ._outcome import Raw
    from ._request import Prepared
    from ._transport._async import AsyncWire


class AsyncSession:
    """The shared part of asynchronous clients."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.hold = Hold()
        self.closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pid = 0
        self._wire: AsyncWire | None = None

    def redact(self, text: str) -> str:
        return redact(text, self.config.credentials.secrets)

    def bind(self) -> AsyncWire:
        import asyncio

        if self.closed:
            raise ClientStateError("the client is closed; make a new one")
        loop = asyncio.get_running_loop()
        if self._wire is None:
            from ._transport._async import AsyncWire

            self._loop, self._pid, self._wire = loop, os.getpid(), AsyncWire(self.config)
        if self._loop is not loop:
            raise ClientStateError("the client was first used in another event loop; make one for each loop")
        if self._pid != os.getpid():
            raise ClientStateError("the client was first used in another process; make one after the fork")
        return self._wire

    async def call(self, prepared: Prepared, options: Options, limits: TimeLimits) -> Raw:
        import asyncio

        wire = self.bind()
        deadline = _clock.Deadline(limits.total)
        attempts = Attempts(
            prepared, max_retries=options.max_retries, deadline=deadline, hold=self.hold, redact=self.redact
        )
        timer = asyncio.timeout(limits.total)
        try:
            async with timer:
                while True:
                    wait = attempts.held_back()
                    if not wait:
                        key = self.config.credentials.api_key
                        authorization = None if key is None else key.encode("latin-1")
                        outcome = await wire.exchange(prepared, authorization, limits.steps, attempts.begin())
                        if isinstance(outcome, Lost):
                            wait = attempts.after_loss(outcome)
                        elif 200 <= outcome.status <= 299:
                            return outcome
                        else:
                            wait = attempts.after_status(outcome)
                    if wait:
                        await _clock.asleep(wait)
        except TimeoutError:
            if not timer.expired():
                raise
        raise attempts.timed_out()

    async def aclose(self) -> None:
        self.closed = True
        if self._wire is not None:
            await self._wire.aclose()
