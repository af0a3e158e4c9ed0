"""What `make demo` shows."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_tour_shows_every_step_on_80_columns() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "examples.tour"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    lines = done.stdout.splitlines()
    assert max(len(line) for line in lines) <= 80
    for step in (
        "UK: create",
        "FR: deploy",
        "version #3 is Deployed",
        "page 1 of 2",
        "page 2 of 2",
        "currency=GBP, api_token=***",
        "UK live (copy)",
        "422 name:",
        "401 Unauthenticated.",
        "3 deleted, 0 left",
        "$ patchworks export -o patchworks.yaml",
        "~ variable greeting: value: Hello -> Good day",
        "+ variable region: UK",
        "UK live: 1 created, 1 changed, version ",
        "deployed  ",
    ):
        assert step in done.stdout
    assert "s3cr3t" not in done.stdout
