"""The report for a pull request: every kind of change, by page, and nothing that text from a page could do to it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from scripts import report_changes
from scripts.release.markdown import code, within
from scripts.release.parameters_and_fields import type_text

SCHEMAS: dict[str, Any] = {
    "Thing": {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string", "maxLength": 245},
            "kind": {"type": "string", "enum": ["a", "b"]},
            "parts": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}},
        },
    },
    "ThingSort": {"type": "string", "enum": ["name", "-name"]},
}
OPERATION: dict[str, Any] = {
    "tags": ["Things"],
    "summary": "Update Thing",
    "operationId": "update_thing",
    "x-sdk-namespace": "things",
    "x-sdk-method": "update",
    "x-pages": ["things"],
    "parameters": [
        {"name": "thing", "in": "path", "required": True, "schema": {"type": "string"}},
        {
            "name": "sort",
            "in": "query",
            "description": "Order.",
            "schema": {"type": "array", "items": {"$ref": "#/components/schemas/ThingSort"}},
        },
    ],
    "requestBody": {
        "content": {"application/json": {"schema": {"type": "object", "properties": {"name": {"type": "string"}}}}}
    },
    "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}},
}
PATH = "/api/v1/things/{thing}"
DOCUMENT = {"paths": {PATH: {"put": OPERATION}}, "components": {"schemas": SCHEMAS}}
Report = Callable[..., str]


@pytest.fixture
def reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Report:
    """The report for a document that a function has changed."""

    def run(change: Callable[[Any, Any, Any], object], *, back: bool = False) -> str:
        new = copy.deepcopy(DOCUMENT)
        change(new["paths"], new["paths"][PATH]["put"], new["components"]["schemas"])
        files = [tmp_path / "old.json", tmp_path / "new.json"]
        for file, document in zip(files, (new, DOCUMENT) if back else (DOCUMENT, new), strict=True):
            file.write_text(json.dumps(document), encoding="utf-8")
        assert report_changes.main([str(file) for file in files]) == 0
        return capsys.readouterr().out

    return run


def test_nothing_changed_nothing_said(reported: Report, tmp_path: Path) -> None:
    assert reported(lambda *_: None) == ""
    assert (
        report_changes.main([str(tmp_path / "old.json"), str(tmp_path / "new.json"), "--output", str(tmp_path / "out")])
        == 0
    )
    assert (tmp_path / "out").read_text() == ""


def test_an_operation_and_a_model_are_added_and_removed(reported: Report) -> None:
    def change(paths: Any, operation: Any, schemas: Any) -> None:
        schemas["Part"] = {"type": "object"}
        answer = {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Part"}}}}}
        paths["/api/v1/parts"] = {
            "get": {**operation, "x-sdk-method": "list_parts", "x-pages": ["parts"], "responses": answer}
        }

    assert reported(change) == (
        "# The documentation changed\n\n"
        "## Page `parts`\n\n"
        "### Operations\n\n"
        "- **added** `GET /api/v1/parts`, `things.list_parts`\n\n"
        "### Models\n\n"
        "- **added** `Part`\n\n"
        "## New names proposed for the lock\n\n"
        "- `GET /api/v1/parts`, `things.list_parts`\n\n"
    )
    assert reported(change, back=True) == (
        "# The documentation changed\n\n"
        "## Page `parts`\n\n"
        "### Operations\n\n"
        "- **removed** `GET /api/v1/parts`, `things.list_parts`\n\n"
        "### Models\n\n"
        "- **removed** `Part`\n\n"
    )


CHANGES: list[tuple[str, Callable[[Any, Any, Any], object], str, str]] = [
    (
        "parameter added",
        lambda p, o, s: o["parameters"].append({"name": "x[y]", "in": "query", "schema": {"type": "integer"}}),
        "query parameter `x[y]` added: `integer`",
        "query parameter `x[y]` removed",
    ),
    (
        "parameter type",
        lambda p, o, s: o["parameters"][0].update(schema={"type": "integer", "minimum": 1}),
        "path parameter `thing`: was `string`, is `integer, minimum 1`",
        "path parameter `thing`: was `integer, minimum 1`, is `string`",
    ),
    (
        "parameter required",
        lambda p, o, s: o["parameters"][1].update(required=True),
        "query parameter `sort`: required now",
        "query parameter `sort`: no longer required",
    ),
    (
        "parameter description",
        lambda p, o, s: o["parameters"][1].update(description="Sorting."),
        "query parameter `sort`: description was `Order.`, is `Sorting.`",
        "query parameter `sort`: description was `Sorting.`, is `Order.`",
    ),
    (
        "body field",
        lambda p, o, s: o["requestBody"]["content"]["application/json"]["schema"].update(
            properties={"name": {"type": "string"}, "of": {"type": "boolean"}}, required=["of"]
        ),
        "body field `of` added: `boolean`, required",
        "body field `of` removed",
    ),
    (
        "body required",
        lambda p, o, s: o["requestBody"].update(required=True),
        "body `application/json`: required now",
        "body `application/json`: no longer required",
    ),
    (
        "answer",
        lambda p, o, s: o["responses"].update({"202": {"content": {"text/plain": {"schema": {"type": "string"}}}}}),
        "answer `202 text/plain` added: `string`",
        "answer `202 text/plain` removed",
    ),
    (
        "method",
        lambda p, o, s: o.update({"x-sdk-method": "put"}),
        "its method was `things.update`, is `things.put`",
        "",
    ),
    ("summary", lambda p, o, s: o.update(summary="Put"), "summary was `Update Thing`, is `Put`", ""),
    ("tags", lambda p, o, s: o.update(tags=["A", "B"]), "its tag was `Things`, is `A, B`", ""),
    ("tag", lambda p, o, s: o.update({"x-published-tag": "Parts"}), "its tag was `Things`, is `Parts`", ""),
    ("description", lambda p, o, s: o.update(description="x"), "description was (nothing), is `x`", ""),
    ("path", lambda p, o, s: p.update({"/api/v1/things/{id}": p.pop(PATH)}), f"its path was `{PATH}`", ""),
    ("other", lambda p, o, s: o.update(security=[]), "in a way that is not shown here; see the document", ""),
    (
        "field",
        lambda p, o, s: s["Thing"]["properties"].update(size={"type": "number", "nullable": True}),
        "field `size` added: `number or null`",
        "field `size` removed",
    ),
    (
        "field type",
        lambda p, o, s: s["Thing"]["properties"]["name"].update(maxLength=255),
        "field `name`: was `string, maxLength 245`, is `string, maxLength 255`",
        "field `name`: was `string, maxLength 255`, is `string, maxLength 245`",
    ),
    (
        "field in a list",
        lambda p, o, s: s["Thing"]["properties"]["parts"]["items"]["properties"].update(a={"enum": ["x"]}),
        "field `parts[].a` added: `anything`, one of `x`",
        "field `parts[].a` removed",
    ),
    (
        "values of a field",
        lambda p, o, s: s["Thing"]["properties"]["kind"].update(enum=["a", "c"]),
        "field `kind`: values added: `c`",
        "field `kind`: values removed: `c`",
    ),
    (
        "values",
        lambda p, o, s: s["ThingSort"]["enum"].append("id"),
        "it: values added: `id`",
        "it: values removed: `id`",
    ),
    ("model", lambda p, o, s: s["Thing"].update(title="x"), "in a way that is not shown here; see the document", ""),
    (
        "retired operation",
        lambda p, o, s: o.update({"x-retired": "0.3.0"}),
        "**no longer documented** `PUT /api/v1/things/{thing}`, `things.update`\n"
        "  - stays as it was, deprecated, until version `0.3.0`",
        "**documented again** `PUT /api/v1/things/{thing}`, `things.update`",
    ),
    (
        "retired model",
        lambda p, o, s: s["Thing"].update({"x-retired": "0.3.0"}),
        "**no longer documented** `Thing`\n  - stays, deprecated, until version `0.3.0`",
        "**documented again** `Thing`",
    ),
    (
        "retired field",
        lambda p, o, s: s["Thing"]["properties"]["name"].update({"x-retired": "0.3.0", "description": "Gone."}),
        "field `name`: no longer documented, stays until version `0.3.0`",
        "field `name`: documented again",
    ),
]


@pytest.mark.parametrize(("change", "there", "back"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_what_changed_is_said_in_both_directions(
    reported: Report, change: Callable[[Any, Any, Any], object], there: str, back: str
) -> None:
    assert there in (text := reported(change))
    assert text.startswith("# The documentation changed\n\n## Page `things`\n\n")
    assert back in reported(change, back=True)


def test_an_operation_that_moved_to_another_page_stands_under_that(reported: Report) -> None:
    text = reported(lambda p, o, s: o.update({"x-pages": ["parts"]}))
    assert "## Page `parts`" in text
    assert "  - it was on `things`, is on `parts`\n" in text


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"$ref": "#/components/schemas/Thing"}, "Thing"),
        ({"allOf": [{"type": "object"}, {"$ref": "#/components/schemas/Thing"}]}, "object and Thing"),
        ({"oneOf": [{"type": "string"}, {}]}, "string or anything"),
        ({"type": "array"}, "list of anything"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "map of integer"),
        ({"type": "string", "format": "date-time"}, "string (date-time)"),
        ({"type": "integer", "minimum": 1, "default": 3}, "integer, minimum 1, default 3"),
    ],
)
def test_a_type_in_a_few_words(schema: dict[str, Any], text: str) -> None:
    assert type_text(schema) == text


HOSTILE = [
    "`` ` ```",
    "`",
    "</code><script>alert(1)</script>",
    "[x](https://evil.example) ![y](https://evil.example/z.png)",
    "@everyone fixes #1",
    "two\nlines\r\n\n# heading",
    "right\u202eto left\u200b",
    "::set-output name=a::b",
    "",
    "x" * 1000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_page_is_dead_text(reported: Report, text: str) -> None:
    def change(paths: Any, operation: Any, schemas: Any) -> None:
        operation.update(summary=text, description=f"{text}.")
        operation["parameters"].append({"name": text, "in": "query", "schema": {"type": text}})
        schemas["Thing"]["properties"][text] = {"type": "string", "enum": [text], "description": text}
        schemas[f"X{text}"] = {"type": text}
        paths[f"/{text}"] = {"get": {**operation, "x-pages": [text], "x-sdk-method": text}}

    tokens = MarkdownIt("commonmark").parse(reported(change))
    for token in tokens:
        assert token.type not in {"html_block", "fence", "code_block"}
        for child in token.children or []:
            assert child.type in {"text", "code_inline", "strong_open", "strong_close", "softbreak"}
            if child.type == "code_inline":
                assert len(child.content) <= 162
                assert child.content.isprintable()
            else:
                assert not re.search(r"[@#<>\[:]{1}(?!$| )", child.content), child.content
    headings = [tokens[index + 1].content for index, token in enumerate(tokens) if token.type == "heading_open"]
    assert {heading.split(" ")[0] for heading in headings} <= {
        "The",
        "Page",
        "Pages",
        "Operations",
        "Models",
        "New",
        "On",
    }


def test_code_spans_hold_any_text() -> None:
    assert [code(text) for text in ("a", "a`b", "`a", "", " ")] == ["`a`", "``a`b``", "`` `a ``", "(nothing)", "`   `"]


def test_a_report_that_is_too_long_is_cut_at_a_line() -> None:
    assert within("a\nb\n", 100) == "a\nb\n"
    long = within("a line\n" * 100, 200)
    assert len(long) <= 200
    assert long.endswith("a line\n\n_And more: the report is cut here._\n")
