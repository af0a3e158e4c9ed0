"""An arq worker: one client for the life of the worker, made at its start in its own event loop.

arq needs a Redis, so the workers share their login, their pauses and their budget through it, on however many machines.
Run it with `arq examples.recipes.arq_worker.WorkerSettings`.
"""

from __future__ import annotations

import os
from typing import Any

from arq.connections import RedisSettings

from patchworks_core_client import AsyncPatchworks, RedisFleet

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379")


async def start(context: dict[str, Any]) -> None:
    """Open the client."""
    fleet = RedisFleet(REDIS_URL, company=os.environ.get("PATCHWORKS_COMPANY", "ours"))
    context["patchworks"] = await AsyncPatchworks(rate="240/min", fleet=fleet).__aenter__()


async def stop(context: dict[str, Any]) -> None:
    """Close the client."""
    await context["patchworks"].aclose()


async def count_variables(context: dict[str, Any], environment: int) -> int:
    """Count the variables of an environment's draft."""
    pw: AsyncPatchworks = context["patchworks"]
    async for version in pw.virtual_environments.list_versions(environment):
        if version.status == "Draft":
            return len(await pw.virtual_environment_versions.list_variables(version.id).collect())
    return 0


class WorkerSettings:
    """What arq reads."""

    functions = (count_variables,)
    on_startup = start
    on_shutdown = stop
    redis_settings = RedisSettings.from_dsn(REDIS_URL)
