"""Write several files at once: all of them, or none.

Everything is written beside its place first. Then the old files step aside and the new ones move in; if anything goes
wrong on the way, all of it is undone. Files that are not ours are never touched.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.openapi.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import PurePosixPath


@dataclass
class Changes:
    """What differs between a folder and what should be in it."""

    written: list[PurePosixPath] = field(default_factory=list)
    removed: list[PurePosixPath] = field(default_factory=list)
    unchanged: int = 0


def compare(root: Path, files: Mapping[PurePosixPath, bytes], stale: Iterable[PurePosixPath]) -> Changes:
    """Return what would have to be done to have the files in the folder, and the stale ones out of it.

    Raises:
        PipelineError: a folder below `root` is a link, which leads who knows where.
    """
    refuse_links(root, {*files, *stale})
    changes = Changes(removed=sorted(set(stale) - files.keys()))
    for name, content in sorted(files.items()):
        if _holds(root / name, content):
            changes.unchanged += 1
        else:
            changes.written.append(name)
    return changes


def refuse_links(root: Path, names: Iterable[PurePosixPath]) -> None:
    """Make sure that none of the folders in which files stand is a link.

    Raises:
        PipelineError: one is.
    """
    for folder in sorted({parent for name in names for parent in name.parents}):
        if folder.name and (root / folder).is_symlink():
            raise PipelineError(str(root / folder), "", "", "is a link, and nothing is written through one")


def write(root: Path, files: Mapping[PurePosixPath, bytes], stale: Iterable[PurePosixPath]) -> Changes:
    """Put files into a folder and take the stale ones out of it: all of that, or nothing.

    Args:
        root: the folder; it is made when it is not there.
        files: what should be in it, by name.
        stale: files of an earlier run.

    Raises:
        PipelineError: a file cannot be written. Everything is as it was before.
    """
    changes = compare(root, files, stale)
    if not changes.written and not changes.removed:
        return changes
    undo: list[Callable[[], object]] = []
    try:
        _make_folder(root, undo)
        staging = Path(tempfile.mkdtemp(prefix=".regenerate-", dir=root))
        undo.append(lambda: shutil.rmtree(staging, ignore_errors=True))
        for number, name in enumerate(changes.written):
            (staging / f"new-{number}").write_bytes(files[name])
        for number, name in enumerate([*changes.written, *changes.removed]):
            _step_aside(root / name, staging / f"old-{number}", undo)
        for number, name in enumerate(changes.written):
            _move_in(staging / f"new-{number}", root / name, undo)
    except BaseException as error:
        for step in reversed(undo):
            step()
        if isinstance(error, OSError):
            place = str(error.filename or root)
            raise PipelineError(place, "", "", f"cannot be written: {error.strerror}; nothing was changed") from error
        raise
    shutil.rmtree(staging, ignore_errors=True)
    _remove_empty_folders(root, changes.removed)
    return changes


def _holds(file: Path, content: bytes) -> bool:
    return file.is_file() and not file.is_symlink() and file.read_bytes() == content


def _make_folder(folder: Path, undo: list[Callable[[], object]]) -> None:
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir()
        undo.append(parent.rmdir)


def _step_aside(file: Path, aside: Path, undo: list[Callable[[], object]]) -> None:
    if file.is_dir() and not file.is_symlink():
        raise IsADirectoryError(errno.EISDIR, "is a folder", str(file))
    if file.is_symlink() or file.exists():
        file.rename(aside)
        undo.append(lambda: aside.rename(file))


def _move_in(staged: Path, file: Path, undo: list[Callable[[], object]]) -> None:
    _make_folder(file.parent, undo)
    staged.rename(file)
    undo.append(file.unlink)


def _remove_empty_folders(root: Path, removed: Iterable[PurePosixPath]) -> None:
    """Take away the folders in which nothing is left but what Python compiled there."""
    for name in removed:
        folder = (root / name).parent
        while folder != root and folder.is_dir() and all(entry.name == "__pycache__" for entry in folder.iterdir()):
            shutil.rmtree(folder, ignore_errors=True)
            folder = folder.parent
