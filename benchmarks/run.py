"""Takes the measures: one process for each contender, contenders in turn, as many rounds as asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .rows import CONTENDERS
from .workshop import PEERS, ROOT, TOOLS, packages, python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .rows import Row

_LONGEST_S = 120
# Measures of a fresh interpreter.
COLD = frozenset({"import", "import_one", "ready", "stall"})
Samples = dict[str, list[dict[str, Any]]]


@contextmanager
def server(interpreter: str = python(TOOLS)) -> Iterator[dict[str, int]]:
    """The loopback server in a process of its own; gives its two ports."""
    process = subprocess.Popen(
        [interpreter, "-m", "benchmarks.server"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        # The server ends with its standard input.
        process.stdin.close()
        process.stdout.close()
        process.wait(10)


def server_rate(port: int) -> int:
    """The answers a second that the server gives to a raw client, in a third process."""
    return int(_output([python(TOOLS), "-m", "benchmarks.load", str(port)], {}))


def samples(row: Row, rounds: int, ports: dict[str, int], *, short: bool) -> Samples:
    """Every result of a row, for each contender in the order in which they were taken."""
    found: Samples = {name: [] for name in row.contenders}
    cold = row.measure in COLD
    if cold:
        # Once for nothing: the bytecode files have to be written, and the disk's cache filled.
        for name in row.contenders:
            _sample(row, name, ports, short=short)
    for _ in range(rounds * 3 if cold else rounds):
        for name in row.contenders:
            result = _sample(row, name, ports, short=short)
            found[name].append(result)
            shown = ", ".join(f"{figure.key} {result[figure.key]:.4g}" for figure in row.figures)
            print(f"  {row.name:12s} {name:24s} {shown}", file=sys.stderr, flush=True)
    return found


def _sample(row: Row, name: str, ports: dict[str, int], *, short: bool) -> dict[str, Any]:
    contender = CONTENDERS[name]
    options = dict(row.options)
    base = f"http://127.0.0.1:{ports['slow_port' if options.pop('slow', False) else 'port']}{options.pop('path', '')}"
    if short:
        options |= {key: value for key, value in _SHORT.items() if key in options}
    if row.measure in {"ready", "stall"}:
        text = f"{'sync' if options['sync'] else 'async'}|{base}"
    else:
        text = json.dumps({**options, "base": base})
    command = [python(PEERS), str(ROOT / "benchmarks" / "child.py"), row.measure, contender.module, text]
    # The contenders' modules are in the checkout, which holds this SDK too: another copy of it has to come first.
    path = [packages(contender.packages)] if contender.packages else []
    return dict(json.loads(_output(command, {"PYTHONPATH": os.pathsep.join([*path, str(ROOT)])})))


_SHORT: dict[str, object] = {"calls": 600, "warm": 100, "seconds": 0.8, "warm_seconds": 0.3}


def _output(command: list[str], environment: dict[str, str]) -> str:
    # Nothing of the caller's configuration, such as a proxy or a key, may have a say.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**kept, **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=_LONGEST_S,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr[-3000:]}")
    return done.stdout
