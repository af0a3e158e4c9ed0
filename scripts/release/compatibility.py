"""Compatibility with the last release: what griffe finds broken, and what breaks its examples and tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import griffe

from scripts.release.public_surface import PACKAGE
from scripts.release.surface_changes import Change, Level

USERS = ("examples", "tests")

_PRIVATE_IMPORT = re.compile(rf"^\s*(from|import)\s+(scripts\b|{PACKAGE}(\.\w+)*\._(?!version)\w+)", re.MULTILINE)


def breakages(old: griffe.Module, new: griffe.Module) -> Iterator[Change]:
    """Yield what griffe takes for a break between two packages."""
    for breakage in griffe.find_breaking_changes(old, new):
        yield Change(Level.MAJOR, breakage.obj.path, f"griffe: {breakage.kind.value.lower()}")


def broken_users(old: Path, new: Path, work: Path) -> Iterator[Change]:
    """Yield what type checkers say of the last release's examples and tests that they did not say when it was made.

    Tests of private modules are left out: nobody else may use those.

    Args:
        old: all files of the last release.
        new: the checkout.
        cache: a folder for the type checker's own files.
    """
    home = work / "users"
    home.mkdir()
    for folder in USERS:
        if (old / folder).is_dir():
            shutil.copytree(old / folder, home / folder)
    users = [file for file in sorted(home.rglob("*.py")) if _is_user(file)]
    if not users:
        return
    before = set(_type_errors(home, users, old, work / "cache"))
    for complaint in _type_errors(home, users, new, work / "cache"):
        if complaint not in before:
            file, _, message = complaint.partition(": ")
            yield Change(Level.MAJOR, file, message)


def _is_user(file: Path) -> bool:
    return not _PRIVATE_IMPORT.search(file.read_text(encoding="utf-8"))


def _type_errors(home: Path, users: list[Path], package: Path, cache: Path) -> list[str]:
    """Return mypy's errors in some files, against the package in a folder.

    They stand in a folder without the package, which mypy would prefer.
    """
    options = ["--no-error-summary", "--hide-error-context", "--no-color-output", "--check-untyped-defs"]
    # Only what is in these files counts, and only the package comes from elsewhere.
    more = ["--follow-imports=silent", "--ignore-missing-imports", "--explicit-package-bases", "--namespace-packages"]
    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [
            *(sys.executable, "-m", "mypy", "--config-file=", f"--cache-dir={cache}", *options, *more),
            *(str(user.relative_to(home)) for user in users),
        ],
        cwd=home,
        env={**os.environ, "MYPYPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in done.stdout.splitlines() if ": error: " in line]
