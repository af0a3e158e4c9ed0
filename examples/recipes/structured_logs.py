"""Structured logs with structlog: one JSON line for each attempt, with the request id that the vendor can look up."""

from __future__ import annotations

import asyncio
import logging
import sys

import structlog

from patchworks_core_client import APIStatusError, AsyncPatchworks

logger = logging.getLogger("report")


def configure() -> None:
    """Print log lines, with what they carry as `extra`, as JSON; of the package, those of each attempt as well."""
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
        foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.ExtraAdder()],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("patchworks_core_client").setLevel(logging.DEBUG)


async def main() -> None:
    """Make a call that works and one that does not."""
    configure()
    async with AsyncPatchworks() as pw:
        await pw.virtual_environments.list(per_page=1)
        try:
            await pw.virtual_environments.get(999_999)
        except APIStatusError as error:
            logger.error("no report", extra={"status": error.status_code, "request_id": error.request_id})


if __name__ == "__main__":
    asyncio.run(main())
