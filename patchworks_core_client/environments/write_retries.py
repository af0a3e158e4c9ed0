"""Retry requests that write: a `POST` that may have taken effect is looked up before it is made again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

ATTEMPTS = 5
# What was written may be visible a moment later: the seconds before each look at what has to appear, ...
LONG_POLL_S = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
# ... and at what may never: a `POST` that failed.
SHORT_POLL_S = (0.0, 0.5, 1.5)


class WriteSender:
    """Sends requests that write.

    Attributes:
        uncertain: whether one failed, or was stopped, that may have taken effect.
    """

    def __init__(self) -> None:
        self.uncertain = False

    async def idempotent(self, send: Callable[[], Awaitable[object]]) -> None:
        """Send what does the same however often it is sent."""
        try:
            await send()
        except BaseException as error:
            self.uncertain |= may_have_taken_effect(error)
            raise

    async def post_once(
        self,
        post: Callable[[], Awaitable[T]],
        look: Callable[[], Awaitable[Any]],
        *,
        patient: bool = False,
    ) -> T | Any:
        """Make a `POST`; where it may have taken effect, look before it is made again.

        Args:
            post: makes it.
            look: returns what it made, `None` where that is not there.
            patient: whether to look as long as what was made may take to appear.

        Returns:
            What `post` gives, or what `look` finds.
        """
        from patchworks_core_client import APIStatusError, PatchworksError

        doubtful = False
        for attempt in range(ATTEMPTS):
            try:
                return await post()
            except asyncio.CancelledError:
                self.uncertain = True
                raise
            except PatchworksError as error:
                # What is there already is refused, also when it was not visible yet as this was planned.
                refused = isinstance(error, APIStatusError) and error.status_code in {409, 422}
                doubtful |= may_have_taken_effect(error)
                if not doubtful and not refused:
                    raise
                found = await poll(look, LONG_POLL_S if patient and doubtful else SHORT_POLL_S)
                if found is not None:
                    return found
                if refused or attempt == ATTEMPTS - 1:
                    self.uncertain |= doubtful
                    raise
        raise AssertionError  # pragma: no cover - the last attempt returned or raised


def may_have_taken_effect(error: BaseException) -> bool:
    """Return whether a call that failed so may still have done what it was for."""
    from patchworks_core_client import APIConnectionError, APIStatusError, PatchworksError

    if isinstance(error, APIConnectionError):
        return error.may_have_taken_effect
    if isinstance(error, APIStatusError):
        return error.status_code >= 500 or error.status_code in {408, 425} or error.status_code < 400
    # It was stopped while it was under way, or an answer came that cannot be read.
    return isinstance(error, asyncio.CancelledError | PatchworksError)


async def poll(look: Callable[[], Awaitable[T | None]], looks: Sequence[float] | None = None) -> T | None:
    """Return what `look` finds, at once or a moment later; `None` where it finds nothing."""
    from patchworks_core_client import NotFoundError

    for delay in looks or LONG_POLL_S:
        await asyncio.sleep(delay)
        # What was made a moment ago may itself not be visible yet.
        with suppress(NotFoundError):
            found = await look()
            if found is not None:
                return found
    return None
