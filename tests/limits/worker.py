"""A process of a fleet: makes calls, and tells what they were answered, and what its fleet logged."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from multiprocessing.connection import Connection

from patchworks_core_client import AsyncPatchworks, RedisFleet


def work(parent: Connection, url: str, redis: str, calls: int, rate: str) -> None:
    """Tell when it is ready, wait to be told to begin, and tell what came of it."""
    asyncio.run(make_calls(parent, url, redis, calls, rate))


async def make_calls(parent: Connection, url: str, redis: str, calls: int, rate: str) -> None:
    statuses: Counter[int] = Counter()
    levels: list[str] = []
    logger = logging.getLogger("patchworks_core_client.fleet")
    logger.setLevel(logging.INFO)
    logger.addFilter(lambda record: levels.append(record.levelname) or False)  # type: ignore[func-returns-value]
    async with AsyncPatchworks(
        base_url=url,
        login_url=f"{url}/fabric/api/login",
        username="admin@sandbox.test",
        password="sandbox-password",
        rate=rate,
        fleet=RedisFleet(redis, company="acme", timeout=5, workers=2),
        on_response=lambda response: statuses.update([response.status_code]),
    ) as pw:
        parent.send("ready")
        parent.recv()
        await asyncio.gather(*(pw.virtual_environments.get(1 + n % 10) for n in range(calls)))
        while not pw.limits.fleet:
            await pw.virtual_environments.get(1)
    parent.send({"statuses": dict(statuses), "log": levels})
