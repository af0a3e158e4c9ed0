"""Both type checkers conclude what `typed.py` says of models."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TYPED = Path(__file__).with_name("typed.py")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, cwd=ROOT, check=False)


def mypy(file: Path) -> dict[int, str]:
    """What mypy says, by line."""
    done = run("mypy", "--strict", "--no-incremental", "--no-error-summary", "--hide-error-context", str(file))
    parts = [line.split(":", 2) for line in done.stdout.splitlines() if ": error:" in line]
    return {int(line): message for _, line, message in parts}


def pyright(file: Path) -> dict[int, str]:
    """What pyright says, by line."""
    done = run("pyright", "--pythonpath", sys.executable, "--outputjson", str(file))
    found = json.loads(done.stdout)["generalDiagnostics"]
    return {item["range"]["start"]["line"] + 1: item["message"] for item in found}


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_what_is_right_is_right(checker: Callable[[Path], dict[int, str]]) -> None:
    assert checker(TYPED) == {}


WRONG = """\
# pyright: strict
from patchworks_core_client.models import Variable, VirtualEnvironment

made = VirtualEnvironment()
Variable(vaule="a")  # wrong
Variable(key=1)  # wrong
Variable("a")  # wrong
made.name = "x"  # wrong
print(made.nmae)  # wrong
print(len(made.description))  # wrong
for _ in made:  # wrong
    print("never")
"""


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_what_is_wrong_is_wrong(checker: Callable[[Path], dict[int, str]], tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text(WRONG)
    wrong = [number for number, line in enumerate(WRONG.splitlines(), 1) if line.endswith("# wrong")]
    assert sorted(checker(file)) == wrong
