"""Many environments: how much memory they take, and how many requests."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .conftest import CommandLine

MAX_KIB = 100 * 1024
# What the system says of a child holds the memory of its parent as well.
MEASURED = """
import sys
from patchworks_core_client.cli.main import main
assert main(["plan", "patchworks.yaml", "--format", "html"]) == 0
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


@pytest.mark.soak
@pytest.mark.patchworks(keep_requests=10_000)
def test_two_hundred_environments_of_forty_entries_take_less_than_100_mib(cli: CommandLine, soak: bool) -> None:
    count = 200 if soak else 2
    lines = ["schema: 1", "base:", "  manifests:"]
    lines += [f"  - {{model_type: connector, original: {number}, replacement: {number}}}" for number in range(10)]
    lines += ["  flow_priorities:", *(f"  - {{flow: {number}, priority: 1}}" for number in range(10)), "environments:"]
    for environment in range(count):
        lines += [f"  E{environment}:", "    variables:"]
        lines += [f"      v{number}: {{type: string, value: some text {environment}-{number}}}" for number in range(20)]
    cli.write("\n".join([*lines, ""]))
    assert cli("apply", "patchworks.yaml", "--yes", "--deploy", "--concurrency", "10").status == 0
    cli.requests()
    assert cli("plan", "patchworks.yaml", "--exit-code").status == 0
    assert len(cli.requests()) <= (count + 99) // 100 + 6 * count
    if soak:
        done = subprocess.run([sys.executable, "-c", MEASURED], capture_output=True, text=True, check=True)
        assert int(done.stderr.splitlines()[-1]) < MAX_KIB
