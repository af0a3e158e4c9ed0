"""The measures of the benchmarks and their contenders run, so that none of them rots."""

from __future__ import annotations

import importlib
import json
import math
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks import measure_warm, run
from benchmarks.rows import CONTENDERS, ROWS, Row

pytestmark = pytest.mark.untraced

# Other SDKs, and what is generated for the comparison: `make bench` installs them by itself.
_ELSEWHERE = {"stock", "openai_sdk", "openai_aiohttp", "githubkit_sdk", "hcloud_sdk", "msgspec_raw"}
_SHORT = {"warm": 1, "calls": 1, "in_flight": 1, "seconds": 0.05, "warm_seconds": 0.001}


def _cases() -> Iterator[tuple[str, Row, str]]:
    """Each measure with each contender of ours, and each of the others once."""
    seen = set[str]()
    for row in ROWS:
        for name in row.contenders if row.measure not in run.COLD else ():
            contender = CONTENDERS[name]
            case = f"{row.measure}-{contender.module}-{'sync' if row.options.get('sync') else 'async'}"
            known = {case} if contender.packages == "sdk" else {case, contender.module}
            if contender.module not in _ELSEWHERE and seen.isdisjoint(known):
                seen |= {case, contender.module}
                yield case, row, contender.module


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with run.server(sys.executable) as ports:
        yield f"http://127.0.0.1:{ports['port']}"


@pytest.mark.parametrize(("row", "module"), [pytest.param(*case, id=name) for name, *case in _cases()])
def test_a_measure_runs_with_its_contender(row: Row, module: str, base: str) -> None:
    contender: Any = importlib.import_module(f"benchmarks.contenders.{module}")
    options = {**row.options, **{key: value for key, value in _SHORT.items() if key in row.options}, "base": base}
    result: dict[str, Any] = measure_warm.run(row.measure, contender, json.dumps(options))
    assert all(result[figure.key] > 0 for figure in row.figures)


def test_resident_memory_is_that_of_the_process_alone() -> None:
    large = b"x" * (64 * 2**20)
    code = "from benchmarks.resident import highest_mib; print(highest_mib(), highest_mib('/nowhere'))"
    its_own, counted = map(float, run._output([sys.executable, "-c", code], {}).split())
    assert 0 < its_own < len(large) / 2**20
    # What the system counts for it begins with that of its parent.
    assert not counted < math.inf
