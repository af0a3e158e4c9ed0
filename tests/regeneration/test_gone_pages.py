"""A page that is taken from the list, deleted, renamed or moved: its operations go over time, and other types stay."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts.openapi.errors import PipelineError
from scripts.openapi.project_paths import DOCUMENT, FRAGMENTS, PAGES
from scripts.regeneration.sources import Sources
from scripts.regeneration.summary import summary
from scripts.regeneration.update import Result, update_checkout
from scripts.release.regeneration_preview import preview
from tests.spec.build import REF, block, document, operation, page, stand_in

PART = "/api/v1/parts/{part}"
OVERLAY = """\
overlay: 1.0.0
actions:
- target: $.components.schemas.Parts.properties.made_by
  description: It is declared as text.
  x-pages: [parts]
  update: {type: integer}
- target: $.paths['/api/v1/things/{thing}'].get.responses['200']
  description: It answers with a part.
  x-pages: [things, parts]
  update: {content: {application/json: {schema: {$ref: '#/components/schemas/PartsResponse'}}}}
- target: $.components.schemas
  description: What the pages do not say.
  x-pages: [things, parts]
  x-descriptions: {Parts: {this: A part of something.}}
"""
LIST = """\
base_url: https://docs.example
index: /llms.txt
reference: /reference/
pages:
- /reference/things.md
- /reference/parts.md
"""


class Checkout:
    """A checkout of two pages, without a generator, in which everything is committed."""

    def __init__(self, root: Path, pages: Path, *, commit: bool = True) -> None:
        self.root = root
        part = {"type": "object", "properties": {"id": {"type": "integer"}, "made_by": {"type": "string"}}}
        envelope = {"type": "object", "properties": {"data": {"$ref": REF + "Parts"}}}
        answer = {
            "200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": f"{REF}PartsResponse"}}}}
        }
        parts = operation("Get Part", "Parts", responses=answer)
        schemas = {"Parts": part, "PartsResponse": envelope}
        (pages / "things.md").write_text(page(block(document())))
        (pages / "parts.md").write_text(page(block(document(PART, details=parts, schemas=schemas), "Get Part")))
        (root / "openapi/overlay.yaml").write_text(OVERLAY)
        (root / PAGES).write_text(LIST)
        update_checkout(root, pages, stand_in)
        if commit:
            self.git("init")
            self.commit()

    def git(self, *arguments: str) -> None:
        person = ("-c", "user.name=A", "-c", "user.email=a@example.com")
        subprocess.run(["git", "-C", self.root, *person, *arguments], check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--message", "x")

    def set_version(self, version: str) -> None:
        (self.root / "patchworks_core_client/_version.py").write_text(f'__version__ = "{version}"\n', "utf-8")

    def edit(self, name: Path | str, before: str, after: str) -> None:
        file = self.root / name
        text = file.read_text("utf-8")
        assert before in text
        file.write_text(text.replace(before, after), "utf-8")

    def regenerate(self) -> Result:
        return update_checkout(self.root, None, stand_in)

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.root / DOCUMENT).read_text("utf-8"))
        return document


@pytest.fixture
def repository(checkout: Path, pages: Path) -> Checkout:
    return Checkout(checkout, pages)


def delist(repository: Checkout) -> None:
    repository.edit(PAGES, "- /reference/parts.md\n", "")


def delete(repository: Checkout) -> None:
    shutil.rmtree(repository.root / FRAGMENTS / "parts")


@pytest.mark.parametrize("go", [delist, delete], ids=["taken from the list", "fragments deleted"])
def test_a_page_that_goes_leaves_its_operations_deprecated_and_all_types_alone(repository: Checkout, go: Any) -> None:
    before = repository.document
    go(repository)
    result = repository.regenerate()
    after = repository.document
    assert result.start.gone == ["parts"]
    assert "parts: gone" in summary(result, None)
    assert not (repository.root / FRAGMENTS / "parts").exists()
    kept = after["paths"][PART].pop("get")
    assert kept.pop("x-deprecated") == f"GET {PART} is no longer documented; this method goes in version 0.3.0."
    assert (kept.pop("x-retired"), kept.pop("deprecated")) == ("0.3.0", True)
    assert kept == before["paths"][PART].pop("get")
    assert after["paths"] == before["paths"]
    was, now = before["components"]["schemas"], after["components"]["schemas"]
    gone = "Deprecated: it is no longer documented, and goes in version 0.3.0."
    for name, text in (("Part", f"{gone} A part of something."), ("PartsResponse", gone)):
        assert now.pop(name) == {**was.pop(name), "description": text, "x-retired": "0.3.0"}
    assert now == was


def test_it_stays_gone_once_that_is_committed(repository: Checkout) -> None:
    delist(repository)
    repository.regenerate()
    assert repository.regenerate().changes.written == []
    repository.commit()
    result = repository.regenerate()
    assert (result.changes.written, result.start.gone) == ([], [])


def test_the_report_says_it_before_anything_is_written(repository: Checkout) -> None:
    delist(repository)
    found = preview(repository.root)
    assert (found.problem, found.unmatched) == ("", [])
    assert found.document["paths"][PART]["get"]["x-retired"] == "0.3.0"


def test_when_its_time_is_up_the_corrections_that_need_it_are_named_and_nothing_is_written(
    repository: Checkout,
) -> None:
    delist(repository)
    repository.regenerate()
    repository.commit()
    repository.set_version("0.3.0")
    before = repository.document
    with pytest.raises(
        PipelineError,
        match=r'^overlay\.yaml, #/actions/0 and 1 more: the page "parts" is gone: give the page\'s new name',
    ):
        repository.regenerate()
    assert repository.document == before


def test_a_page_that_is_renamed_keeps_every_name_and_type(repository: Checkout) -> None:
    before = repository.document
    old, new = repository.root / FRAGMENTS / "parts", repository.root / FRAGMENTS / "pieces"
    old.rename(new)
    for file in new.glob("*.json"):
        repository.edit(file.relative_to(repository.root), '"page": "parts"', '"page": "pieces"')
    with pytest.raises(PipelineError, match='the page "parts" is gone: give the page\'s new name'):
        repository.regenerate()
    repository.edit("openapi/overlay.yaml", "parts]", "pieces]")
    repository.regenerate()
    before["paths"][PART]["get"]["x-pages"] = ["pieces"]
    assert repository.document == before
    assert not (repository.root / "openapi/retired.json").exists()


def test_a_tag_that_is_renamed_renames_no_namespace_and_is_kept_beside_it(repository: Checkout) -> None:
    (file,) = (repository.root / FRAGMENTS / "parts").glob("*.json")
    repository.edit(file.relative_to(repository.root), '"Parts"\n', '"Pieces"\n')
    repository.regenerate()
    moved = repository.document["paths"][PART]["get"]
    assert (moved["x-published-tag"], moved["x-sdk-namespace"], moved["tags"]) == ("Pieces", "parts", ["Parts"])
    assert "x-published-tag" not in repository.document["paths"]["/api/v1/things/{thing}"]["get"]


def test_without_a_commit_there_is_nothing_to_compare_with(checkout: Path, pages: Path) -> None:
    repository = Checkout(checkout, pages, commit=False)
    delete(repository)
    assert repository.regenerate().start.gone == []


def test_without_a_list_no_page_is_off_it(repository: Checkout) -> None:
    (repository.root / PAGES).unlink()
    repository.commit()
    start: Sources = repository.regenerate().start
    assert (start.gone, start.kept) == ([], 2)
