"""`python -m benchmarks [--quick] [--rows cpu,flight] [--rounds 5]`; `make bench` and `make bench-quick` run it."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import report, run, workshop
from .rows import CONTENDERS, ROWS

RESULTS = workshop.ROOT / "benchmarks" / "results"
# A short run is for looking, so it does not replace what is committed.
QUICK_RESULTS = workshop.BUILD / "quick"
QUICK_ROWS = ("cpu", "cpu-sync", "flight", "pages", "decode", "import", "ready")
# What a short run leaves out for its two minutes: who stands beside the point.
QUICK_OUT = {"openai_aiohttp", "githubkit_sdk", "hcloud_sdk", "requests_raw"}


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under two minutes: fewer rows, contenders and rounds")
    parser.add_argument("--rows", default="", help=f"only these, with commas: {','.join(row.name for row in ROWS)}")
    parser.add_argument("--only", default="", help="only these contenders, with commas, beside the reference")
    parser.add_argument("--rounds", type=int, default=0, help="how often each is measured (5; 1 with --quick)")
    options = parser.parse_args()
    names = [name for name in options.rows.split(",") if name]
    wanted = names or (QUICK_ROWS if options.quick else [row.name for row in ROWS])
    rows = [row for row in ROWS if row.name in wanted]
    workshop.prepare({CONTENDERS[name].packages for row in rows for name in row.contenders})
    folder = QUICK_RESULTS if options.quick or options.only else RESULTS
    folder.mkdir(parents=True, exist_ok=True)
    # Rows that are taken anew replace those of an earlier run; a short run as a whole begins afresh.
    results = _kept(folder / "results.json") if names or not options.quick else {"rows": {}}
    results |= {"machine": _machine(), "versions": _versions()}
    only = {name for name in options.only.split(",") if name}
    rounds = options.rounds or (1 if options.quick else 5)
    for row in rows:
        contenders = [
            name
            for name in row.contenders
            if (name == row.reference or not only or name in only) and not (options.quick and name in QUICK_OUT)
        ]
        with run.server() as ports:
            results["server_per_second"] = max(run.server_rate(ports["port"]), results.get("server_per_second", 0))
            taken = run.samples(replace(row, contenders=tuple(contenders)), rounds, ports, short=options.quick)
        results["rows"][row.name] = {"date": time.strftime("%Y-%m-%d"), "commit": _commit(), "samples": taken}
        (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    _write(results, folder)
    print((folder / "results.md").read_text(encoding="utf-8"))


def _kept(file: Path) -> dict[str, Any]:
    if file.exists():
        return dict(json.loads(file.read_text(encoding="utf-8")))
    return {"rows": {}}


def _write(results: dict[str, Any], folder: Path) -> None:
    (folder / "results.md").write_text(report.full_table(results), encoding="utf-8")
    (folder / "README-table.md").write_text(report.summary_table(results), encoding="utf-8")
    subprocess.run(
        [workshop.python(workshop.TOOLS), "-m", "benchmarks.plot", folder / "results.json", folder / "results.svg"],
        cwd=workshop.ROOT,
        check=True,
    )


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{time.strftime('%d %B %Y')}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB, {platform.python_implementation()} {platform.python_version()}"
    )


def _versions() -> list[str]:
    freeze = [workshop.python(workshop.PEERS), "-m", "pip", "freeze", "--disable-pip-version-check"]
    listed = subprocess.run(freeze, check=True, capture_output=True, text=True).stdout.split()
    asked = (workshop.ROOT / "benchmarks" / "peers.txt").read_text(encoding="utf-8")
    names = {line.split("=")[0].split("[")[0].lower() for line in asked.splitlines() if "==" in line}
    return [line.replace("==", " ") for line in listed if line.split("==")[0].lower() in names]


def _commit() -> str:
    git = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, cwd=workshop.ROOT, check=False, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
