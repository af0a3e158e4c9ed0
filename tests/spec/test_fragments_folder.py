"""One file for each block, which says where it is from, under a name that is safe."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath

import pytest

from scripts.openapi.errors import PipelineError, Place
from scripts.spec.extract_fragments import Page, extract
from scripts.spec.fragments_folder import fragment_files, read_fragments
from tests.spec.build import block, document, fragment, page
from tests.support.cases import cases


def written(folder: Path, *pages: Page) -> Path:
    for name, content in fragment_files(pages).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    found = extract("things", page(block(document(), "Get Thing"), block(document(method="put"), "Put ä")))
    again = read_fragments(written(tmp_path, found))
    assert again == found.fragments
    assert sorted(path.name for path in (tmp_path / "things").iterdir()) == ["01-get-thing.json", "02-put-a.json"]


def test_a_file_says_where_it_is_from(tmp_path: Path) -> None:
    written(tmp_path, Page("things", [fragment(document(**{"x-source": "a page's own"}), heading="Get", position=7)]))
    content = json.loads((tmp_path / "things" / "07-get.json").read_text())
    assert list(content)[:2] == ["x-source", "openapi"]
    assert content["x-source"] == {"page": "things", "heading": "Get", "position": 7}
    assert (tmp_path / "things" / "07-get.json").read_text().startswith('{\n  "x-source": {\n')


@cases("name", ["..", "../../up", "-rf", "a b;c", "CON", "页面", "x" * 300, "\x1b[31m", "a\nb", ""])
def test_names_from_pages_and_headings_are_safe(name: str) -> None:
    files = fragment_files([Page(name, [fragment(page=name, heading=name)])])
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*/01-[a-z0-9-]+\.json", str(path)) for path in files)
    assert all(len(part) < 100 for path in files for part in path.parts)


def test_pages_whose_names_are_alike_have_folders_of_their_own() -> None:
    files = fragment_files([Page("Flows", [fragment(page="Flows")]), Page("flows", [fragment(page="flows")])])
    assert len({PurePosixPath(path).parts[0] for path in files}) == 2


@cases(
    ("content", "pointer"),
    [
        (b"{", "#"),
        (b'{"a": 1, "a": 2}', "#/a"),
        (b"[]", "#"),
        (b'{"openapi": "3.0.0"}', "#/x-source"),
        (b'{"x-source": {"page": "p", "heading": 1, "position": 1}}', "#/x-source"),
        (b"\xff", ""),
    ],
)
def test_files_that_are_none_of_ours(tmp_path: Path, content: bytes, pointer: str) -> None:
    (tmp_path / "p").mkdir(exist_ok=True)
    (tmp_path / "p" / "01-x.json").write_bytes(content)
    with pytest.raises(PipelineError) as caught:
        read_fragments(tmp_path)
    assert (caught.value.page, caught.value.pointer) == ("p/01-x.json", pointer)


def test_no_fragments(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="holds no fragments"):
        read_fragments(tmp_path)


def test_places_read_well() -> None:
    assert str(Place("a\x1b", "x" * 400, 2)).startswith('a\\x1b.md, block 2 "xxx')
    assert len(str(Place("a", "x" * 400, 2))) < 330
    assert str(PipelineError("", "", "", "only this")) == "only this"
    assert str(Place("a", "H", 1).error("#/x", "is wrong\nhere")) == 'a.md, block 1 "H", #/x: is wrong\\nhere'
