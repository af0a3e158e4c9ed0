"""The folder that pages are kept in: what is known of each, and how all are replaced at once.

The folder is this script's own: the pages and one state file. New content is staged beside it and takes its place by
renaming, so that a run which fails leaves it as it was.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.fetch.transfer import Validators
from scripts.pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterator

STATE_FILE = ".fetched.json"


class State:
    """What was fetched last, so that only what changed since is fetched again."""

    def __init__(self, folder: Path) -> None:
        """Read the state of a folder; one that cannot be read is as good as none."""
        self._folder = folder
        self._entries: dict[str, dict[str, str]] = {}
        try:
            entries = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
            self._entries = {
                str(name): {str(key): str(value) for key, value in entry.items()} for name, entry in entries.items()
            }
        except (OSError, ValueError, AttributeError):
            pass

    def known(self, name: str, url: str) -> tuple[Validators, bytes]:
        """The validators and the content of a page, both empty unless the file is what came from that address."""
        entry = self._entries.get(name, {})
        try:
            content = (self._folder / name).read_bytes()
        except OSError:
            return Validators(), b""
        if entry.get("url") != url or entry.get("sha256") != hashlib.sha256(content).hexdigest():
            return Validators(), b""
        return Validators(entry.get("etag", ""), entry.get("last_modified", "")), content

    @staticmethod
    def entry(url: str, validators: Validators, content: bytes) -> dict[str, str]:
        """What is remembered of a page."""
        return {"url": url, **validators._asdict(), "sha256": hashlib.sha256(content).hexdigest()}


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of `folder` when the block ends well.

    Raises:
        PipelineError: `folder` holds files that were not fetched.
    """
    _refuse_foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as work:
        fresh = Path(work, "fresh")
        fresh.mkdir()
        yield fresh
        _swap(fresh, folder, Path(work, "previous"))


def write_state(folder: Path, entries: dict[str, dict[str, str]]) -> None:
    """Write the state file of a folder."""
    text = json.dumps(dict(sorted(entries.items())), indent=2) + "\n"
    (folder / STATE_FILE).write_text(text, encoding="utf-8")


def _refuse_foreign(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise PipelineError(str(folder), "", "", "is not a folder")
    present = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if present and STATE_FILE not in present:
        raise PipelineError(str(folder), "", "", "holds files that were not fetched; name a new or an empty folder")
    foreign = sorted(name for name in present - {STATE_FILE} if not name.endswith(".md"))
    if foreign:
        raise PipelineError(str(folder), "", "", f"holds a file that was not fetched ({foreign[0]})")


def _swap(fresh: Path, folder: Path, previous: Path) -> None:
    if not folder.exists():
        fresh.rename(folder)
        return
    shutil.copymode(folder, fresh)
    folder.rename(previous)
    try:
        fresh.rename(folder)
    except OSError:
        previous.rename(folder)
        raise
