"""A process of a fleet: makes calls, and prints how many were refused and how often it logged in."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter

from patchworks_core_client import AsyncPatchworks, RedisFleet


async def main(url: str, redis: str, calls: int, rate: str) -> None:
    statuses: Counter[int] = Counter()
    async with AsyncPatchworks(
        base_url=url,
        login_url=f"{url}/fabric/api/login",
        username="admin@sandbox.test",
        password="sandbox-password",
        rate=rate,
        fleet=RedisFleet(redis, company="acme", timeout=5),
        on_response=lambda response: statuses.update([response.status_code]),
    ) as pw:
        await asyncio.gather(*(pw.virtual_environments.get(1 + n % 10) for n in range(calls)))
    print(json.dumps(statuses))


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
