"""Read the changelog, and decide which version the next release must have at least."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from scripts.openapi.package_version import ASSIGNED, VERSION_FILE, Version, parse_version
from scripts.release.surface_changes import Level

CHANGELOG_FILE = Path("CHANGELOG.md")

_HEADING = re.compile(r"^## +(\S+)(.*)$", re.MULTILINE)


class Entry(NamedTuple):
    """One section of the changelog.

    Attributes:
        version: that it is about.
        note: what stands behind the version in the heading.
        text: what stands below.
    """

    version: Version | None
    note: str
    text: str


def read_changelog(root: Path) -> list[Entry]:
    """Return the sections of the changelog, the newest first."""
    text = (root / CHANGELOG_FILE).read_text(encoding="utf-8")
    headings = [*_HEADING.finditer(text)]
    ends = [*(heading.start() for heading in headings), len(text)][1:]
    return [
        Entry(parse_version(heading[1]), heading[2].strip(), text[heading.end() : end].strip())
        for heading, end in zip(headings, ends, strict=True)
    ]


def raise_version(root: Path, version: Version, released: Version, reason: str) -> None:
    """Make it the version of the package, and of the changelog's first section.

    Args:
        root: the checkout.
        version: the new version.
        released: the last one; a section for anything else is not published yet, and takes the new version.
        reason: what the changelog says, when the section is a new one.
    """
    file = root / VERSION_FILE
    file.write_text(ASSIGNED.sub(f'__version__ = "{version}"', file.read_text("utf-8")), encoding="utf-8")
    changelog = root / CHANGELOG_FILE
    text = changelog.read_text(encoding="utf-8")
    heading = _HEADING.search(text)
    start = heading.start() if heading else len(text)
    title = f"## {version} (unreleased)"
    if heading and (parse_version(heading[1]) or released) > released:
        text = f"{text[:start]}{title}{text[heading.end() :]}"
    else:
        text = f"{text[:start]}{title}\n\n- As {reason}.\n\n{text[start:]}"
    changelog.write_text(text, encoding="utf-8")


def required_version(released: Version, level: Level) -> Version:
    """Return the lowest version that may follow a release.

    Before 1.0.0 the second number is the one that promises: what breaks raises it, everything else the third. That is
    how `~=0.3.1` is understood.
    """
    major, minor, patch = released
    if level is Level.NONE:
        return released
    if level is Level.MAJOR and major:
        return Version(major + 1, 0, 0)
    if level is Level.MAJOR or (level is Level.MINOR and major):
        return Version(major, minor + 1, 0)
    return Version(major, minor, patch + 1)
