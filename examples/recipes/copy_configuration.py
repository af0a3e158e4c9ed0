"""Copy the variables of one environment's draft into another's: create what is missing, change what differs.

To keep many environments alike, use `patchworks plan` and `patchworks apply`: they show first what would change.
"""

from __future__ import annotations

import asyncio
import sys

from patchworks_core_client import AsyncPatchworks
from patchworks_core_client.models import Variable

FIELDS = ("type", "key", "value", "fallback", "date_format")


async def draft_of(pw: AsyncPatchworks, environment: int) -> int:
    """Return the id of an environment's draft."""
    async for version in pw.virtual_environments.list_versions(environment):
        if version.status == "Draft" and version.id is not None:
            return version.id
    raise LookupError(f"environment {environment} has no draft")


async def copy(pw: AsyncPatchworks, source: int, target: int) -> list[str]:
    """Copy the variables; return the keys that were written."""
    versions = pw.virtual_environment_versions
    wanted = await versions.list_variables(await draft_of(pw, source)).collect()
    draft = await draft_of(pw, target)
    present = {variable.key: variable async for variable in versions.list_variables(draft)}
    written: list[str] = []
    for variable in wanted:
        # The value of a secret is never shown, so it cannot be copied.
        if not variable.key or variable.secret or same(variable, present.get(variable.key)):
            continue
        # Not sent where it is null: the API takes a text, or nothing.
        body = {name: value for name, value in variable.to_dict().items() if name in FIELDS and value is not None}
        if variable.key in present:
            await versions.update_variable(draft, present[variable.key].id, body=body)
        else:
            await versions.create_variable(draft, body=body)
        written.append(variable.key)
    return written


def same(one: Variable, other: Variable | None) -> bool:
    """Return whether two variables hold the same."""
    return other is not None and all(getattr(one, name) == getattr(other, name) for name in FIELDS)


async def main(source: int, target: int) -> None:
    """Copy, and print what was written."""
    async with AsyncPatchworks() as pw:
        print("\n".join(await copy(pw, source, target)) or "nothing to do")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
