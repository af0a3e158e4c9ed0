"""A page that is taken from the list, deleted, renamed or moved: its operations go over time, and other types stay."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts.openapi.errors import PipelineError
from scripts.openapi.layout import DOCUMENT, FRAGMENTS, PAGES, ROOT
from scripts.output.sources import Sources
from scripts.output.summary import summary
from scripts.output.update import Result, in_place
from scripts.release.preview import prospect

GONE = "virtual-environment-versions"
VERSIONS = "/api/v1/virtual-environments/{virtual_environment}/versions/{version}"


class Checkout:
    """A checkout of the real documentation, without a generator, in which everything is committed."""

    def __init__(self, root: Path, *, commit: bool = True) -> None:
        self.root = root
        shutil.copytree(ROOT / "openapi", root / "openapi")
        (root / "patchworks_core_client").mkdir()
        self.set_version("0.1.0")
        if commit:
            self.git("init")
            self.commit()

    def git(self, *arguments: str) -> None:
        person = ("-c", "user.name=A", "-c", "user.email=a@example.com")
        subprocess.run(["git", "-C", self.root, *person, *arguments], check=True, capture_output=True)  # noqa: S607

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
        return in_place(self.root, None, lambda *_: None)

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.root / DOCUMENT).read_text("utf-8"))
        return document


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


def delist(checkout: Checkout) -> None:
    lines = (checkout.root / PAGES).read_text("utf-8").splitlines(keepends=True)
    (checkout.root / PAGES).write_text("".join(line for line in lines if f"/{GONE}.md" not in line), "utf-8")


def delete(checkout: Checkout) -> None:
    shutil.rmtree(checkout.root / FRAGMENTS / GONE)


@pytest.mark.parametrize("go", [delist, delete], ids=["taken from the list", "fragments deleted"])
def test_a_page_that_goes_leaves_its_operations_deprecated_and_all_types_alone(checkout: Checkout, go: Any) -> None:
    before = checkout.document
    go(checkout)
    result = checkout.regenerate()
    after = checkout.document
    assert result.start.gone == [GONE]
    assert f"{GONE}: gone" in summary(result, None)
    assert not (checkout.root / FRAGMENTS / GONE).exists()
    for path, item in before["paths"].items():
        for method, operation in item.items():
            now = dict(after["paths"][path][method])
            if operation["x-pages"] == [GONE]:
                assert now.pop("x-retired") == "0.3.0"
                assert now.pop("x-deprecated").endswith("this method goes in version 0.3.0.")
                assert now.pop("deprecated") is True
            assert now == operation
    schemas = after["components"]["schemas"]
    assert schemas["VirtualEnvironment"] == before["components"]["schemas"]["VirtualEnvironment"]
    assert schemas["Variable"]["description"].startswith("Deprecated: it is no longer documented, and goes in version")
    assert schemas["Variable"]["description"].endswith(before["components"]["schemas"]["Variable"]["description"])


def test_it_stays_gone_once_that_is_committed(checkout: Checkout) -> None:
    delist(checkout)
    checkout.regenerate()
    assert checkout.regenerate().changes.written == []
    checkout.commit()
    result = checkout.regenerate()
    assert (result.changes.written, result.start.gone) == ([], [])


def test_the_report_says_it_before_anything_is_written(checkout: Checkout) -> None:
    delist(checkout)
    found = prospect(checkout.root)
    assert found.problem == ""
    assert found.document["paths"][f"/api/v1/{GONE}/{{virtual_environment_version}}/variables"]["get"]["x-retired"]


def test_when_its_time_is_up_the_corrections_that_need_it_are_named_and_nothing_is_written(checkout: Checkout) -> None:
    delist(checkout)
    checkout.regenerate()
    checkout.commit()
    checkout.set_version("0.3.0")
    before = checkout.document
    with pytest.raises(
        PipelineError,
        match=rf'^overlay\.yaml, #/actions/\d+ and \d+ more: the page "{GONE}" is gone: give the page\'s new name',
    ):
        checkout.regenerate()
    assert checkout.document == before


def test_a_page_that_is_renamed_keeps_every_name_and_type(checkout: Checkout) -> None:
    before = checkout.document
    old, new = checkout.root / FRAGMENTS / GONE, checkout.root / FRAGMENTS / "versions"
    old.rename(new)
    for file in new.glob("*.json"):
        checkout.edit(file.relative_to(checkout.root), f'"page": "{GONE}"', '"page": "versions"')
    with pytest.raises(PipelineError, match=f'the page "{GONE}" is gone: give the page\'s new name'):
        checkout.regenerate()
    checkout.edit("openapi/overlay.yaml", f"{GONE}]", "versions]")
    checkout.regenerate()
    text = json.dumps(before).replace(f'"{GONE}"', '"versions"')
    assert checkout.document == json.loads(text)
    assert not (checkout.root / "openapi/retired.json").exists()


def test_a_tag_that_is_renamed_renames_no_namespace_and_is_kept_beside_it(checkout: Checkout) -> None:
    for file in (checkout.root / FRAGMENTS / GONE).glob("*.json"):
        checkout.edit(file.relative_to(checkout.root), '"Virtual Environment Versions"', '"Releases"')
    checkout.regenerate()
    for item in checkout.document["paths"].values():
        for operation in item.values():
            moved = operation["x-pages"] == [GONE]
            assert operation.get("x-published-tag") == ("Releases" if moved else None)
            assert operation["x-sdk-namespace"] == (GONE if moved else "virtual-environments").replace("-", "_")


def test_without_a_commit_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "checkout", commit=False)
    delete(checkout)
    assert checkout.regenerate().start.gone == []


def test_without_a_list_no_page_is_off_it(checkout: Checkout) -> None:
    (checkout.root / PAGES).unlink()
    checkout.commit()
    start: Sources = checkout.regenerate().start
    assert (start.gone, start.kept) == ([], 2)
