"""The command as people and CI call it: from any folder, with the real generator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import regenerate
from tests.spec.build import ROOT, block, document, page
from tests.support.scripts import run_as_file

SCRIPT = ROOT / "scripts" / "regenerate.py"
THIRD_PAGE = ROOT / "tests" / "pages" / "flows.md"


def call(*arguments: object, cwd: Path, seed: str = "0") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    environment.pop("REGENERATE_DEBUG", None)
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def third(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package made of a page that nobody wrote a line for."""
    folder = tmp_path_factory.mktemp("third")
    (folder / "pages").mkdir()
    (folder / "pages" / "flows.md").write_bytes(THIRD_PAGE.read_bytes())
    assert regenerate.main(["--pages", str(folder / "pages"), "--output", str(folder / "out")]) == 0
    return folder


@pytest.mark.untraced
def test_the_third_page_is_importable_and_whole(third: Path) -> None:
    program = """
import json, pathlib, patchworks_core_client as package
from patchworks_core_client import AsyncPatchworks, Patchworks, models
assert pathlib.Path(package.__file__).is_relative_to(pathlib.Path.cwd()), package.__file__
document = json.loads(pathlib.Path("openapi/patchworks-core.json").read_text())
found = [details for item in document["paths"].values() for details in item.values()]
with Patchworks(api_key="k") as pw:
    for details in found:
        assert callable(getattr(getattr(pw, details["x-sdk-namespace"]), details["x-sdk-method"]))
print(len(found), len(models.__all__), models.FlowVersion.from_dict({"id": 1, "steps": [{"id": "a", "position": 2}]}))
"""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=third / "out",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.startswith("12 ")


def test_an_error_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "x.md").write_text(page(block(json.dumps(document())[:200])))
    done = call("--pages", "pages", "--output", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith('x.md, block 1 "Get Thing", #: not JSON')
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("package", "modules", "arguments"),
    [
        ("markdown_it", ("regeneration.update", "spec.extract_fragments", "pipeline"), ["--help"]),
        ("openapi_python_client", ("codegen.generator",), ["--check"]),
    ],
)
def test_a_missing_package_is_one_line_that_says_how_to_get_it(
    package: str,
    modules: tuple[str, ...],
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    for name in modules:
        monkeypatch.delitem(sys.modules, f"scripts.{name}", raising=False)
    with pytest.raises(SystemExit) as caught:
        run_as_file(SCRIPT, monkeypatch, *arguments)
    # Python itself prints what `sys.exit` was given.
    shown = f"{caught.value.code}\n" if isinstance(caught.value.code, str) else capsys.readouterr().err
    assert shown == f"regenerate: {package} is missing: pip install '.[dev]'\n"
    assert caught.value.code


def test_the_help_fits_80_columns(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run_as_file(SCRIPT, monkeypatch, "--help")
    assert caught.value.code == 0
    assert all(len(line) <= 80 for line in capsys.readouterr().out.splitlines())
