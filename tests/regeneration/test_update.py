"""The whole line, with a stand-in for the generator: in place, and into another folder."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from scripts.openapi.errors import PipelineError
from scripts.openapi.project_paths import LOCK
from scripts.regeneration.summary import REPAIRS, WIDTH, summary
from scripts.regeneration.update import update_checkout, write_package
from scripts.spec.rules import fields as field_rules, schemas as schema_rules
from scripts.spec.rules.descriptions import plain_descriptions
from scripts.spec.rules.operations import apply_operation_rules
from tests.spec.build import block, document, files_below, operation, page, stand_in


def put_page(pages: Path, name: str = "things", *blocks: str) -> None:
    (pages / f"{name}.md").write_text(page(*(blocks or [block(document())])))


def test_pages_become_all_that_is_made_of_them(checkout: Path, pages: Path) -> None:
    put_page(pages)
    result = update_checkout(checkout, pages, stand_in)
    files = files_below(checkout)
    assert files.keys() >= {
        "openapi/fragments/things/01-get-thing.json",
        "openapi/operation-names.lock",
        "openapi/patchworks-core.json",
        "patchworks_core_client/generated/__init__.py",
        "patchworks_core_client/generated/api/things/get_thing.py",
    }
    assert len(result.changes.written) == 5
    assert [(entry.namespace, entry.name) for entry in result.built.names.new] == [("things", "get")]
    assert (
        json.loads(files["openapi/patchworks-core.json"])["paths"]["/api/v1/things/{thing}"]["get"]["x-sdk-method"]
        == "get"
    )


def test_a_second_run_changes_nothing(checkout: Path, pages: Path) -> None:
    put_page(pages)
    update_checkout(checkout, pages, stand_in)
    for source in (pages, None, None):
        changes = update_checkout(checkout, source, stand_in).changes
        assert (changes.written, changes.removed) == ([], [])


def test_a_page_replaces_the_one_of_its_name_and_no_other(checkout: Path, pages: Path) -> None:
    put_page(
        pages,
        "things",
        block(document()),
        block(document(method="delete", details=operation("Delete Thing")), "Delete"),
    )
    put_page(pages, "parts", block(document("/api/v1/parts", details=operation("List Parts", "Parts"))))
    update_checkout(checkout, pages, stand_in)
    (pages / "parts.md").unlink()
    put_page(pages)
    result = update_checkout(checkout, pages, stand_in)
    assert result.start.kept == 1
    assert [str(name) for name in result.changes.removed] == ["openapi/fragments/things/02-delete.json"]
    assert (checkout / "openapi/fragments/parts/01-get-thing.json").exists()


def test_the_lock_keeps_a_name_when_the_summary_changes(checkout: Path, pages: Path) -> None:
    put_page(pages)
    update_checkout(checkout, pages, stand_in)
    put_page(pages, "things", block(document(details=operation("Show One Thing")), "Show One Thing"))
    update_checkout(checkout, pages, stand_in)
    content = json.loads((checkout / "openapi/patchworks-core.json").read_text())
    assert content["paths"]["/api/v1/things/{thing}"]["get"]["x-sdk-method"] == "get"
    assert content["paths"]["/api/v1/things/{thing}"]["get"]["operationId"] == "get_thing"


def test_the_lock_keeps_a_model_that_the_pages_call_otherwise(checkout: Path, pages: Path) -> None:
    put_page(pages)
    update_checkout(checkout, pages, stand_in)
    lock = (checkout / LOCK).read_bytes()
    file = pages / "things.md"
    renamed = file.read_text().replace('schemas/Things"', 'schemas/Article"').replace('"Things":', '"Article":')
    file.write_text(renamed)
    update_checkout(checkout, pages, stand_in)
    assert (checkout / LOCK).read_bytes() == lock
    assert b'"answer": "Thing"' in lock
    other = {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}
    put_page(pages, "things", block(document(details=operation(responses={"200": other}))))
    text = summary(update_checkout(checkout, pages, stand_in), None)
    assert "things.get answers with no model, and not with Thing" in text


def test_checking_writes_nothing(checkout: Path, pages: Path) -> None:
    put_page(pages)
    before = files_below(checkout)
    assert update_checkout(checkout, pages, stand_in, check=True).changes.written
    assert files_below(checkout) == before


def test_into_a_folder(checkout: Path, pages: Path, tmp_path: Path) -> None:
    put_page(pages)
    target = tmp_path / "out"
    target.mkdir()
    (target / "theirs.txt").write_text("stays")
    before = files_below(checkout)
    write_package(checkout, pages, target, stand_in)
    assert files_below(checkout) == before
    assert files_below(target).keys() == {
        "theirs.txt",
        "openapi/fragments/things/01-get-thing.json",
        "openapi/operation-names.lock",
        "openapi/overlay.yaml",
        "openapi/patchworks-core.json",
        "patchworks_core_client/__init__.py",
        "patchworks_core_client/_version.py",
        "patchworks_core_client/generated/__init__.py",
        "patchworks_core_client/generated/api/things/get_thing.py",
        "patchworks_core_client/py.typed",
    }


def test_into_a_folder_again_with_other_pages(checkout: Path, pages: Path, tmp_path: Path) -> None:
    put_page(pages)
    write_package(checkout, pages, tmp_path / "out", stand_in)
    generated = tmp_path / "out" / "patchworks_core_client" / "generated"
    (generated / "api" / "things" / "theirs.py").write_text("# by hand\n")
    (tmp_path / "out" / "openapi" / "fragments" / "things" / "theirs.json").write_text("{}")
    (pages / "things.md").unlink()
    put_page(pages, "parts", block(document("/api/v1/parts", details=operation("List Parts", "Parts"))))
    write_package(checkout, pages, tmp_path / "out", stand_in)
    assert sorted(files_below(generated)) == ["__init__.py", "api/parts/list_parts.py", "api/things/theirs.py"]
    assert sorted(files_below(tmp_path / "out" / "openapi" / "fragments")) == [
        "parts/01-get-thing.json",
        "things/theirs.json",
    ]


def test_into_a_folder_from_the_fragments_of_the_checkout(checkout: Path, pages: Path, tmp_path: Path) -> None:
    put_page(pages)
    update_checkout(checkout, pages, stand_in)
    result = write_package(checkout, None, tmp_path / "out", stand_in)
    assert result.start.pages == []
    same = (tmp_path / "out/openapi/patchworks-core.json").read_bytes()
    assert same == (checkout / "openapi/patchworks-core.json").read_bytes()


@pytest.mark.parametrize("place", [".", "openapi", "patchworks_core_client/generated", "tests/x", "link"])
def test_a_folder_in_the_checkout_is_refused(checkout: Path, pages: Path, place: str, tmp_path: Path) -> None:
    put_page(pages)
    (checkout / "link").mkdir()
    (checkout / "link" / "patchworks_core_client").symlink_to(checkout / "patchworks_core_client")
    before = files_below(checkout)
    with pytest.raises(PipelineError, match="is part of this checkout"):
        write_package(checkout, pages, checkout / place, stand_in)
    assert files_below(checkout) == before
    write_package(checkout, pages, checkout / "build", stand_in)


def test_no_fragments_and_no_pages(checkout: Path) -> None:
    with pytest.raises(PipelineError, match="holds no fragments"):
        update_checkout(checkout, None, stand_in)


def test_a_correction_that_leads_nowhere(checkout: Path, pages: Path) -> None:
    put_page(pages)
    (checkout / "openapi" / "overlay.yaml").write_text(
        "overlay: 1.0.0\nactions:\n"
        "- {target: $.components.schemas.Things, description: d, x-pages: [things], remove: true}\n"
    )
    with pytest.raises(PipelineError, match=r"^overlay\.yaml, #/components/schemas/ThingsResponse.*leads nowhere"):
        update_checkout(checkout, pages, stand_in)


def test_a_generator_that_fails_changes_nothing(checkout: Path, pages: Path, tmp_path: Path) -> None:
    put_page(pages)

    def failing(_content: object, target: Path) -> None:
        (target / "half.py").write_text("")
        raise PipelineError("", "", "#/paths", "refused")

    before = files_below(checkout)
    with pytest.raises(PipelineError, match="refused"):
        update_checkout(checkout, pages, failing)
    with pytest.raises(PipelineError, match="refused"):
        write_package(checkout, pages, tmp_path / "out", failing)
    assert files_below(checkout) == before
    assert not (tmp_path / "out").exists()


def test_the_name_of_the_directory_makes_no_difference(checkout: Path, pages: Path, tmp_path: Path) -> None:
    put_page(pages)
    other = tmp_path / "some where else"
    shutil.copytree(checkout, other)
    update_checkout(checkout, pages, stand_in)
    update_checkout(other, pages, stand_in)
    assert files_below(checkout) == files_below(other)


def test_the_summary_has_words_for_every_repair() -> None:
    repairs: Counter[str] = Counter()
    for method in ("get", "post"):
        apply_operation_rules("/a", method, {"requestBody": {"content": {}}}, {}, repairs)
    rules = (*schema_rules.RULES, *field_rules.RULES, plain_descriptions)
    assert {
        *repairs,
        *(rule.__name__ for rule in rules),
        "all_of",
        "shared_enumeration",
        "text_in_json",
    } == REPAIRS.keys()


def test_the_summary_fits_and_tells(checkout: Path, pages: Path, tmp_path: Path) -> None:
    put_page(pages, "things\x1b[31m-" + "long" * 20)
    others = [
        block(document(f"/api/v1/part{n}", details=operation(f"Get Part {n}", "Parts")), f"P{n}") for n in range(12)
    ]
    put_page(pages, "parts", *others)
    text = summary(update_checkout(checkout, pages, stand_in), None)
    assert all(len(line) <= WIDTH and line.isprintable() for line in text.splitlines())
    assert "and 3 more" in text
    assert "13 operations" in text
    (pages / "parts.md").write_text(page(others[0]))
    (checkout / "openapi" / "overlay.yaml").write_text(
        "overlay: 1.0.0\nactions:\n- {target: $.info, description: d, x-pages: [parts], update: {version: 1.0.0}}\n"
        "- {target: $.x, description: d, x-pages: [other], update: {}}\n"
    )
    text = summary(update_checkout(checkout, pages, stand_in), tmp_path)
    assert "1 skipped (other pages), 1 without effect: $.info" in text
    (checkout / "openapi" / "retired.json").unlink()
    text = summary(update_checkout(checkout, None, stand_in), None)
    assert "no longer documented: parts.get_11" in text
    text = summary(update_checkout(checkout, None, stand_in), None)
    assert "2 as they were" in text
    entry = (checkout / "openapi/operation-names.lock").read_text().replace('"parts"]', '"other"]')
    (checkout / "openapi/operation-names.lock").write_text(entry)
    assert "11 of pages not among these skipped" in summary(update_checkout(checkout, None, stand_in), None)
    assert LOCK.name == "operation-names.lock"
