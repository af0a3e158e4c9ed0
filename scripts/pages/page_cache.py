"""The folder of fetched pages, and the validators (ETag, Last-Modified) that are kept for the next fetch."""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scripts.openapi import atomic_write as output
from scripts.pages.page_download import Validators

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

STATE_FILE = ".fetched.json"


class PageCache:
    """What was fetched last, so that only what changed since is fetched again."""

    def __init__(self, folder: Path) -> None:
        """Read the state of a folder; one that cannot be read is as good as none."""
        self._folder = folder
        self._entries: dict[str, dict[str, str]] = {}
        try:
            entries = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
            self._entries = {
                name: {str(key): str(value) for key, value in entry.items()}
                for name, entry in entries.items()
                if name == PurePosixPath(name).name and name.endswith(".md")
            }
        except (OSError, ValueError, AttributeError):
            pass

    def known(self, name: str, url: str) -> tuple[Validators, bytes]:
        """Return the validators and the content of a page, both empty unless the file is what that URL gave."""
        entry = self._entries.get(name, {})
        try:
            content = (self._folder / name).read_bytes()
        except OSError:
            return Validators(), b""
        if entry.get("url") != url or entry.get("sha256") != hashlib.sha256(content).hexdigest():
            return Validators(), b""
        return Validators(entry.get("etag", ""), entry.get("last_modified", "")), content

    def files(self) -> list[PurePosixPath]:
        """Return the pages of the last run."""
        return [PurePosixPath(name) for name in self._entries]

    @staticmethod
    def entry(url: str, validators: Validators, content: bytes) -> dict[str, str]:
        """Return what is remembered of a page."""
        return {"url": url, **validators._asdict(), "sha256": hashlib.sha256(content).hexdigest()}


def replace_pages(folder: Path, pages: Mapping[str, bytes], entries: Mapping[str, Mapping[str, str]]) -> None:
    """Put pages in the place of those that were fetched last; all of them, or none.

    Args:
        folder: it is made when it is not there. Files that were not fetched stay.
        pages: the content of each, by file name.
        entries: what is remembered of each.

    Raises:
        PipelineError: a file cannot be written. Everything is as it was.
    """
    state = json.dumps(dict(sorted(entries.items())), indent=2) + "\n"
    files = {PurePosixPath(name): content for name, content in {**pages, STATE_FILE: state.encode()}.items()}
    output.write(folder, files, PageCache(folder).files())
