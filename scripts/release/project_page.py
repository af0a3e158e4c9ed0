"""The project's page on a package index: the README with absolute links, and the project's links.

hatchling runs this as its metadata hook, by path, so it imports nothing of this repository. All of it stands on one
constant, `repository` in pyproject.toml. As long as that is empty there is nothing to link to: a link to a file is its
text then, and a picture is left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

# A link or a picture whose target is a file of the repository. What has a scheme, or is a place in the page, stays.
_TO_A_FILE = re.compile(r"(!?)\[([^\]\n]*)\]\((?![a-z]+:|#)([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


class ProjectPage(MetadataHookInterface):
    """Sets `readme` and `urls`."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add both to the metadata."""
        root, repository = Path(self.root), self.config["repository"]
        text = (root / "README.md").read_text("utf-8")
        version = _VERSION.findall((root / "patchworks_core_client" / "_version.py").read_text("utf-8"))[0]
        metadata["readme"] = {"content-type": "text/markdown", "text": readme(text, repository, f"v{version}")}
        metadata["urls"] = urls(repository)


def urls(repository: str) -> dict[str, str]:
    """Return the links of the project, none as long as nobody has said where its repository is."""
    if not repository:
        return {}
    return {
        "Repository": repository,
        "Documentation": f"{repository}/tree/HEAD/docs",
        "Changelog": f"{repository}/blob/HEAD/CHANGELOG.md",
        "Issues": f"{repository}/issues",
    }


def readme(text: str, repository: str, tag: str) -> str:
    """Return the README with its links to files made absolute, as the files are at that tag."""

    def absolute(link: re.Match[str]) -> str:
        picture, shown, target = link.groups()
        if not repository:
            return "" if picture else shown
        return f"{picture}[{shown}]({repository}/{'raw' if picture else 'blob'}/{tag}/{target})"

    parts: list[str] = []
    end = 0
    for fence in _FENCE.finditer(text):
        parts += [_TO_A_FILE.sub(absolute, text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, _TO_A_FILE.sub(absolute, text[end:])])
