"""A process of a fleet: makes calls, and prints what they were answered, and what its fleet logged."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections import Counter

from patchworks_core_client import AsyncPatchworks, RedisFleet


async def main(url: str, redis: str, calls: int, rate: str) -> None:
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
        print("ready", flush=True)
        sys.stdin.readline()
        await asyncio.gather(*(pw.virtual_environments.get(1 + n % 10) for n in range(calls)))
        while not pw.limits.fleet:
            await pw.virtual_environments.get(1)
    print(json.dumps({"statuses": statuses, "log": levels}))


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
