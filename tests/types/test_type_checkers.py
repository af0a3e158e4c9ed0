"""Four type checkers conclude what the files beside this one say, and refuse what is wrong.

Each is started once, for all files together: starting is what takes the time.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks

ROOT = Path(__file__).resolve().parents[2]
RESULTS, HELPERS, MODELS, REFUSED = (
    Path(__file__).with_name(f"{name}.py") for name in ("results", "helpers", "model_types", "refused")
)

# Without what tells pyright, which looks at all of these files in `make check`, that this has to be so.
WRONG = REFUSED.read_text().replace("  # pyright: ignore", "")

Lines = dict[int, str]
Check = Callable[[str], dict[str, Lines]]


def run(*command: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, cwd=ROOT, check=False
    ).stdout


def by_file(text: str, form: str) -> dict[str, Lines]:
    """What was said of each file, by its name and line."""
    found: dict[str, Lines] = defaultdict(dict)
    for said in re.finditer(form, text, re.MULTILINE):
        found[Path(said["file"]).name][int(said["line"])] = said["said"]
    return found


def mypy(*files: str) -> dict[str, Lines]:
    said = run("mypy", "--strict", "--hide-error-context", str(RESULTS), *files)
    assert "Found" in said or "Success" in said
    return by_file(said, r"^(?P<file>[^\n:]*):(?P<line>\d+): error: (?P<said>.*)$")


def pyright(*files: str) -> dict[str, Lines]:
    found: dict[str, Lines] = defaultdict(dict)
    said = run("pyright", "--pythonpath", sys.executable, "--outputjson", str(RESULTS), *files)
    for item in json.loads(said)["generalDiagnostics"]:
        found[Path(item["file"]).name][item["range"]["start"]["line"] + 1] = item["message"]
    return found


def ty(*files: str) -> dict[str, Lines]:
    said = run("ty", "check", "--output-format", "concise", "--python", sys.prefix, *files)
    assert "diagnostic" in said or "All checks passed" in said
    return by_file(said, r"^(?P<file>[^\n:]*):(?P<line>\d+):\d+: error\[(?P<said>.*)$")


def pyrefly(*files: str) -> dict[str, Lines]:
    interpreter = ("--python-interpreter-path", sys.executable)
    said = run("pyrefly", "check", "--preset", "default", "--output-format", "min-text", *interpreter, *files)
    return by_file(said, r"^ *ERROR (?P<file>[^\n:]*):(?P<line>\d+):\d+.*?: (?P<said>.*)$")


CHECKERS = {checker.__name__: checker for checker in (mypy, pyright, ty, pyrefly)}
each_checker = pytest.mark.parametrize("checker", CHECKERS)
pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory, soak: bool) -> Check:
    """What a type checker says of all files; it is asked once."""
    wrong = tmp_path_factory.mktemp("wrong") / "wrong.py"
    wrong.write_text(WRONG)

    @cache
    def ask(name: str) -> dict[str, Lines]:
        if name == "pyright" and not soak:
            pytest.skip("long: `make check` lets pyright look at the same files")
        return CHECKERS[name](str(HELPERS), str(MODELS), str(wrong))

    return ask


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_the_results_of_every_operation_are_as_written(check: Check, checker: str) -> None:
    assert check(checker).get(RESULTS.name, {}) == {}


@each_checker
def test_helpers_of_users_are_accepted(check: Check, checker: str) -> None:
    assert check(checker).get(HELPERS.name, {}) == {}


@each_checker
def test_models_are_what_they_look_like(check: Check, checker: str) -> None:
    assert check(checker).get(MODELS.name, {}) == {}


@each_checker
def test_what_is_wrong_with_a_model_is_refused(check: Check, checker: str) -> None:
    marked = {number: line.partition("# wrong")[1:] for number, line in enumerate(WRONG.splitlines(), 1)}
    wrong = [number for number, (mark, whom) in marked.items() if mark and (not whom or checker in whom)]
    assert sorted(check(checker)["wrong.py"]) == wrong


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
