"""Imported by a script that is run as a file: what it imports next is its own checkout, whatever else is installed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
