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
from scripts.openapi.errors import PipelineError
from scripts.openapi.json_text import pointer
from scripts.openapi.project_paths import ROOT
from scripts.regeneration.update import update_checkout, write_package
from scripts.spec.extract_fragments import Fragment
from tests.scale.line import python
from tests.spec.published import Checkout, real_fragments, without
from tests.support.cases import cases

COPY = "/api/v1/virtual-environments/{virtual_environment}/copy"


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
