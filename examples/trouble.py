"""The middle of the tour: what goes wrong between a program and a server, and what the SDK makes of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from examples._local import API_KEY, PASSWORD, USERNAME
from examples._show import Show
from patchworks_core_client import (
    APIConnectionError,
    AsyncPatchworks,
    AuthenticationError,
    Mismatch,
    UnprocessableEntityError,
)

CALLS = 20


class _Lines(logging.Handler):
    """Keeps each line of the log with all that its record carries."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.__dict__}")


@contextmanager
def log_lines() -> Iterator[list[str]]:
    """Collect what the SDK logs, at its most talkative."""
    logger = logging.getLogger("patchworks_core_client")
    handler = _Lines()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    yield handler.lines
    logger.removeHandler(handler)


async def inject(pw: AsyncPatchworks, fault: str) -> None:
    """Have the local Patchworks fail; its control path is an endpoint like any other."""
    await pw.request("POST", "/_sandbox/faults", json={"fault": fault})


async def received(pw: AsyncPatchworks, operation: str) -> list[dict[str, Any]]:
    """Return what the local Patchworks has received for an operation."""
    answer = await pw.request("GET", "/_sandbox/requests")
    return [request for request in answer["data"] if request["operation"] == operation]


async def throttled(pw: AsyncPatchworks, show: Show) -> None:
    """Wait as long as a 429 says, and try again."""
    await inject(pw, "next 429 retry-after 1 on virtual_environments.list")
    before = len(await received(pw, "virtual_environments.list"))
    since = time.perf_counter()
    page = await pw.virtual_environments.list()
    waited = time.perf_counter() - since
    attempts = (await received(pw, "virtual_environments.list"))[before:]
    statuses = ", then ".join(str(attempt["status"]) for attempt in attempts)
    show.step("throttled", f"{statuses}, {waited:.1f} s later: a list of {page.total}")


async def one_login(pw: AsyncPatchworks, base_url: str, show: Show) -> None:
    """Log in once, whatever the number of calls that wait for it."""
    login_url = f"{base_url}/fabric/api/login"
    async with AsyncPatchworks(username=USERNAME, password=PASSWORD, login_url=login_url, base_url=base_url) as user:
        await asyncio.gather(*(user.virtual_environments.list() for _ in range(CALLS)))
    show.step("one login", f"{CALLS} calls at once, {len(await received(pw, 'login'))} login")


async def doubtful_post(pw: AsyncPatchworks, show: Show) -> None:
    """Send no POST again that may have taken effect, and say so."""
    original = (await pw.virtual_environments.list(sort="name")).items[-1]
    await inject(pw, "next cut on virtual_environments.copy")
    try:
        await pw.virtual_environments.copy(original.id)
    except APIConnectionError as error:
        sent = len(await received(pw, "virtual_environments.copy"))
        doubt = f"may_have_taken_effect={error.may_have_taken_effect}"
        show.step("broken POST", f"{type(error).__name__}: sent {sent} time, {doubt}", style="yellow")
    names = [item.name async for item in pw.virtual_environments.list(sort="name")]
    show.step("so look", f"{original.name} (copy) is {'' if f'{original.name} (copy)' in names else 'not '}there")


async def mistyped(pw: AsyncPatchworks, show: Show) -> None:
    """Keep what is not as described, and report it."""
    found: list[Mismatch] = []
    (first, *_) = (await pw.virtual_environments.list()).items
    await inject(pw, "next mistyped on virtual_environments.get")
    environment = await pw.with_options(on_mismatch=found.append).virtual_environments.get(first.id)
    for one in found[:1]:
        told = f"{one.model}, {one.field}: {one.declared} described, {one.got} came"
        show.step("mismatch", told, style="yellow")
    show.step("", f"the value is kept as it came: {environment.id!r}")


async def refused(pw: AsyncPatchworks, base_url: str, show: Show) -> None:
    """Tell errors of the server apart by their classes."""
    try:
        await pw.virtual_environments.create(name="x" * 300, labels=[])
    except UnprocessableEntityError as error:
        fields = "; ".join(f"{field}: {messages[0]}" for field, messages in error.errors.items())
        show.step("refused", f"422 {fields}", style="yellow")
    async with AsyncPatchworks(api_key="wrong", base_url=base_url) as stranger:
        try:
            await stranger.virtual_environments.list()
        except AuthenticationError as error:
            show.step("a wrong key", f"{error.status_code} {error.message}", style="yellow")


def secrets(lines: list[str], secret: str, show: Show) -> None:
    """Look for every secret of the tour in all that was logged."""
    wanted = {"key": API_KEY, "password": PASSWORD, "secret": secret}
    found = sum(value in line for value in wanted.values() for line in lines)
    show.step("secrets", f"{', '.join(wanted)}: {found} times in {len(lines)} log lines", style="green")
