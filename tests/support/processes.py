"""Processes that tests start, of which the coverage is not wanted: measuring them takes up to three times as long."""

from __future__ import annotations

import multiprocessing
import os
import sys


def unmeasured() -> dict[str, str]:
    """Return the environment of this process without what makes coverage measure the processes that it starts."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


# What is installed here and loads itself into every run of pytest, though it has nothing to do with the package.
OTHER_PLUGINS = ("hypothesispytest", "pytest_httpx", "respx", "schemathesis", "typeguard")


def pytest_command(*options: str) -> list[str]:
    """Return the command that runs pytest as in a project of somebody else: with a third less to import."""
    without = (f"-pno:{name}" for name in ("cacheprovider", *OTHER_PLUGINS))
    return [sys.executable, "-m", "pytest", "-q", *without, *options]


# Starts processes that are forked from one which has imported what they need: importing is what takes the time.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "patchworks_core_client._client.async_client",
        "patchworks_core_client._http.async_transport",
        "patchworks_core_client._limits.redis_budget",
        "patchworks_core_client.sandbox.app",
        "patchworks_core_client.sandbox.cli.main",
        "httpx",
        "redis.asyncio",
        "uvicorn.protocols.http.h11_impl",
    ]
)
