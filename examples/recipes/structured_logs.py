"""Structured logs with structlog: one JSON line for each attempt, with the request id that the vendor can look up."""

from __future__ import annotations

import asyncio
import logging
import sys

import structlog

from patchworks_core_client import APIStatusError, AsyncPatchworks


def configure() -> None:
    """Print the log lines of the package, with what they carry as `extra`, as JSON."""
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
        foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.ExtraAdder()],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logger = logging.getLogger("patchworks_core_client")
    logger.handlers = [handler]
    logger.setLevel(logging.DEBUG)


async def main() -> None:
    """Make a call that works and one that does not."""
    configure()
    async with AsyncPatchworks() as pw:
        await pw.virtual_environments.list(per_page=1)
        try:
            await pw.virtual_environments.get(999_999)
        except APIStatusError as error:
            print(f'{{"event": "failed", "status": {error.status_code}, "request_id": "{error.request_id}"}}')


if __name__ == "__main__":
    asyncio.run(main())
