"""From the bytes of a page to models, in one process: `python -m benchmarks.decode [--seconds 2] [--runs 7]`.

The row `decode` of `python -m benchmarks` compares contenders, each in a process of its own. This is for working on
decoding: it takes the forms of bodies and the ways to decode them in turn, a few rounds of each at a time, so that a
slow moment of the machine falls on all, and prints medians of the runs with what they are of `json.loads` of the same
bytes. It runs in the environment of the project; the stock output is made below a temporary folder, with what the
extra `dev` brings, unless the benchmarks made it already.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from patchworks_core_client._models.annotations import decoder
from patchworks_core_client._models.mismatches import Reporter
from patchworks_core_client.generated.api.virtual_environments._operations import LIST_VIRTUAL_ENVIRONMENTS
from patchworks_core_client.models import VirtualEnvironment

from . import bodies, workshop

Way = Callable[[bytes], Any]
# So many calls of one way before the next has its turn.
IN_TURN = 10


def sdk(loads: Callable[[bytes], Any] = json.loads, **options: Any) -> Way:
    """What the client does with a body: parse, decode the items, tell who listens."""
    shape = LIST_VIRTUAL_ENVIRONMENTS.shape
    decode = decoder(f"list[{shape.annotation}]", shape.package)
    reporter = Reporter(**options)

    def way(body: bytes) -> Any:
        report = reporter.start()
        items = report.decode(decode, loads(body)["data"], "data")
        report.finish()
        return items

    return way


def from_dict(body: bytes) -> Any:
    """What a user does who has the bytes."""
    return [VirtualEnvironment.from_dict(item) for item in json.loads(body)["data"]]


def not_compiled(body: bytes) -> Any:
    """As a program decodes its first hundred objects: nothing is compiled yet."""
    model_decoder = VirtualEnvironment.__patchworks_decoder__
    compiled, model_decoder.decode = model_decoder.decode, model_decoder.decode_any
    try:
        return from_dict(body)
    finally:
        model_decoder.decode = compiled


@contextmanager
def stock() -> Iterator[Way | None]:
    """The stock generator's output, which can decode documented bodies only."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(workshop.packages("stock"))
        if not made.exists():
            made = Path(folder) / "stock"
            fragments = sorted(workshop.FRAGMENTS.glob("*/*.json"))
            workshop._stock(made, [workshop._document(file) for file in fragments])
        sys.path.insert(0, str(made))
        from stock_patchworks_client.models.virtual_environments_list_response import (  # type: ignore[import-not-found]
            VirtualEnvironmentsListResponse,
        )

        yield lambda body: VirtualEnvironmentsListResponse.from_dict(json.loads(body)).data


def measure(body: bytes, ways: dict[str, Way], seconds: float) -> dict[str, float]:
    """Microseconds of processor time an item, for each way."""
    spent = dict.fromkeys(ways, 0.0)
    calls = 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for name, way in ways.items():
            # What one leaves behind is not for the next to clear away.
            gc.collect()
            start = time.process_time()
            for _ in range(IN_TURN):
                way(body)
            spent[name] += time.process_time() - start
        calls += IN_TURN
    return {name: total / calls / bodies.PER_PAGE * 1e6 for name, total in spent.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decode", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each run of each form")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    # What is told once is not what is measured.
    logging.getLogger("patchworks_core_client").setLevel(logging.CRITICAL)
    with stock() as stock_way:
        ways: dict[str, Way] = {
            "json.loads": json.loads,
            "sdk": sdk(),
            "sdk, from_dict": from_dict,
            "sdk, not compiled": not_compiled,
            "sdk, with a listener": sdk(on_mismatch=lambda mismatch: None),
        }
        try:
            import orjson
        except ImportError:
            pass
        else:
            ways["sdk, orjson"] = sdk(orjson.loads)
        documented = {**ways, "stock": stock_way}
        forms: dict[str, tuple[bytes, dict[str, Any]]] = {
            "documented": (bodies.environments(make=bodies.documented_environment), documented),
            "with a version inside": (bodies.environments(make=bodies.environment_with_version), ways),
            "as Laravel sends it": (bodies.environments(), ways),
        }
        for form, (body, chosen) in forms.items():
            measure(body, chosen, options.seconds / 4)
            runs = [measure(body, chosen, options.seconds) for _ in range(options.runs)]
            print(f"\n{form}: {len(body) / bodies.PER_PAGE:.0f} bytes an item")
            for name in chosen:
                took = statistics.median(run[name] for run in runs)
                ratios = [run[name] / run["json.loads"] for run in runs]
                low, high, middle = min(ratios), max(ratios), statistics.median(ratios)
                print(f"  {name:22} {took:6.2f} us an item   x{middle:5.2f} of json.loads ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
