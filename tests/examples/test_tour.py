"""What `make demo` shows."""

import re
import subprocess
import sys
from pathlib import Path

from examples._local import API_KEY, PASSWORD
from examples.tour import NEXT
from tests.support.processes import unmeasured

ROOT = Path(__file__).resolve().parents[2]


def test_the_tour_shows_every_step_on_80_columns() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "examples.tour"],
        cwd=ROOT,
        env=unmeasured(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    lines = done.stdout.splitlines()
    assert max(len(line) for line in lines) <= 80
    for step in (
        "UK live (id 1), FR live (id 2)",
        "FR live: version 1 is Deployed, version 2 the new draft",
        "page 2 of 2     UK live",
        "currency = GBP, shop_token = (a secret, not shown)",
        "429, then 200",
        "20 calls at once, 1 login",
        "APIConnectionError: sent 1 time, may_have_taken_effect=True",
        "UK live (copy) is there",
        "VirtualEnvironment, data.id: int described, str came",
        "422 name:",
        "401 Unauthenticated.",
        "3 environments deleted, 0 left",
        "key, password, secret: 0 times in ",
        "$ patchworks export -o patchworks.yaml",
        "~ variable greeting: value: Hello -> Good day",
        "+ variable region: UK",
        "UK live: 1 created, 1 changed, version id ",
        "deployed  ",
        "Where to look next",
    ):
        assert step in done.stdout
    for secret in ("s3cr3t", API_KEY, PASSWORD):
        assert secret not in done.stdout


def test_what_to_look_at_next_is_there() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for what, _ in NEXT:
        assert (ROOT / what).is_file() or what.removeprefix("make ") in targets
