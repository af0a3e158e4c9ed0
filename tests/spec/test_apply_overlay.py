"""Corrections of facts: applied, skipped and counted, or an error that says what no longer holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.openapi.errors import PipelineError
from scripts.spec.apply_overlay import Action, Applied, apply_overlay, read_overlay
from tests.support.cases import cases

HEAD = "overlay: 1.0.0\nactions:\n"


def action(target: str, update: Any = None, *, remove: bool = False, pages: tuple[str, ...] = ("a",)) -> Action:
    return Action(4, target, "because", frozenset(pages), remove, update)


def applied(document: dict[str, Any], *actions: Action, pages: tuple[str, ...] = ("a", "b")) -> Applied:
    return apply_overlay(document, actions, set(pages), "overlay.yaml")


@cases(
    ("target", "update", "expected"),
    [
        ("$.a", {"x": 2, "new": {"y": 1}}, {"a": {"x": 2, "new": {"y": 1}, "list": [1], "deep": {"z": 1}}}),
        ("$.a", {"deep": {"w": 2}}, {"a": {"x": 1, "list": [1], "deep": {"z": 1, "w": 2}}}),
        ("$.a", {"list": [2], "deep": 3}, {"a": {"x": 1, "list": [1, 2], "deep": 3}}),
        ("$.a.list", 5, {"a": {"x": 1, "list": [1, 5], "deep": {"z": 1}}}),
        ("$..deep", {"z": 9}, {"a": {"x": 1, "list": [1], "deep": {"z": 9}}}),
    ],
)
def test_updates(target: str, update: Any, expected: dict[str, Any]) -> None:
    document = {"a": {"x": 1, "list": [1], "deep": {"z": 1}}}
    assert applied(document, action(target, update)).applied == [target]
    assert document == expected


def test_texts_are_said_where_nothing_is() -> None:
    thing: dict[str, Any] = {"properties": {"id": {"type": "integer"}, "name": {"description": "Said."}, "of": {}}}
    thing["properties"]["of"] = {"$ref": "#/x"}
    document: dict[str, Any] = {"schemas": {"Thing": thing, "Other": {"description": "Another."}}}
    fields = {"id": "Its number", "name": "Its name", "of": "Its owner", "gone": "No longer there"}
    texts = {"Thing": {"this": "A thing.", "fields": fields}, "Other": {"this": "Not this."}, "Gone": {"this": "A."}}
    for _ in range(2):
        applied(document, Action(0, "$.schemas", "because", frozenset("a"), False, None, texts))
    assert document["schemas"]["Thing"]["description"] == "A thing."
    assert document["schemas"]["Thing"]["properties"] == {
        "id": {"type": "integer", "description": "Its number"},
        "name": {"description": "Said."},
        "of": {"$ref": "#/x"},
    }
    assert document["schemas"].keys() == {"Thing", "Other"}
    assert document["schemas"]["Other"] == {"description": "Another."}


@cases("texts", ["[]", "{A: []}", "{A: {other: x}}", "{A: {this: 1}}", "{A: {fields: {x: 1}}}"])
def test_texts_are_text(tmp_path: Path, texts: str) -> None:
    file = tmp_path / "overlay.yaml"
    file.write_text(f"{HEAD}  - {{target: $.a, description: b, x-pages: [a], x-descriptions: {texts}}}\n")
    with pytest.raises(PipelineError, match="all of it text"):
        read_overlay(file)


def test_removals() -> None:
    document = {"a": [{"n": 1}, {"n": 2, "gone": True}, {"n": 3, "gone": True}], "b": {"x~/y": 1}}
    applied(document, action("$.a[?@.gone]", remove=True), action("$.b['x~/y']", remove=True))
    assert document == {"a": [{"n": 1}], "b": {}}


def test_an_update_is_copied() -> None:
    update = {"new": [1]}
    document: dict[str, Any] = {"a": {}, "b": {}}
    applied(document, action("$.*", update))
    document["a"]["new"].append(2)
    assert document["b"]["new"] == [1]
    assert update == {"new": [1]}


def test_pages_decide_what_applies() -> None:
    document: dict[str, Any] = {}
    result = applied(document, action("$.gone", {}, pages=("a", "c")), action("$", {"x": 1}, pages=("a", "b")))
    assert (result.skipped, result.applied) == (["$.gone"], ["$"])


def test_an_update_that_changes_nothing_is_told() -> None:
    assert applied({"a": {"x": 1}}, action("$.a", {"x": 1})).without_effect == ["$.a"]


@cases(
    ("given", "pointer", "message"),
    [
        (action("$.gone", {}), "#/actions/4/target", "$.gone matches nothing"),
        (action("$.a[", {}), "#/actions/4/target", "is no JSONPath"),
        (action("$.a", 1), "#/actions/4/update", "cannot take this update"),
        (action("$.a.x", {}), "#/actions/4/update", "cannot take this update"),
        (action("$", remove=True), "#/actions/4", "cannot be removed"),
    ],
)
def test_actions_that_fail(given: Action, pointer: str, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        applied({"a": {"x": 1}}, given)
    assert (caught.value.page, caught.value.pointer) == ("overlay.yaml", pointer)
    assert message in caught.value.message
    assert "\n" not in str(caught.value)


def test_reading(tmp_path: Path) -> None:
    file = tmp_path / "overlay.yaml"
    file.write_text(HEAD + "  - {target: $.a, description: ' why ', x-pages: [p, q], update: {x: 1}}\n")
    assert read_overlay(file) == [Action(0, "$.a", "why", frozenset({"p", "q"}), False, {"x": 1})]


@cases(
    ("text", "pointer"),
    [
        ("[", ""),
        ("a: 1\na: 2\n", ""),
        ("!!python/object/apply:os.system ['true']", ""),
        ("overlay: 2.0.0\nactions: []\n", "#/overlay"),
        ("[]", "#/overlay"),
        ("overlay: 1.0.0\n", "#/actions"),
        (HEAD + "  - x\n", "#/actions/0"),
        (HEAD + "  - {description: d, x-pages: [p], update: {}}\n", "#/actions/0/target"),
        (HEAD + "  - {target: $.a, x-pages: [p], update: {}}\n", "#/actions/0/description"),
        (HEAD + "  - {target: $.a, description: ' ', x-pages: [p], update: {}}\n", "#/actions/0/description"),
        (HEAD + "  - {target: $.a, description: d, update: {}}\n", "#/actions/0/x-pages"),
        (HEAD + "  - {target: $.a, description: d, x-pages: [], update: {}}\n", "#/actions/0/x-pages"),
        (HEAD + "  - {target: $.a, description: d, x-pages: [1], update: {}}\n", "#/actions/0/x-pages"),
        (HEAD + "  - {target: $.a, description: d, x-pages: [p]}\n", "#/actions/0"),
        (HEAD + "  - {target: $.a, description: d, x-pages: [p], remove: true, update: {}}\n", "#/actions/0"),
        (HEAD + "  - {target: $.a, description: d, x-pages: [p], remove: 1}\n", "#/actions/0"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, text: str, pointer: str) -> None:
    file = tmp_path / "overlay.yaml"
    file.write_text(text)
    with pytest.raises(PipelineError) as caught:
        read_overlay(file)
    assert caught.value.pointer == pointer


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="cannot be read"):
        read_overlay(tmp_path / "overlay.yaml")
