"""Check that a checkout may be published under a tag."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from scripts.openapi.package_version import read_version
from scripts.release.changelog import read_changelog
from scripts.release.last_release import TAG_PREFIX

# The form in which the links of project_page.py are made.
_REPOSITORY = re.compile(r"https://[\w.-]+(/[\w.-]+){2}", re.ASCII)
UNPUBLISHED = "not on the index yet"


def publishing_problems(root: Path, tag: str) -> Iterator[str]:
    """Say in one line each what stands in the way of publishing that tag."""
    version = read_version(root)
    if tag != f"{TAG_PREFIX}{version}":
        yield f"the tag {tag} is not that of version {version}"
    if any("unreleased" in entry.note for entry in read_changelog(root)[:1]):
        yield f"CHANGELOG.md still calls {version} unreleased"
    if not _REPOSITORY.fullmatch(repository(root)):
        yield (
            "pyproject.toml does not say where the repository is: set `repository` in "
            '[tool.hatch.metadata.hooks.custom] to "https://github.com/OWNER/NAME"'
        )
    for page in (root / "README.md", *sorted((root / "docs").glob("*.md"))):
        if page.is_file() and UNPUBLISHED in " ".join(page.read_text("utf-8").split()):
            yield f"{page.relative_to(root)} still says that the package is {UNPUBLISHED}"


def repository(root: Path) -> str:
    """Return the address of the repository; empty as long as no maintainer has set it."""
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    for key in ("tool", "hatch", "metadata", "hooks", "custom"):
        settings = settings.get(key, {})
    return str(settings.get("repository", ""))
