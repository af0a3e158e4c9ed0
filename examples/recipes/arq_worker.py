"""An arq worker: one client for the life of the worker, made at its start in its own event loop.

Run it with `arq examples.recipes.arq_worker.WorkerSettings`.
"""

from __future__ import annotations

from typing import Any

from patchworks_core_client import AsyncPatchworks


async def start(context: dict[str, Any]) -> None:
    """Open the client."""
    context["patchworks"] = await AsyncPatchworks().__aenter__()


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
