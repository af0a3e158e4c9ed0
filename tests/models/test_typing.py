"""Four type checkers conclude what `typed.py` says of models, and refuse what is wrong."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TYPED = Path(__file__).with_name("typed.py")
Checker = Callable[[Path], dict[int, str]]


def run(*command: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, cwd=ROOT, check=False
    ).stdout


def by_line(text: str, form: str) -> dict[int, str]:
    return {int(found["line"]): found["said"] for found in re.finditer(form, text, re.MULTILINE)}


def mypy(file: Path) -> dict[int, str]:
    """What mypy says, by line."""
    said = run("mypy", "--strict", "--no-incremental", "--no-error-summary", "--hide-error-context", str(file))
    return by_line(said, r"^.*?:(?P<line>\d+): error: (?P<said>.*)$")


def pyright(file: Path) -> dict[int, str]:
    """What pyright says, by line."""
    found = json.loads(run("pyright", "--pythonpath", sys.executable, "--outputjson", str(file)))
    return {item["range"]["start"]["line"] + 1: item["message"] for item in found["generalDiagnostics"]}


def ty(file: Path) -> dict[int, str]:
    """What ty says, by line."""
    said = run("ty", "check", "--output-format", "concise", "--python", sys.prefix, str(file))
    assert "diagnostic" in said or "All checks passed" in said
    return by_line(said, r"^.*?:(?P<line>\d+):\d+: error\[(?P<said>.*)$")


def pyrefly(file: Path) -> dict[int, str]:
    """What pyrefly says, by line."""
    said = run(
        "pyrefly",
        "check",
        "--preset",
        "default",
        "--output-format",
        "min-text",
        "--python-interpreter-path",
        sys.executable,
        str(file),
    )
    return by_line(said, r"^ *ERROR .*?:(?P<line>\d+):\d+.*?: (?P<said>.*)$")


@pytest.mark.parametrize("checker", [mypy, pyright, ty, pyrefly])
def test_what_is_right_is_right(checker: Checker) -> None:
    assert checker(TYPED) == {}


WRONG = """\
# pyright: strict
import attrs
from patchworks_core_client.models import Variable, VirtualEnvironment

made = VirtualEnvironment()
Variable(vaule="a")  # wrong
Variable(key=1)  # wrong
Variable("a")  # wrong
made.name = "x"  # wrong
print(made.nmae)  # wrong
print(len(made.description))  # wrong
made.evolve(nope=1)  # wrong
made.evolve(name=1)  # wrong
Variable().evolve(name="x")  # wrong
attrs.evolve(made, nope=1)  # wrong to mypy and pyrefly
"""


@pytest.mark.parametrize("checker", [mypy, pyright, ty, pyrefly])
def test_what_is_wrong_is_wrong(checker: Checker, tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text(WRONG)
    known = checker in (mypy, pyrefly)
    wrong = [
        number
        for number, line in enumerate(WRONG.splitlines(), 1)
        if line.endswith("# wrong") or (known and "# wrong to" in line)
    ]
    assert sorted(checker(file)) == wrong


def test_a_model_is_no_sequence(tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text("from patchworks_core_client.models import Variable\nfor _ in Variable():\n    print('never')\n")
    assert [sorted(checker(file)) for checker in (mypy, pyright)] == [[2], [2]]
