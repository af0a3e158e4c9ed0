"""The input of a run: the fragments that are documented now, and those that were before.

A page that is no longer listed, or whose fragments were deleted, is gone. What it said is read from the last commit, so
that its operations go over the documented period and not at once.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

from scripts.openapi.errors import ErrorCollector, PipelineError
from scripts.openapi.project_paths import FRAGMENTS, PAGES
from scripts.pages.pages_yaml import page_name, read_listing
from scripts.spec.extract_fragments import Fragment, Page, read_pages
from scripts.spec.fragments_folder import read_fragments
from scripts.spec.merge_fragments import merge


class Sources(NamedTuple):
    """What a checkout is regenerated from.

    Attributes:
        pages: what was read from a folder of pages; empty when the fragments of the checkout are the input.
        fragments: what is documented now.
        before: what was documented last; empty where that is the same.
        kept: how many pages of the checkout were not among those that were read.
        gone: the names of pages that are documented no more.
    """

    pages: list[Page]
    fragments: list[Fragment]
    before: list[Fragment]
    kept: int
    gone: list[str]


def sources(checkout: Path, folder: Path | None) -> Sources:
    """Return what a checkout is regenerated from.

    Args:
        checkout: the root of the project.
        folder: pages, which replace those of the same name; `None` to start from the fragments.

    Raises:
        PipelineError: a page or a fragment cannot be read, or there is nothing to start from.
    """
    read = read_whole(folder) if folder else []
    names = {page.name for page in read}
    present = read_fragments(checkout / FRAGMENTS) if any((checkout / FRAGMENTS).glob("*/*.json")) else []
    committed, listed = _committed(checkout)
    delisted = listed - _listed(checkout) - names
    present_pages = {fragment.place.page for fragment in present}
    deleted = [fragment for fragment in committed if fragment.place.page not in present_pages]
    gone = (delisted & present_pages) | ({fragment.place.page for fragment in deleted} - names)
    kept = [fragment for fragment in present if fragment.place.page not in names | delisted]
    fragments = [*kept, *(fragment for page in read for fragment in page.fragments)]
    if not fragments:
        raise PipelineError(str(checkout / FRAGMENTS), "", "", "holds no fragments")
    before = [*present, *deleted] if read or gone else []
    return Sources(read, fragments, before, len({fragment.place.page for fragment in kept}), sorted(gone))


def read_whole(folder: Path) -> list[Page]:
    """Read the pages in a folder, of which every one must be whole.

    Raises:
        PipelineError: it names all that is wrong with them, that of the blocks which can be read included.
    """
    errors = ErrorCollector()
    read = read_pages(folder, errors)
    if errors.found and read:
        with errors.collect():
            merge(fragment for page in read for fragment in page.fragments)
    errors.raise_all()
    return read


def _listed(checkout: Path) -> set[str]:
    """Return the names of the pages that a checkout lists; none where it has no list."""
    file = checkout / PAGES
    return {page_name(path) for path in read_listing(file).pages} if file.is_file() else set()


def _committed(checkout: Path) -> tuple[list[Fragment], set[str]]:
    """Return the fragments and the listed pages of the last commit; nothing where they cannot be read."""
    command = ["git", "-C", str(checkout), "archive", "--format=tar", "HEAD", str(FRAGMENTS), str(PAGES)]
    try:
        archive = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 - git
        with tempfile.TemporaryDirectory(prefix="committed-") as folder:
            with tarfile.open(fileobj=io.BytesIO(archive)) as files:
                files.extractall(folder, filter="data")
            return read_fragments(Path(folder, FRAGMENTS)), _listed(Path(folder))
    except (OSError, subprocess.CalledProcessError, tarfile.TarError, PipelineError):
        return [], set()
