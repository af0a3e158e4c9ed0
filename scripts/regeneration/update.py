"""Write the result of a run: into a checkout, or as a package into another folder."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from scripts.openapi import atomic_write
from scripts.openapi.errors import PipelineError, PipelineErrors
from scripts.openapi.json_text import path_of
from scripts.openapi.project_paths import DOCUMENT, FRAGMENTS, GENERATED, LOCK, OPENAPI, OVERLAY, PACKAGE, RETIRED
from scripts.pipeline import Built, build
from scripts.regeneration.sources import Sources, read_whole, sources
from scripts.spec.extract_fragments import Page
from scripts.spec.finish_document import document_bytes
from scripts.spec.fragments_folder import SOURCE_KEY, fragment_files
from scripts.spec.naming.locked_names import lock_text
from scripts.spec.retired_parts import retired_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scripts.openapi.structure import Node
    from scripts.spec.extract_fragments import Fragment

    Generate = Callable[[Node, Path], None]

# What a checkout is made of; the output of a trial run has no business in there.
SOURCES = (
    "patchworks_core_client",
    "openapi",
    "scripts",
    "tests",
    "docs",
    "benchmarks",
    ".git",
    ".github",
    ".ci",
)


@dataclass
class Result:
    """One run of the line.

    Attributes:
        start: what it was made from.
        built: the document.
        changes: what was written, or would be.
    """

    start: Sources
    built: Built
    changes: atomic_write.Changes


def update_checkout(checkout: Path, pages: Path | None, generate: Generate, *, check: bool = False) -> Result:
    """Bring a checkout up to date: its fragments with some pages, if there are any, and all that is made of them.

    Args:
        checkout: the root of the project.
        pages: a folder of pages, which replace those of the same name; `None` to start from the fragments.
        generate: writes the code for a document into an empty folder.
        check: only find out what would change.
    """
    start = sources(checkout, pages)
    built = build(start.fragments, checkout, start.before)
    wanted = {
        **_document_files(built),
        **_fragment_files(start.fragments),
        **_generated_files(built, generate),
    }
    act = atomic_write.compare if check else atomic_write.write
    return Result(start, built, act(checkout, wanted, _written_before(checkout)))


def write_package(
    checkout: Path, pages: Path | None, target: Path, generate: Generate, *, check: bool = False
) -> Result:
    """Make an importable package, with its `openapi` folder beside it, without touching the checkout.

    Args:
        checkout: the root of the project, from which the hand-written code, the overlay and the lock are taken.
        pages: a folder of pages; `None` to use the fragments of the checkout.
        target: the folder that gets both; other files in it stay.
        generate: writes the code for a document into an empty folder.
        check: only find out what would change in that folder.
    """
    _refuse_checkout(checkout, target)
    atomic_write.refuse_links(target, [GENERATED / "x", FRAGMENTS / "x"])
    if pages:
        read = read_whole(pages)
        start = Sources(read, [fragment for page in read for fragment in page.fragments], [], 0, [])
    else:
        start = sources(checkout, None)
    built = build(start.fragments, checkout, start.before, only_of_these_pages=bool(pages))
    wanted = {
        **_package_files(checkout),
        OVERLAY: (checkout / OVERLAY).read_bytes(),
        **_document_files(built),
        **_fragment_files(start.fragments),
        **_generated_files(built, generate),
    }
    act = atomic_write.compare if check else atomic_write.write
    return Result(start, built, act(target, wanted, _written_before(target)))


def _document_files(built: Built) -> dict[PurePosixPath, bytes]:
    files = {DOCUMENT: document_bytes(built.document), LOCK: lock_text(built.names.lock).encode()}
    if built.retired:
        files[RETIRED] = retired_text(built.retired).encode()
    return files


def _fragment_files(fragments: Iterable[Fragment]) -> dict[PurePosixPath, bytes]:
    pages: dict[str, Page] = {}
    for fragment in fragments:
        pages.setdefault(fragment.place.page, Page(fragment.place.page)).fragments.append(fragment)
    return {FRAGMENTS / name: content for name, content in fragment_files(pages.values()).items()}


def _generated_files(built: Built, generate: Generate) -> dict[PurePosixPath, bytes]:
    with tempfile.TemporaryDirectory(prefix="patchworks-") as folder:
        target = Path(folder) / "generated"
        target.mkdir()
        try:
            generate(built.document, target)
        except PipelineError as error:
            raise _with_places(built, error) from error
        return {GENERATED / name: (target / name).read_bytes() for name in _files(target)}


def _with_places(built: Built, error: PipelineError) -> PipelineError:
    """Return the same error with the places where the parts that are wrong were published."""
    return PipelineErrors(
        [built.merged.error(path_of(part.pointer), part.message) if part.pointer else part for part in error.errors]
    )


def _package_files(checkout: Path) -> dict[PurePosixPath, bytes]:
    package = checkout / PACKAGE
    names = [PACKAGE / name for name in _files(package)]
    return {name: (checkout / name).read_bytes() for name in names if GENERATED not in name.parents}


def _files(folder: Path) -> Iterator[PurePosixPath]:
    for path in sorted(folder.rglob("*")):
        name = PurePosixPath(path.relative_to(folder).as_posix())
        hidden = any(part == "__pycache__" or part.startswith(".") for part in name.parts)
        if path.is_file() and not hidden and path.suffix != ".pyc":
            yield name


def _written_before(root: Path) -> list[PurePosixPath]:
    """Return what an earlier run has written: generated code, which says so in its first line, and fragments."""
    code = [file for file in (root / GENERATED).rglob("*.py") if b"generated" in _first_line(file).lower()]
    fragments = [file for file in (root / FRAGMENTS).glob("*/*.json") if SOURCE_KEY.encode() in file.read_bytes()[:100]]
    retired = [root / RETIRED] if (root / RETIRED).is_file() else []
    return [PurePosixPath(file.relative_to(root).as_posix()) for file in (*code, *fragments, *retired)]


def _first_line(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.readline(200)


def _refuse_checkout(checkout: Path, target: Path) -> None:
    root = checkout.resolve()
    for name in (PACKAGE, OPENAPI):
        place = (target / name).resolve()
        if any(place.is_relative_to(root / source) for source in SOURCES):
            raise PipelineError(
                str(target), "", "", "is part of this checkout; without --output it is brought up to date"
            )
