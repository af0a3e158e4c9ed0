"""What vanishes from the documentation stays for a while, marked as deprecated; nothing is renamed by itself."""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scripts import pipeline as line
from scripts.codegen.generator import generate
from scripts.openapi.errors import PipelineError, Place
from scripts.openapi.json_text import pointer
from scripts.openapi.package_version import Version
from scripts.openapi.project_paths import ROOT
from scripts.regeneration.update import update_checkout, write_package
from scripts.spec.extract_fragments import Fragment
from scripts.spec.merge_fragments import SERVER, Merged, merge
from scripts.spec.retired_parts import describe_retired, graft, retired_text, update_retired
from tests.scale.line import python
from tests.spec.published import publish, real_fragments
from tests.support.cases import cases

COPY = "/api/v1/virtual-environments/{virtual_environment}/copy"


class Checkout:
    """A checkout with the real documentation, or a copy of another one, without a generator."""

    def __init__(self, root: Path, other: Path = ROOT) -> None:
        self.root = root
        self.fragments = real_fragments()
        shutil.copytree(other / "openapi", root / "openapi")
        (root / "patchworks_core_client").mkdir()
        self.set_version("0.1.0")

    def set_version(self, version: str) -> None:
        file = self.root / "patchworks_core_client" / "_version.py"
        file.write_text(f'__version__ = "{version}"\n', encoding="utf-8")

    def pages(self, fragments: list[Fragment]) -> Path:
        folder = self.root.parent / "pages"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, text in publish(fragments).items():
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
        return folder

    def documented_as(self, fragments: list[Fragment]) -> dict[str, Any]:
        """Regenerate from other pages; gives the finished document."""
        update_checkout(self.root, self.pages(fragments), lambda *_: None)
        return self.document

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.root / "openapi" / "patchworks-core.json").read_text("utf-8"))
        return document

    @property
    def retired(self) -> dict[str, Any] | None:
        file = self.root / "openapi" / "retired.json"
        return json.loads(file.read_text("utf-8")) if file.exists() else None


@pytest.fixture
def _no_validation(monkeypatch: pytest.MonkeyPatch) -> None:
    # Half of the time, and no part of what these tests are about; the last one leaves it in.
    monkeypatch.setattr(line, "validate", lambda *_: None)


@pytest.fixture
def checkout(_no_validation: None, tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


@pytest.fixture(scope="module")
def less(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout whose documentation lost some operations and fields; only to be read."""
    checkout = Checkout(tmp_path_factory.mktemp("less") / "checkout")
    checkout.documented_as(reduced())
    return checkout


@pytest.fixture
def reduced_checkout(_no_validation: None, less: Checkout, tmp_path: Path) -> Checkout:
    """A copy of that."""
    return Checkout(tmp_path / "checkout", less.root)


def without(*headings: str) -> list[Fragment]:
    """The real fragments without some endpoints."""
    return [fragment for fragment in real_fragments() if fragment.place.heading not in headings]


def reduced() -> list[Fragment]:
    """The real fragments without some endpoints and fields."""
    fragments = without("Copy Virtual Environment", "Delete Virtual Environment")
    fragments = [replace(fragment, document=copy.deepcopy(fragment.document)) for fragment in fragments]
    for fragment in fragments:
        schemas = fragment.document.get("components", {}).get("schemas", {})
        for field in ("flows", "labels", "first_version"):
            schemas.get("VirtualEnvironments", {}).get("properties", {}).pop(field, None)
    return fragments


@pytest.fixture(scope="module")
def before() -> dict[str, Any]:
    """The document of this checkout."""
    document: dict[str, Any] = json.loads((ROOT / "openapi" / "patchworks-core.json").read_text("utf-8"))
    return document


@pytest.mark.untraced
def test_an_operation_that_vanishes_stays_deprecated(less: Checkout, before: dict[str, Any]) -> None:
    text = f"POST {COPY} is no longer documented; this method goes in version 0.3.0."
    documented = before["paths"][COPY]["post"]
    assert less.document["paths"][COPY]["post"] == {
        **documented,
        "deprecated": True,
        "x-deprecated": text,
        "x-retired": "0.3.0",
    }
    assert less.retired is not None
    kept = less.retired[pointer(("paths", COPY, "post"))]
    assert (kept["since"], kept["pages"]) == ("0.1.0", ["virtual-environments"])


@pytest.mark.untraced
@pytest.mark.parametrize("field", ["flows", "labels"])
def test_a_field_that_vanishes_stays_readable(less: Checkout, before: dict[str, Any], field: str) -> None:
    documented, after = (
        document["components"]["schemas"]["VirtualEnvironment"]["properties"][field]
        for document in (before, less.document)
    )
    deprecated = "Deprecated: it is no longer documented, and goes in version 0.3.0."
    assert after == {**documented, "description": f"{deprecated} {documented['description']}", "x-retired": "0.3.0"}


@pytest.mark.untraced
def test_a_relation_that_the_overlay_types_keeps_that_type(less: Checkout) -> None:
    after = less.document["components"]["schemas"]["VirtualEnvironment"]["properties"]
    assert after["first_version"] == {"$ref": "#/components/schemas/VirtualEnvironmentVersion"}


@pytest.mark.untraced
def test_a_second_run_changes_nothing(reduced_checkout: Checkout) -> None:
    for pages in (None, reduced_checkout.pages(reduced())):
        changes = update_checkout(reduced_checkout.root, pages, lambda *_: None, check=True).changes
        assert changes.written == []


@pytest.mark.untraced
@pytest.mark.parametrize(("version", "stays"), [("0.2.7", True), ("0.3.0", False)])
def test_it_stays_for_a_whole_minor_version(reduced_checkout: Checkout, version: str, stays: bool) -> None:
    reduced_checkout.set_version(version)
    document = reduced_checkout.documented_as(without("Delete Virtual Environment"))
    assert ("delete" in document["paths"]["/api/v1/virtual-environments/{virtual_environment}"]) is stays
    assert (reduced_checkout.retired is not None) is stays


@pytest.mark.untraced
def test_what_comes_back_is_no_longer_deprecated(reduced_checkout: Checkout, before: dict[str, Any]) -> None:
    assert reduced_checkout.documented_as(real_fragments()) == before
    assert reduced_checkout.retired is None


@pytest.mark.untraced
def test_from_1_0_on_it_stays_until_the_next_major_version(checkout: Checkout) -> None:
    checkout.set_version("1.4.2")
    operation = checkout.documented_as(without("Copy Virtual Environment"))["paths"][COPY]["post"]
    assert operation["x-retired"] == "2.0.0"


def test_another_folder_gets_what_is_kept_of_its_own_pages_and_no_more(
    checkout: Checkout, less: Checkout, tmp_path: Path
) -> None:
    fragments = without("Delete Virtual Environment")

    def deletes(checkout: Checkout, name: str, fragments: list[Fragment]) -> bool:
        write_package(checkout.root, checkout.pages(fragments), tmp_path / name, lambda *_: None)
        text = (tmp_path / name / "openapi" / "patchworks-core.json").read_text("utf-8")
        return 'delete_virtual_environment"' in text

    assert not deletes(checkout, "fresh", fragments)
    assert deletes(less, "kept", fragments)
    assert (tmp_path / "kept" / "openapi" / "retired.json").exists()
    assert not deletes(less, "other", [f for f in fragments if f.place.page == "virtual-environment-versions"])


@pytest.mark.untraced
def test_fragments_that_cannot_be_read_any_more_keep_nothing(checkout: Checkout) -> None:
    for file in (checkout.root / "openapi" / "fragments").glob("*/*.json"):
        file.write_text(file.read_text("utf-8").replace("https://core", "https://other"), "utf-8")
    checkout.documented_as(without("List Virtual Environment Version Variables"))
    assert checkout.retired is None


@cases(
    ("content", "text"),
    [
        ("{", "not JSON"),
        ("[]", "is not what regenerating writes"),
        ('{"#/paths/x": {}}', "is not what regenerating writes"),
        ('{"#/info/a/b": {}}', "is not what regenerating writes"),
        ('{"#/paths/x/get": {"since": "1", "pages": [], "value": {}}}', "is not what regenerating writes"),
        ('{"#/paths/x/get": {"since": "1.0.0", "pages": [], "value": 1}}', "is not what regenerating writes"),
        (b"\xff", "cannot be read"),
    ],
)
def test_a_file_that_regenerating_did_not_write(checkout: Checkout, content: str | bytes, text: str) -> None:
    data = content.encode() if isinstance(content, str) else content
    (checkout.root / "openapi" / "retired.json").write_bytes(data)
    with pytest.raises(PipelineError, match=text) as caught:
        update_checkout(checkout.root, None, lambda *_: None)
    assert caught.value.page == "retired.json"


@pytest.mark.parametrize("content", ["", None])
def test_without_a_version_nobody_knows_how_long_to_keep_something(checkout: Checkout, content: str | None) -> None:
    file = checkout.root / "patchworks_core_client" / "_version.py"
    file.unlink() if content is None else file.write_text(content, "utf-8")
    with pytest.raises(PipelineError, match="holds no version"):
        checkout.documented_as(without("Copy Virtual Environment"))


OLD = {
    "Thing": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "owner": {"$ref": "#/components/schemas/Owner"},
            "parts": {
                "type": "array",
                "items": {"type": "object", "properties": {"a": {}, "b": {"description": "B."}}},
            },
            "rules": {"type": "array", "properties": {"*": {"type": "string"}}},
            "maker": {"type": "object", "properties": {"name": {"type": "string"}}},
        },
    },
    "Owner": {"type": "object"},
}
NEW = {
    "Thing": {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "parts": {"type": "array", "items": {"type": "object", "properties": {"a": {}}}},
            "rules": {"type": "array"},
            "maker": {"type": "object"},
        },
    }
}


def merged(schemas: dict[str, Any], *paths: str) -> Merged:
    """One document on the page `things`."""
    answer = {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": f"{SCHEMAS}Thing"}}}}}
    operation = {"summary": "Get Thing", "tags": ["Things"], "responses": answer if "Thing" in schemas else {}}
    document = {
        "openapi": "3.0.0",
        "servers": [{"url": SERVER}],
        "paths": {path: {"get": operation} for path in paths},
        "components": {"schemas": schemas},
    }
    return merge([Fragment(Place("things", "Get Thing", 1), copy.deepcopy(document))])


SCHEMAS = "#/components/schemas/"


def kept_after(before: Merged, now: Merged) -> tuple[Merged, set[str]]:
    """The document with what is kept, and the pointers to that."""
    retired = update_retired({}, before, now, lambda: Version(0, 1, 0))
    graft(now, retired, only_of_these_pages=False)
    describe_retired(now.document["components"].get("schemas", {}))
    assert all(kept.pages == ("things",) for kept in retired.values())
    return now, set(json.loads(retired_text(retired)))


def test_fields_inside_of_fields_are_kept_and_so_is_what_they_point_to() -> None:
    now, pointers = kept_after(merged(OLD, "/a"), merged(NEW, "/a"))
    thing = f"{SCHEMAS}Thing/properties"
    assert pointers == {
        f"{SCHEMAS}Owner",
        f"{thing}/owner",
        f"{thing}/parts/items/properties/b",
        f"{thing}/maker/properties/name",
    }
    gone = "Deprecated: it is no longer documented, and goes in version 0.3.0."
    schemas = now.document["components"]["schemas"]
    assert schemas["Owner"] == {"type": "object", "description": gone, "x-retired": "0.3.0"}
    fields = schemas["Thing"]["properties"]
    assert fields["owner"]["allOf"] == [{"$ref": f"{SCHEMAS}Owner"}]
    assert fields["parts"]["items"]["properties"]["b"]["description"] == f"{gone} B."
    assert "*" not in fields["rules"].get("properties", {})


def test_an_id_of_another_name_is_the_same_endpoint() -> None:
    now, pointers = kept_after(merged({}, "/a/{x}", "/b"), merged({}, "/a/{y}", "/b"))
    assert pointers == set()
    assert set(now.document["paths"]) == {"/a/{y}", "/b"}


def test_a_document_without_any_schema_left_keeps_those_that_it_had() -> None:
    _, pointers = kept_after(merged(OLD, "/a"), merged({}, "/a"))
    assert pointers == {f"{SCHEMAS}Owner", f"{SCHEMAS}Thing"}


def test_a_field_whose_schema_became_another_thing_is_gone() -> None:
    now = merged({**NEW, "Thing": {"$ref": f"{SCHEMAS}Other"}, "Other": {"type": "object"}}, "/a")
    retired = update_retired({}, merged(OLD, "/a"), now, lambda: Version(0, 1, 0))
    graft(now, retired, only_of_these_pages=False)
    describe_retired(now.document["components"].get("schemas", {}))
    assert now.document["components"]["schemas"]["Thing"] == {"$ref": f"{SCHEMAS}Other"}


@pytest.mark.untraced
def test_a_renamed_summary_renames_no_method_and_a_retired_one_warns(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "checkout")
    shutil.rmtree(checkout.root / "patchworks_core_client")
    shutil.copytree(ROOT / "patchworks_core_client", checkout.root / "patchworks_core_client")
    fragments = without("Copy Virtual Environment")
    for fragment in fragments:
        for item in fragment.document["paths"].values():
            for operation in item.values():
                operation["summary"] = f"Please {operation['summary']} Now"
    update_checkout(checkout.root, checkout.pages(fragments), generate)
    said = python(_CALLS, checkout.root).splitlines()
    assert said[0] == "7"
    assert (
        said[1:] == [f"DeprecationWarning POST {COPY} is no longer documented; this method goes in version 0.3.0."] * 3
    )


_CALLS = """
import asyncio, httpx, warnings
from patchworks_core_client import AsyncPatchworks, Patchworks
from patchworks_core_client.generated.api.virtual_environments import copy_virtual_environment

def answer(request):
    return httpx.Response(200, json={"data": {"id": 7}})

async def main():
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http_client:
        pw = AsyncPatchworks(api_key="key", http_client=http_client)
        print((await pw.virtual_environments.get(7)).id)
        await pw.virtual_environments.copy(7)
        await copy_virtual_environment.asyncio_detailed(7, client=pw)

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    asyncio.run(main())
    with httpx.Client(transport=httpx.MockTransport(answer)) as http_client:
        Patchworks(api_key="key", http_client=http_client).virtual_environments.copy(7)
for warning in caught:
    print(warning.category.__name__, warning.message)
"""
