"""How much memory was resident at most, of this process alone."""

import math
import resource
import sys
from contextlib import suppress

# macOS counts in bytes, others in KiB.
_UNITS_OF_MIB = 2**20 if sys.platform == "darwin" else 2**10


def _counted():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _UNITS_OF_MIB


# A process may inherit what its parent had before it became another program.
_AT_FIRST = _counted()


def highest_mib(status="/proc/self/status"):
    """MiB at the highest since the program was started; not a number where the system does not tell."""
    with suppress(OSError), open(status, encoding="ascii") as lines:
        for line in lines:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    counted = _counted()
    return counted if counted > _AT_FIRST else math.nan
