"""Put this checkout first on `sys.path`, for a script that is run as a file."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
