"""The whole line in a process of its own, and what that took."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent


class Run(NamedTuple):
    """One run of `scripts/regenerate.py`.

    Attributes:
        code: the exit code.
        text: what it said.
        seconds: from start to end.
        cpu_seconds: of all cores together, which tells more on a busy machine.
        peak_bytes: the most memory that it or a process of its own held at once.
    """

    code: int
    text: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int


def run_line(pages: Path, output: Path) -> Run:
    """Run the line from some pages into a folder."""
    script = ROOT / "scripts" / "regenerate.py"
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, script, "--pages", pages, "--output", output], stdout=said, stderr=subprocess.STDOUT
        )
        # Unlike `wait`, it tells what this one process used, those that it waited for included.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        said.seek(0)
        cpu_seconds = usage.ru_utime + usage.ru_stime
        return Run(process.returncode, said.read().decode(), seconds, cpu_seconds, usage.ru_maxrss * 1024)


def python(code: str, package: Path) -> str:
    """What some code prints, with the package in a folder and without anything imported before."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(package)!r})\n{code}"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=package,
    )
    return done.stdout
