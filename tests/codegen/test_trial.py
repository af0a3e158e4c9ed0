"""Exit status 0 means a package that works: what was generated is imported, resolved and called beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.codegen.generator import generate
from scripts.codegen.smoke_test import run_smoke_test
from scripts.openapi.errors import PipelineError
from tests.codegen.documents import document, json_content, operation

pytestmark = pytest.mark.usefixtures("measured")

THING = {"type": "object", "properties": {"id": {"type": "integer"}, "on": {"type": "string", "format": "date"}}}
REF = {"$ref": "#/components/schemas/Thing"}
PAGE = json_content({"type": "object", "properties": {"data": {"type": "array", "items": REF}}})
DOCUMENT = document(
    operation(
        parameters=[
            {"name": "filter[a]", "in": "query", "schema": {"type": "string"}},
            {
                "name": "sort",
                "in": "query",
                "schema": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
            },
        ],
        content=PAGE,
    ),
    operation(
        "update_thing",
        verb="put",
        path="/api/v1/things/{thing}",
        parameters=[{"name": "thing", "in": "path", "required": True, "schema": {"type": "string"}}],
        requestBody={"required": True, "content": json_content(REF)},
        content=json_content(REF),
    ),
    operation(
        "create_thing",
        verb="post",
        requestBody={"required": True, "content": json_content({"type": "array", "items": {"type": "object"}})},
    ),
    schemas={"Thing": THING},
)
for item in DOCUMENT["paths"].values():
    for details in item.values():
        details["x-sdk-namespace"] = "things"


@pytest.fixture
def generated(tmp_path: Path) -> Path:
    target = tmp_path / "generated"
    target.mkdir()
    generate(DOCUMENT, target)
    return target


def test_a_package_that_works(generated: Path) -> None:
    run_smoke_test(DOCUMENT, generated)


def change(generated: Path, name: str, old: str, new: str) -> None:
    file = generated / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def fails(generated: Path) -> PipelineError:
    with pytest.raises(PipelineError) as caught:
        run_smoke_test(DOCUMENT, generated)
    return caught.value


def broken(generated: Path, name: str, old: str, new: str) -> PipelineError:
    change(generated, name, old, new)
    return fails(generated)


def test_a_module_that_cannot_be_imported(generated: Path) -> None:
    error = broken(
        generated, "api/things/list_things.py", "from __future__", "raise RuntimeError('x')\nfrom __future__"
    )
    assert "generated.api.things.list_things does not work: " in str(error)
    assert error.pointer == "#/paths/~1api~1v1~1things/get"


def test_a_model_that_cannot_be_resolved(generated: Path) -> None:
    error = broken(generated, "models/thing.py", "id: int", "id: Nothing")
    assert "Nothing" in str(error)
    assert error.pointer == "#/components/schemas/Thing"


def test_every_method_that_fails_is_named(generated: Path) -> None:
    change(generated, "api/things/_sync.py", "strict: bool | None = None", "strict: Nothing = None")
    change(generated, "api/things/_async.py", "max_pages: int | None = None", "max_pages: Nothing = None")
    errors = fails(generated).errors
    waiting = [error for error in errors if error.message.startswith("await things.list does not work: NameError")]
    assert {error.pointer for error in errors if error not in waiting} == {
        "#/paths/~1api~1v1~1things/get",
        "#/paths/~1api~1v1~1things/post",
        "#/paths/~1api~1v1~1things~1{thing}/put",
    }
    assert all("does not work: NameError: name 'Nothing'" in error.message for error in errors)
    assert [error.pointer for error in waiting] == ["#/paths/~1api~1v1~1things/get"]


def test_a_package_that_is_none(generated: Path) -> None:
    error = broken(generated, "__init__.py", "# Generated", "raise KeyError('root')  # Generated")
    assert error.message == "the generated package does not work: KeyError: 'root'"
