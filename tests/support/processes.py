"""Processes that tests start, of which the coverage is not wanted: measuring them takes up to three times as long."""

from __future__ import annotations

import os


def unmeasured() -> dict[str, str]:
    """Return the environment of this process without what makes coverage measure the processes that it starts."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
