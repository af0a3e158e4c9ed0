"""Models have names in the singular that nothing else has."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from scripts.openapi.identifiers import class_name, module_key
from scripts.spec.naming.models import RESERVED, rename_schemas, renamed_schemas, singular, singular_name
from tests.spec.build import relaxed

REF = "#/components/schemas/"
RESOURCE: dict[str, Any] = {"type": "object", "properties": {"id": {"type": "integer"}}}


def document(*names: str, **schemas: Any) -> dict[str, Any]:
    return {"paths": {}, "components": {"schemas": {**dict.fromkeys(names, RESOURCE), **schemas}}}


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("name", ["Any", "Model", "Literal", "datetime", "Page", "list", "Exception", "None"])
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
