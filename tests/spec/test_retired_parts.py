"""What vanishes from the documentation stays for a while, marked as deprecated; nothing is renamed by itself."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scripts import pipeline as line
from scripts.codegen.generator import generate
from scripts.openapi.errors import PipelineError, Place
from scripts.openapi.package_version import Version
from scripts.openapi.project_paths import ROOT
from scripts.regeneration.update import update_checkout, write_package
from scripts.spec.extract_fragments import Fragment
from scripts.spec.merge_fragments import SERVER, Merged, merge
from scripts.spec.retired_parts import describe_retired, graft, retired_text, update_retired
from tests.scale.line import python
from tests.spec.published import publish, real_fragments

COPY = "/api/v1/virtual-environments/{virtual_environment}/copy"


class Checkout:
    """A checkout with the real documentation, without a generator."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.fragments = real_fragments()
        shutil.copytree(ROOT / "openapi", root / "openapi")
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
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    # Half of the time, and no part of what these tests are about; the last one leaves it in.
    monkeypatch.setattr(line, "validate", lambda *_: None)
    return Checkout(tmp_path / "checkout")


def without(heading: str) -> list[Fragment]:
    """The real fragments without one endpoint."""
    return [fragment for fragment in real_fragments() if fragment.place.heading != heading]


def with_schemas(change: Callable[[dict[str, Any]], None]) -> list[Fragment]:
    """The real fragments with other schemas."""
    fragments = [replace(fragment, document=copy.deepcopy(fragment.document)) for fragment in real_fragments()]
    for fragment in fragments:
        change(fragment.document.get("components", {}).get("schemas", {}))
    return fragments


def drop_field(schema: str, field: str) -> Callable[[dict[str, Any]], None]:
    def change(schemas: dict[str, Any]) -> None:
        schemas.get(schema, {}).get("properties", {}).pop(field, None)

    return change


@pytest.mark.untraced
def test_an_operation_that_vanishes_stays_deprecated(checkout: Checkout) -> None:
    before = checkout.document["paths"][COPY]["post"]
    after = checkout.documented_as(without("Copy Virtual Environment"))["paths"][COPY]["post"]
    text = f"POST {COPY} is no longer documented; this method goes in version 0.3.0."
    assert after == {**before, "deprecated": True, "x-deprecated": text, "x-retired": "0.3.0"}
    assert checkout.retired is not None
    (kept,) = checkout.retired.values()
    assert (kept["since"], kept["pages"]) == ("0.1.0", ["virtual-environments"])


@pytest.mark.untraced
def test_a_second_run_changes_nothing(checkout: Checkout) -> None:
    checkout.documented_as(without("Copy Virtual Environment"))
    for pages in (None, checkout.pages(without("Copy Virtual Environment"))):
        assert update_checkout(checkout.root, pages, lambda *_: None, check=True).changes.written == []


@pytest.mark.untraced
@pytest.mark.parametrize(("version", "stays"), [("0.2.7", True), ("0.3.0", False)])
def test_it_stays_for_a_whole_minor_version(checkout: Checkout, version: str, stays: bool) -> None:
    checkout.documented_as(without("Create Virtual Environment"))
    checkout.set_version(version)
    path = checkout.documented_as(without("Create Virtual Environment"))["paths"]["/api/v1/virtual-environments"]
    assert ("post" in path) is stays
    assert (checkout.retired is not None) is stays


@pytest.mark.untraced
def test_a_field_that_comes_back_is_no_longer_deprecated(checkout: Checkout) -> None:
    before = checkout.document
    checkout.documented_as(with_schemas(drop_field("VirtualEnvironments", "flows")))
    assert checkout.retired is not None
    assert checkout.documented_as(real_fragments()) == before
    assert checkout.retired is None


@pytest.mark.untraced
def test_from_1_0_on_it_stays_until_the_next_major_version(checkout: Checkout) -> None:
    checkout.set_version("1.4.2")
    operation = checkout.documented_as(without("Copy Virtual Environment"))["paths"][COPY]["post"]
    assert operation["x-retired"] == "2.0.0"


@pytest.mark.untraced
def test_what_comes_back_is_no_longer_deprecated(checkout: Checkout) -> None:
    before = checkout.document
    checkout.documented_as(without("Copy Virtual Environment"))
    assert checkout.documented_as(real_fragments()) == before
    assert checkout.retired is None


@pytest.mark.untraced
def test_a_relation_that_the_overlay_types_keeps_that_type(checkout: Checkout) -> None:
    fragments = with_schemas(drop_field("VirtualEnvironments", "first_version"))
    after = checkout.documented_as(fragments)["components"]["schemas"]["VirtualEnvironment"]["properties"]
    assert after["first_version"] == {"$ref": "#/components/schemas/VirtualEnvironmentVersion"}


@pytest.mark.untraced
@pytest.mark.parametrize("field", ["flows", "labels"])
def test_a_field_that_vanishes_stays_readable(checkout: Checkout, field: str) -> None:
    before = checkout.document["components"]["schemas"]["VirtualEnvironment"]["properties"][field]
    fragments = with_schemas(drop_field("VirtualEnvironments", field))
    after = checkout.documented_as(fragments)["components"]["schemas"]["VirtualEnvironment"]["properties"][field]
    deprecated = "Deprecated: it is no longer documented, and goes in version 0.3.0."
    assert after == {**before, "description": f"{deprecated} {before['description']}", "x-retired": "0.3.0"}


def test_another_folder_gets_what_is_kept_of_its_own_pages_and_no_more(checkout: Checkout, tmp_path: Path) -> None:
    fragments = without("Delete Virtual Environment")

    def deletes(name: str, fragments: list[Fragment]) -> bool:
        write_package(checkout.root, checkout.pages(fragments), tmp_path / name, lambda *_: None)
        text = (tmp_path / name / "openapi" / "patchworks-core.json").read_text("utf-8")
        return 'delete_virtual_environment"' in text

    assert not deletes("fresh", fragments)
    checkout.documented_as(fragments)
    assert deletes("kept", fragments)
    assert (tmp_path / "kept" / "openapi" / "retired.json").exists()
    assert not deletes("other", [f for f in fragments if f.place.page == "virtual-environment-versions"])


@pytest.mark.untraced
def test_fragments_that_cannot_be_read_any_more_keep_nothing(checkout: Checkout) -> None:
    for file in (checkout.root / "openapi" / "fragments").glob("*/*.json"):
        file.write_text(file.read_text("utf-8").replace("https://core", "https://other"), "utf-8")
    checkout.documented_as(without("List Virtual Environment Version Variables"))
    assert checkout.retired is None


@pytest.mark.parametrize(
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
