"""Make the client of a command from the environment's variables, and run the command's work."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from patchworks_core_client import PatchworksError

from ..environments.errors import InputError

if TYPE_CHECKING:
    from patchworks_core_client import AsyncPatchworks

T = TypeVar("T")

STEP_S = 30.0
CONNECT_S = 5.0
MAX_RETRIES = 5
DEFAULT_SERVER = "https://core.wearepatchworks.com"


class CredentialsError(PatchworksError):
    """There are no credentials, or they cannot be used."""


def client(rate: str | None = None) -> AsyncPatchworks:
    """Return the client that the variables of the environment describe.

    Args:
        rate: the budget of requests, such as `240/min`; `None` is none.

    Raises:
        InputError: the rate cannot be understood.
        CredentialsError: the variables give no credentials, or contradict each other.
    """
    import httpx

    from patchworks_core_client import AsyncPatchworks

    # What differs from the description is the subject of `patchworks check`.
    logging.getLogger("patchworks_core_client").addHandler(logging.NullHandler())
    # Of each step, not of a call as a whole: a budget and a 429 are waited for.
    timeout = httpx.Timeout(STEP_S, connect=CONNECT_S)
    options: dict[str, Any] = {"timeout": timeout, "max_retries": MAX_RETRIES}
    if rate is not None:
        options["rate"] = rate
    try:
        return AsyncPatchworks(**options)
    except PatchworksError as error:
        raise CredentialsError(str(error)) from None
    except (ValueError, TypeError) as error:
        raise InputError(str(error)) from None


def server() -> str:
    """Return the URL of the server that commands talk to."""
    return os.environ.get("PATCHWORKS_BASE_URL", DEFAULT_SERVER)


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a command's work in an event loop.

    Raises:
        KeyboardInterrupt: it was stopped, by Ctrl+C or a SIGTERM.
    """
    import asyncio

    async def stoppable() -> T:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - this is one
        # Windows has no such signals, and another thread cannot take any.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work()

    try:
        return asyncio.run(stoppable())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
