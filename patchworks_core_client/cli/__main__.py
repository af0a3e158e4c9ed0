"""`python -m patchworks_core_client.cli`."""

import sys

from .entry import main

sys.exit(main())
