"""A function in the style of AWS Lambda: one event loop and one client for the life of the process.

`asyncio.run` for each event would make a new loop each time, to which the connections of the last one do not belong.
"""

from __future__ import annotations

import asyncio
from typing import Any

from patchworks_core_client import AsyncPatchworks

_loop = asyncio.new_event_loop()
_client: AsyncPatchworks | None = None


async def _names() -> list[str | None]:
    global _client  # noqa: PLW0603 - it is kept for the next event
    if _client is None:
        _client = AsyncPatchworks()
    return [item.name async for item in _client.virtual_environments.list(sort="name")]


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one event with the names of all environments."""
    del event, context
    return {"names": _loop.run_until_complete(_names())}
