"""The entry point of the console script: without the extra `cli` it says what to install."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line of this process; return the exit status."""
    try:
        from .main import main as run

        return run()
    except ModuleNotFoundError as error:
        print(f"patchworks: {error.name} is missing; install patchworks-core-client[cli]", file=sys.stderr)
    except KeyboardInterrupt:
        # Before there was anything that could say more.
        print("stopped", file=sys.stderr)
    return 1
