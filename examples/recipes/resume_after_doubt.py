"""Create something exactly once, also where the connection breaks after the server has done its part.

A `POST` that may have taken effect is never sent again by the client. It says so, and the program looks.
"""

from __future__ import annotations

import asyncio
import sys

from patchworks_core_client import APIConnectionError, AsyncPatchworks, ServerError
from patchworks_core_client.models import Variable

LOOKS = 3
PAUSE_S = 0.5


async def find(pw: AsyncPatchworks, version: int, key: str) -> Variable | None:
    """Return the variable of a key."""
    async for variable in pw.virtual_environment_versions.list_variables(version):
        if variable.key == key:
            return variable
    return None


async def create_once(pw: AsyncPatchworks, version: int, key: str, value: str) -> Variable:
    """Create a variable, and where it is not known whether that worked, look before creating it again."""
    versions = pw.virtual_environment_versions
    try:
        return await versions.create_variable(version, type="string", key=key, value=value)
    except (APIConnectionError, ServerError) as error:
        if not error.may_have_taken_effect:
            raise
    # What was written may become visible a moment later.
    for _ in range(LOOKS):
        present = await find(pw, version, key)
        if present is not None:
            return present
        await asyncio.sleep(PAUSE_S)
    return await versions.create_variable(version, type="string", key=key, value=value)


async def main(version: int, key: str, value: str) -> None:
    """Create the variable and print its id."""
    async with AsyncPatchworks() as pw:
        print((await create_once(pw, version, key, value)).id)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
