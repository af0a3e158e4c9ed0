"""The last release in git: its tag, its files, and what differs from it."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

from scripts.openapi.package_version import Version, parse_version

TAG_PREFIX = "v"


def last_release(root: Path) -> Version | None:
    """Return the version of the newest release tag that the checkout stems from; `None` without one, or without git."""
    tags = _git(root, "tag", "--merged", "HEAD", "--list", f"{TAG_PREFIX}*")
    if tags is None:
        return None
    versions = [parse_version(tag.removeprefix(TAG_PREFIX)) for tag in tags.decode().split()]
    return max((version for version in versions if version), default=None)


def extract_release(root: Path, version: Version, target: Path) -> None:
    """Put all files of a release into a folder."""
    archive = _git(root, "archive", "--format=tar", f"{TAG_PREFIX}{version}")
    with tarfile.open(fileobj=io.BytesIO(archive or b"")) as files:
        files.extractall(target, filter="data")


def differs_from_release(root: Path, version: Version, *paths: str) -> bool:
    """Return whether any of the paths is another than in a release, in the checkout as it is now."""
    listed = _git(root, "diff", "--name-only", f"{TAG_PREFIX}{version}", "--", *paths)
    untracked = _git(root, "ls-files", "--others", "--exclude-standard", "--", *paths)
    return bool(listed or untracked)


def _git(root: Path, *arguments: str) -> bytes | None:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=True)  # noqa: S603, S607 - git
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout
