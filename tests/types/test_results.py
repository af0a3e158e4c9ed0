"""The type checkers conclude what `results.py` says, and it says something of every operation."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "tests" / "types" / "results.py"
HELPERS = ROOT / "tests" / "types" / "helpers.py"


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, cwd=ROOT, check=False)


def test_mypy_agrees() -> None:
    done = run("mypy", "--strict", "--no-incremental", str(RESULTS))
    assert done.returncode == 0, done.stdout


def test_pyright_agrees() -> None:
    done = run("pyright", "--pythonpath", sys.executable, "--outputjson", str(RESULTS))
    found = [
        f"{item['range']['start']['line'] + 1}: {item['message']}"
        for item in json.loads(done.stdout)["generalDiagnostics"]
    ]
    assert not found


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("mypy", "--strict"), id="mypy"),
        pytest.param(("pyright", "--pythonpath", sys.executable), id="pyright"),
        pytest.param(("ty", "check", "--python", sys.prefix), id="ty"),
        pytest.param(("pyrefly", "check", "--python-interpreter-path", sys.executable), id="pyrefly"),
    ],
)
def test_helpers_of_users_are_accepted(command: tuple[str, ...]) -> None:
    done = run(*command, str(HELPERS))
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_operation_is_there() -> None:
    document = json.loads((ROOT / "openapi" / "patchworks-core.json").read_text())
    text = RESULTS.read_text()
    methods = [operation["x-sdk-method"] for item in document["paths"].values() for operation in item.values()]
    assert len(methods) == 27
    for method in methods:
        # Once for each client.
        assert text.count(f".{method}(") >= 2, method
    assert {name for name in dir(AsyncPatchworks) if not name.startswith("_")} - {"aclose"} == {
        name for name in dir(Patchworks) if not name.startswith("_")
    } - {"close"}
