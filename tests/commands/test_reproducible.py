"""The same bytes everywhere: another hash seed, another folder and, by the matrix of the workflow, another Python.

`make check` compares what comes out with what is committed, each time under another seed; here is what else may differ.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.openapi.project_paths import ROOT
from tests.spec.build import files_below

NEEDED = ("openapi", "patchworks_core_client", "scripts", "docs", "generator-config.yaml", "CHANGELOG.md")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout in a folder of another name, without git."""
    root = tmp_path_factory.mktemp("of another name") / "Ünder $HOME"
    root.mkdir()
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name)
        else:
            shutil.copy(source, root / name)
    return root


def run(root: Path, cwd: Path, seed: str, script: str, *options: str) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTHON"))},
        "PYTHONHASHSEED": seed,
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "C",
    }
    command = [sys.executable, str(root / "scripts" / script), *options]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_committed_is_what_comes_out(elsewhere: Path, tmp_path: Path) -> None:
    before = files_below(elsewhere / "openapi")
    # It was written under another seed: without one, each run has its own.
    assert "27 operations" in run(elsewhere, tmp_path, "1", "regenerate.py", "--check")
    assert files_below(elsewhere / "openapi") == before


def test_the_surface_is_the_same_under_every_seed(elsewhere: Path, tmp_path: Path) -> None:
    written = elsewhere / "docs" / "public-surface.txt"
    written.unlink()
    run(elsewhere, tmp_path, "1", "check_release.py", "--write")
    assert written.read_bytes() == (ROOT / "docs" / "public-surface.txt").read_bytes()
