"""`python -m benchmarks.scale`: the whole line for 27 and for 1,080 operations, in seconds and MiB; targets beside it.

What importing the larger package costs is a row of `python -m benchmarks`.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import tempfile
import time
from pathlib import Path

from tests.scale.line import ROOT, Run, run_line
from tests.scale.pages import write_pages

RESULT = ROOT / "benchmarks" / "results" / "line.md"
TARGET_S = 30
TARGET_MIB = 1024
_COPIES = (1, 10, 40)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    rounds = parser.parse_args().rounds
    rows = [_row(copies, rounds) for copies in _COPIES]
    text = (
        "# The line: from documentation pages to an importable package\n\n"
        f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {rounds} rounds: median (least to most). "
        f"Targets for 1,080 operations: {TARGET_S} s, {TARGET_MIB} MiB.\n\n"
        "| operations | seconds | CPU seconds | peak MiB |\n| ---: | ---: | ---: | ---: |\n" + "".join(rows)
    )
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(text, encoding="utf-8")
    print(text)


def _row(copies: int, rounds: int) -> str:
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        pages = Path(folder, "pages")
        pages.mkdir()
        operations = write_pages(pages, copies)
        runs = [_measured(pages, Path(folder, f"output-{number}")) for number in range(rounds)]
    peak = max(run.peak_bytes for run in runs) / 2**20
    times = (_median([run.seconds for run in runs]), _median([run.cpu_seconds for run in runs]))
    return f"| {operations:,} | {' | '.join(times)} | {peak:.0f} |\n"


def _median(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f} ({min(seconds):.1f} to {max(seconds):.1f})"


def _measured(pages: Path, output: Path) -> Run:
    run = run_line(pages, output)
    if run.code:
        raise SystemExit(run.text)
    return run


if __name__ == "__main__":
    main()
