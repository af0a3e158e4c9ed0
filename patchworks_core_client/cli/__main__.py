"""`python -m patchworks_core_client.cli`."""

import sys

from patchworks_core_client.cli.entry import main

if __name__ == "__main__":
    sys.exit(main())
