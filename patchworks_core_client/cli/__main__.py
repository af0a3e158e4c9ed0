"""`python -m patchworks_core_client.cli`."""

import sys

from .main import main

sys.exit(main())
