"""A program that builds the documentation site as `python -m sphinx` does, without what its process does not need.

Nearly all that a build makes stays to its end: a quarter of its time would go into looking for what does not, and a
tenth into taking it apart.
"""

from __future__ import annotations

import gc
import os
import sys

import sphinx.cmd.build

if __name__ == "__main__":
    gc.disable()
    status = sphinx.cmd.build.main()
    sys.stderr.flush()
    os._exit(status)
