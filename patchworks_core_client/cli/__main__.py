"""Where the program `patchworks` begins; without the extra `cli` it says what to install."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line of this process; return the exit status."""
    try:
        from patchworks_core_client.cli.main import main as run

        return run()
    except ModuleNotFoundError as error:
        print(f"patchworks: {error.name} is missing; install patchworks-core-client[cli]", file=sys.stderr)
    except KeyboardInterrupt:
        # Before there was anything that could say more.
        print("stopped", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
