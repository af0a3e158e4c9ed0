"""The version of the package, and the version in which something no longer documented goes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from scripts.openapi.errors import PipelineError
from scripts.openapi.project_paths import PACKAGE

VERSION_FILE = Path(PACKAGE, "_version.py")
ASSIGNED = re.compile(r"^__version__ = \"([^\"]*)\"$", re.MULTILINE)

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)


class Version(NamedTuple):
    """`major.minor.patch`, nothing else."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return ".".join(str(part) for part in self)


def parse_version(text: str) -> Version | None:
    """Return the version that a text is; `None` for anything else."""
    match = _VERSION.fullmatch(text)
    return Version(*map(int, match.groups())) if match else None


def read_version(root: Path) -> Version | None:
    """Return the version in the package's sources, without importing it; `None` where it is none."""
    found = ASSIGNED.search((root / VERSION_FILE).read_text(encoding="utf-8"))
    return parse_version(found[1]) if found else None


def package_version(root: Path) -> Version:
    """Return the version of the package in a checkout.

    Raises:
        PipelineError: there is none.
    """
    version = read_version(root) if (root / VERSION_FILE).is_file() else None
    if version is None:
        raise PipelineError(str(VERSION_FILE), "", "", "holds no version, which says how long something is kept")
    return version


def removal_version(since: Version) -> Version:
    """Return the version in which something goes that lost its documentation when the package was at `since`.

    Before 1.0.0 it stays for the rest of that minor version and for all of the next one; from then on until the next
    major version, since what goes is a break.
    """
    return Version(0, since.minor + 2, 0) if since.major == 0 else Version(since.major + 1, 0, 0)
