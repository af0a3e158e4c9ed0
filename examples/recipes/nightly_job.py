"""A scheduled job over every environment, under a budget of requests, so that it never runs into a 429.

Run it from cron or a timer of systemd: `python -m examples.recipes.nightly_job`. The exit status is 1 where something
is wrong.
"""

from __future__ import annotations

import asyncio
import sys

from patchworks_core_client import AsyncPatchworks
from patchworks_core_client.models import VirtualEnvironment


async def undeployed(pw: AsyncPatchworks, environment: VirtualEnvironment) -> str | None:
    """Return the name of an environment of which nothing was ever deployed."""
    async for version in pw.virtual_environments.list_versions(environment.id):
        if version.status == "Deployed":
            return None
    return environment.name


async def main() -> int:
    """Print what is not deployed; return how many."""
    # All calls below share the budget. Here it is half of what the API allows, which leaves room for others. The
    # time-out is as long as the last call may have to wait for its turn: 1,200 calls take ten minutes.
    async with AsyncPatchworks(rate="120/min", timeout=600) as pw:
        environments = await pw.virtual_environments.list().collect()
        names = await asyncio.gather(*(undeployed(pw, environment) for environment in environments))
    missing = sorted(name for name in names if name is not None)
    for name in missing:
        print(f"not deployed: {name}")
    return len(missing)


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(main()) else 0)
