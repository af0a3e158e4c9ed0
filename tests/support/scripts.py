"""A script run the way Python runs a file: its own folder is the first that is looked into for what it imports."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest


def run_as_file(script: str | Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    """Run a script by its file name with some arguments; whatever it raises comes through."""
    monkeypatch.setattr(sys, "path", [str(Path(script).parent), *sys.path])
    monkeypatch.setattr(sys, "argv", [Path(script).name, *arguments])
    monkeypatch.delitem(sys.modules, "_sys_path", raising=False)
    runpy.run_path(str(script), run_name="__main__")
