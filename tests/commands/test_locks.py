"""Dependencies: what the lock for development holds, and which versions the lowest ones are."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import lowest_dependencies
from scripts.openapi.project_paths import ROOT

LOCK = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;]+)[^\n]*\\\n(?P<hashes>(    --hash=[^\n]+\n?)+)", re.MULTILINE
)


def pinned() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entry in _PINNED.finditer(LOCK):
        found.setdefault(canonicalize_name(entry["name"]), set()).add(entry["version"])
    return found


def test_every_entry_of_the_lock_has_hashes() -> None:
    entries = [line for line in LOCK.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(entries) == len(_PINNED.findall(LOCK)) > 50


def test_the_lock_names_no_registry() -> None:
    assert not re.search(r"://|index-url|find-links", LOCK)


def test_the_lock_fits_what_the_project_asks_for() -> None:
    asked = [
        *PROJECT["dependencies"],
        *(entry for extra in PROJECT["optional-dependencies"].values() for entry in extra),
    ]
    versions = pinned()
    for requirement in map(Requirement, asked):
        if requirement.name != PROJECT["name"]:
            for version in versions[canonicalize_name(requirement.name)]:
                assert requirement.specifier.contains(version), f"{requirement}: run make lock"


def test_the_lowest_versions_are_those_of_the_bounds(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(lowest_dependencies.__file__, run_name="__main__")
    constraints = capsys.readouterr().out.split()
    assert "attrs==24.1" in constraints
    extras = [entry for name, entries in PROJECT["optional-dependencies"].items() if name != "dev" for entry in entries]
    assert len(constraints) == len({*PROJECT["dependencies"], *extras})


def test_a_dependency_without_a_lower_bound_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text("[project]\ndependencies = ['httpx']\n[project.optional-dependencies]\n", encoding="utf-8")
    with pytest.raises(ValueError, match="httpx has no lower bound"):
        list(lowest_dependencies.lowest(file))
