"""Read and write the folder of fragments: one JSON file for each block, with the page and heading it is from."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from scripts.openapi.errors import PipelineError, Place
from scripts.openapi.identifiers import slug, slugs
from scripts.openapi.input_files import read_json
from scripts.openapi.json_text import dumps
from scripts.spec.extract_fragments import Fragment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scripts.spec.extract_fragments import Page

SOURCE_KEY = "x-source"
"""The key, in a fragment's file, of the page, the heading and the position that the block had."""


def fragment_files(pages: Iterable[Page]) -> dict[PurePosixPath, bytes]:
    """Return the files for some pages: `<page>/<position>-<heading>.json`, each with its content."""
    pages = list(pages)
    folders = slugs(page.name for page in pages)
    files: dict[PurePosixPath, bytes] = {}
    for page in pages:
        for fragment in page.fragments:
            name = f"{fragment.place.position:02}-{slug(fragment.place.heading) or 'block'}.json"
            files[PurePosixPath(folders[page.name], name)] = _file_content(fragment)
    return files


def read_fragments(folder: Path) -> list[Fragment]:
    """Return every fragment in a folder, by page and position.

    Raises:
        PipelineError: there is none, or a file is none of ours.
    """
    files = sorted(folder.glob("*/*.json"))
    if not files:
        raise PipelineError(str(folder), "", "", "holds no fragments")
    return sorted((_read(file) for file in files), key=lambda fragment: fragment.place)


def _file_content(fragment: Fragment) -> bytes:
    source = fragment.place._asdict()
    rest = {key: value for key, value in fragment.document.items() if key != SOURCE_KEY}
    return dumps({SOURCE_KEY: source, **rest}).encode()


def _read(file: Path) -> Fragment:
    name = f"{file.parent.name}/{file.name}"
    document = read_json(file, name)
    if not isinstance(document, dict):
        raise PipelineError(name, "", "#", "is no OpenAPI document")
    return Fragment(_place(name, document.pop(SOURCE_KEY, None)), document)


def _place(name: str, source: Any) -> Place:
    match source:
        case {"page": str(page), "heading": str(heading), "position": int(position)}:
            return Place(page, heading, position)
    raise PipelineError(name, "", f"#/{SOURCE_KEY}", "does not say which page, heading and position it is from")
