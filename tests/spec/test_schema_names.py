"""Models have names in the singular that nothing else has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given, strategies as st

from scripts.openapi.identifiers import class_name, module_key
from scripts.openapi.project_paths import LOCK
from scripts.spec.assign_names import assign_names
from scripts.spec.naming.locked_names import LockedName, read_lock
from scripts.spec.naming.models import RESERVED, rename_schemas, renamed_schemas, singular, singular_name
from scripts.spec.naming.operations import Names
from tests.spec.build import ROOT, THINGS, document as block_document, merged, operation, relaxed
from tests.support.cases import cases

REF = "#/components/schemas/"
RESOURCE: dict[str, Any] = {"type": "object", "properties": {"id": {"type": "integer"}}}


def document(*names: str, **schemas: Any) -> dict[str, Any]:
    return {"paths": {}, "components": {"schemas": {**dict.fromkeys(names, RESOURCE), **schemas}}}


@cases(
    ("plural", "expected"),
    [
        ("Environments", "Environment"),
        ("Priorities", "Priority"),
        ("Statuses", "Status"),
        ("Addresses", "Address"),
        ("Indices", "Index"),
        ("Menus", "Menu"),
        ("APIs", "API"),
        ("Schemas", "Schema"),
        ("People", "Person"),
    ],
)
def test_plurals(plural: str, expected: str) -> None:
    assert singular(plural) == expected


@cases(
    "word",
    [
        "Status",
        "Address",
        "Access",
        "Analysis",
        "Canvas",
        "News",
        "Series",
        "Data",
        "Metadata",
        "Bus",
        "DNS",
        "AWS",
        "Is",
        "S3",
        "Flow",
    ],
)
def test_words_that_are_no_plural_stay(word: str) -> None:
    assert singular(word) == word


@relaxed
@given(st.text(max_size=12))
def test_any_word_has_a_singular_that_is_its_own(text: str) -> None:
    assert isinstance(singular(text), str)
    assert class_name(singular_name(text))


def test_resources_are_singular_and_the_rest_stays() -> None:
    envelope = {"properties": {"data": {"items": {"$ref": REF + "FlowSettings"}}}}
    names = renamed_schemas(
        document(
            "VirtualEnvironments",
            "ThingsStoreRequest",
            FlowSettings={"type": "object"},
            FlowSettingsListResponse=envelope,
            PaginationLinks={"type": "object"},
            flow_steps={"type": "object"},
        )
    )
    assert names == {
        "VirtualEnvironments": "VirtualEnvironment",
        "ThingsStoreRequest": "ThingsStoreRequest",
        "FlowSettings": "FlowSetting",
        "FlowSettingsListResponse": "FlowSettingsListResponse",
        "PaginationLinks": "PaginationLinks",
        "flow_steps": "FlowSteps",
    }


@cases("name", ["Any", "Model", "Literal", "datetime", "Page", "list", "Exception", "None"])
def test_reserved_names(name: str) -> None:
    found = renamed_schemas(document(name))[name]
    assert found not in RESERVED
    assert found.endswith("Object") or found == class_name(name)


def test_names_of_the_caller_s_are_reserved_too() -> None:
    assert renamed_schemas(document("News"), {"News"}) == {"News": "NewsObject"}


def test_the_one_whose_name_is_right_keeps_it() -> None:
    assert renamed_schemas(document("Flows", "Flow")) == {"Flow": "Flow", "Flows": "Flows"}
    assert renamed_schemas(document("FLOWS", "Flows"))["Flows"] == "Flow"


def test_names_that_would_share_a_module() -> None:
    names = renamed_schemas(document("flow-step", "FlowStep", "flow_step", "Flowstep", "flow.steps"))
    assert len({module_key(name) for name in names.values()}) == 5
    assert names["FlowStep"] == "FlowStep"


@relaxed
@given(st.sets(st.text(alphabet="AaBbSs1_-. ", max_size=5) | st.sampled_from(sorted(RESERVED)), max_size=8))
def test_any_schemas_have_different_class_names(names: set[str]) -> None:
    found = renamed_schemas(document(*names))
    assert found.keys() == names
    assert len({module_key(name) for name in found.values()}) == len(names)
    assert found == renamed_schemas(document(*sorted(names, reverse=True)))
    assert all(name.isidentifier() and name not in RESERVED for name in found.values())


def test_references_follow() -> None:
    content = document(A={"properties": {"b": {"items": {"$ref": REF + "bs"}}}}, bs={})
    rename_schemas(content, {"A": "Z", "bs": "B"})
    assert list(content["components"]["schemas"]) == ["B", "Z"]
    assert content["components"]["schemas"]["Z"]["properties"]["b"]["items"] == {"$ref": REF + "B"}


def test_a_document_without_schemas() -> None:
    content: dict[str, Any] = {"paths": {}, "components": {}}
    rename_schemas(content, renamed_schemas(content))
    assert content == {"paths": {}, "components": {}}


class TestLockedNames:
    """What an operation answers with keeps its name, whatever the pages call it later."""

    @staticmethod
    def named(answers: dict[str, str], lock: Mapping[Any, LockedName] | None = None, **schemas: Any) -> Names:
        """Name operations by the schemas they answer with, each in the envelope of its own; give what became of it."""
        blocks = []
        for path, schema in answers.items():
            response = {"description": "ok", "content": {"application/json": {"schema": {"$ref": REF + schema}}}}
            details = operation(f"Get {path}", responses={"200": response})
            blocks.append(block_document(f"/api/v1/{path}", details=details, schemas={schema: THINGS, **schemas}))
        return assign_names(merged(*blocks), lock or {})

    @classmethod
    def answers(cls, names: Names) -> list[str]:
        return [entry.answer for _, entry in sorted(names.lock.items())]

    def test_the_pages_call_it_otherwise(self) -> None:
        before = self.named({"a": "Things", "b": "Things"})
        assert self.answers(before) == ["Thing", "Thing"]
        now = self.named({"a": "ThingResource", "b": "ThingResource"}, before.lock)
        assert now.lock == before.lock
        assert not now.renamed

    def test_it_is_told_apart_by_now_from_one_that_would_take_its_name(self) -> None:
        before = self.named({"a": "Things"})
        now = self.named({"a": "ThingResource", "b": "Thing-s"}, before.lock)
        assert self.answers(now)[0] == "Thing"
        # A number that it once got stays too.
        numbered = {key: replace(entry, answer="Thing7") for key, entry in before.lock.items()}
        assert self.answers(self.named({"a": "Things"}, numbered)) == ["Thing7"]

    def test_of_two_that_were_one_that_with_more_operations_keeps_it(self) -> None:
        before = self.named({"a": "Things", "b": "Things", "c": "Things"})
        now = self.named({"a": "Short", "b": "Long", "c": "Long"}, before.lock)
        assert self.answers(now) == ["Short", "Thing", "Thing"]
        ((was, is_now),) = now.renamed
        assert (was.answer, is_now.answer) == ("Thing", "Short")

    def test_an_operation_that_answers_with_another_model_renames_none(self) -> None:
        before = self.named({"a": "Things", "b": "Notes"})
        nested = {"Notes": {"type": "object", "properties": {"thing": {"$ref": REF + "Things"}}}}
        now = self.named({"a": "Notes", "b": "Notes"}, before.lock, **nested)
        assert self.answers(now) == ["Note", "Note"]
        assert [(was.answer, is_now.answer) for was, is_now in now.renamed] == [("Thing", "Note")]
        # It is still used inside of the other, and is called as ever.
        other = self.named({"a": "Others", "b": "Notes"}, before.lock, **nested)
        assert self.answers(other) == ["Other", "Note"]

    def test_the_lock_of_this_project_has_the_model_of_every_answer(self) -> None:
        entries = read_lock(ROOT / LOCK).values()
        assert {"VirtualEnvironment", "Variable"} < {entry.answer for entry in entries}
        assert all(entry.answer for entry in entries)
