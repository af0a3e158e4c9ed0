"""Change one field of a resource whose update wants all required fields: read, change, write.

The API replaces what is sent, and refuses an update in which a required field is missing.
"""

from __future__ import annotations

import asyncio
import sys

from patchworks_core_client import AsyncPatchworks
from patchworks_core_client.models import VirtualEnvironment


async def describe(pw: AsyncPatchworks, identifier: int, description: str) -> VirtualEnvironment:
    """Write the description of an environment and keep the rest."""
    before = await pw.virtual_environments.get(identifier, include="labels")
    assert before.name is not None
    labels = [{"id": label["id"]} for label in before.labels or []]
    return await pw.virtual_environments.update(
        identifier,
        body={"name": before.name, "type": before.type, "description": description, "labels": labels},
    )


async def main(identifier: int, description: str) -> None:
    """Change the environment and print what it is now."""
    async with AsyncPatchworks() as pw:
        after = await describe(pw, identifier, description)
        print(f"{after.name}: {after.description}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
