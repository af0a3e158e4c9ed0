"""Counts that say what something costs and come out the same on any machine, however busy it is."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import patchworks_core_client

_PACKAGE = str(Path(patchworks_core_client.__file__).parent)


def package_calls(run: Callable[[], object]) -> Counter[str]:
    """How often each function of the package, compiled decoders included, is called while `run` runs."""
    counts: Counter[str] = Counter()

    def profile(frame: FrameType, event: str, _: Any) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith((_PACKAGE, "<decoder of")):
            counts[frame.f_code.co_qualname] += 1

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.setprofile(before)
    return counts


def imported(code: str, *arguments: str) -> set[str]:
    """The modules that a fresh interpreter has after some code, less those that it has without."""
    code = f"import sys\nbare = set(sys.modules)\n{code}\nprint('modules:', *(set(sys.modules) - bare))"
    command = [sys.executable, "-I", "-c", code, *arguments]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(run.stdout.rpartition("modules:")[2].split())
