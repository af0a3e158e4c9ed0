"""What came of the two real pages: 27 operations in, 27 out, with the contract's names, models and fields."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from scripts.openapi.structure import METHODS
from scripts.pipeline import build
from scripts.spec.apply_overlay import apply_overlay, read_overlay
from scripts.spec.extract_fragments import Fragment
from scripts.spec.fragments_folder import read_fragments
from scripts.spec.merge_fragments import merge
from tests.spec.build import REF, ROOT, relaxed
from tests.support.cases import cases

pytestmark = pytest.mark.untraced

FRAGMENTS = read_fragments(ROOT / "openapi" / "fragments")
DOCUMENT = json.loads((ROOT / "openapi" / "patchworks-core.json").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]
ENVIRONMENTS = {
    *("list", "list_deployed", "create", "get", "update", "delete", "copy", "list_versions", "create_version"),
    *("get_version", "update_version", "delete_version", "copy_version", "deploy_version"),
}
VERSIONS = {
    *("list_flow_priorities", "create_flow_priority", "update_flow_priority", "delete_flow_priority"),
    *("list_manifests", "create_manifest", "get_manifest", "update_manifest", "delete_manifest"),
    *("list_variables", "create_variable", "update_variable", "delete_variable"),
}
BOTH = {"virtual-environments", "virtual-environment-versions"}


def operations() -> dict[str, dict[str, Any]]:
    found = (details for item in DOCUMENT["paths"].values() for details in item.values())
    return {f"{details['x-sdk-namespace']}.{details['x-sdk-method']}": details for details in found}


def answer(name: str) -> tuple[str, str]:
    """The kind of envelope and the model that an operation answers with."""
    schema = operations()[name]["responses"]["200"]["content"]["application/json"]["schema"]
    envelope = schema["$ref"].removeprefix(REF)
    data = SCHEMAS[envelope].get("properties", {}).get("data")
    if data is None:
        return "body", envelope
    if data.get("type") == "array":
        return "page", data["items"]["$ref"].removeprefix(REF)
    return "item", data["$ref"].removeprefix(REF)


def test_as_many_operations_as_were_published() -> None:
    published = [
        (path, method)
        for fragment in FRAGMENTS
        for path, item in fragment.document["paths"].items()
        for method in item
        if method in METHODS
    ]
    assert len(published) == len(set(published)) == 27
    assert {(path, method) for path, item in DOCUMENT["paths"].items() for method in item} == set(published)


def test_the_names_of_the_contract() -> None:
    expected = [f"virtual_environments.{name}" for name in ENVIRONMENTS]
    expected += [f"virtual_environment_versions.{name}" for name in VERSIONS]
    assert set(operations()) == set(expected)
    assert len({details["operationId"] for details in operations().values()}) == 27


def test_the_documented_parameters_are_all_there() -> None:
    for fragment in FRAGMENTS:
        for path, item in fragment.document["paths"].items():
            for method, details in item.items():
                kept = {(p["name"], p["in"]): p for p in DOCUMENT["paths"][path][method].get("parameters", ())}
                for parameter in details.get("parameters", ()):
                    same = kept.pop((parameter["name"], parameter["in"]))
                    assert same["description"] == parameter["description"]
                    assert same["schema"]["description"].startswith(parameter["description"])
                assert kept == {}


@cases(
    ("names", "kind", "model"),
    [
        (["list", "list_deployed"], "page", "VirtualEnvironment"),
        (["create", "get", "update", "copy"], "item", "VirtualEnvironment"),
        (["list_versions"], "page", "VirtualEnvironmentVersion"),
        (
            ["create_version", "get_version", "update_version", "copy_version", "deploy_version"],
            "item",
            "VirtualEnvironmentVersion",
        ),
        (["delete", "delete_version"], "body", "MessageResponse"),
    ],
)
def test_what_environments_answer_with(names: list[str], kind: str, model: str) -> None:
    assert {answer(f"virtual_environments.{name}") for name in names} == {(kind, model)}


@pytest.mark.parametrize(
    ("plural", "singular", "model", "verbs"),
    [
        ("flow_priorities", "flow_priority", "FlowPriority", ["create", "update"]),
        ("manifests", "manifest", "Manifest", ["create", "get", "update"]),
        ("variables", "variable", "Variable", ["create", "update"]),
    ],
)
def test_what_versions_answer_with(plural: str, singular: str, model: str, verbs: list[str]) -> None:
    space = "virtual_environment_versions"
    assert answer(f"{space}.list_{plural}") == ("page", model)
    assert {answer(f"{space}.{verb}_{singular}") for verb in verbs} == {("item", model)}
    assert answer(f"{space}.delete_{singular}") == ("body", "MessageResponse")


def published(schema: str) -> set[str]:
    found = [fragment.document["components"].get("schemas", {}).get(schema) for fragment in FRAGMENTS]
    return {name for one in found if one for name in one["properties"]}


SHARED = {"id", "created_at", "updated_at"}
FLOW_PRIORITY = {"flow_id", "priority"}
MANIFEST = {"model_type", "original_model_id", "replacement_model_id"}
STORED_VARIABLE = {"type", "key", "value", "fallback", "date_format", "secret"}


def test_the_fields_of_each_model() -> None:
    versions = published("VirtualEnvironmentVersions")
    fields = {name: set(SCHEMAS[name]["properties"]) for name in SCHEMAS if "properties" in SCHEMAS[name]}
    assert fields["FlowPriority"] == SHARED | FLOW_PRIORITY | {"notes"}
    assert fields["Manifest"] == SHARED | MANIFEST
    assert fields["VirtualEnvironmentVersion"] == versions - FLOW_PRIORITY - MANIFEST - STORED_VARIABLE
    assert fields["VirtualEnvironment"] == published("VirtualEnvironments") - {"notes", "deployed_at"}
    assert fields["Variable"] == published("Variables") | STORED_VARIABLE
    assert len(fields["Variable"]) == 17


def test_types_that_the_pages_have_wrong() -> None:
    version, environment = (typed(name) for name in ("VirtualEnvironmentVersion", "VirtualEnvironment"))
    date = {"type": "string", "format": "date-time"}
    number = {"type": "integer"}
    assert version["notes"] == {"type": "string"}
    assert version["deployed_at"] == version["created_at"] == environment["updated_at"] == date
    assert version["version"] == version["virtual_environment_id"] == version["user_id"] == number
    assert environment["versions_count"] == environment["deployments_count"] == number
    assert environment["name"] == environment["description"] == {"type": "string"}
    assert SCHEMAS["CreateVariableRequest"]["properties"]["value"]["maxLength"] == 1024
    label = SCHEMAS["CreateVirtualEnvironmentRequest"]["properties"]["labels"]
    assert label["items"]["properties"]["id"]["type"] == "string"


def typed(name: str) -> dict[str, Any]:
    """The properties of a schema without their descriptions."""
    properties: dict[str, dict[str, Any]] = SCHEMAS[name]["properties"]
    return {
        field: {key: value for key, value in schema.items() if key != "description"}
        for field, schema in properties.items()
    }


def test_every_model_says_what_it_is() -> None:
    """And every text of the overlay has its place on the pages."""
    names = {"FlowPriorities": "FlowPriority", "Manifests": "Manifest", "Variables": "Variable"}
    names |= {"VirtualEnvironments": "VirtualEnvironment", "VirtualEnvironmentVersions": "VirtualEnvironmentVersion"}
    names |= {
        "VirtualEnvironmentVersionsStoreFlowPrioritiesRequest": "CreateFlowPriorityRequest",
        "VirtualEnvironmentVersionsStoreManifestsRequest": "CreateManifestRequest",
        "VirtualEnvironmentVersionsStoreVariablesRequest": "CreateVariableRequest",
        "VirtualEnvironmentVersionsUpdateFlowPrioritiesRequest": "UpdateFlowPriorityRequest",
        "VirtualEnvironmentVersionsUpdateManifestsRequest": "UpdateManifestRequest",
        "VirtualEnvironmentVersionsUpdateVariablesRequest": "UpdateVariableRequest",
        "VirtualEnvironmentsStoreRequest": "CreateVirtualEnvironmentRequest",
        "VirtualEnvironmentsStoreVersionsRequest": "CreateVersionRequest",
        "VirtualEnvironmentsUpdateRequest": "UpdateVirtualEnvironmentRequest",
        "VirtualEnvironmentsUpdateVersionsRequest": "UpdateVersionRequest",
    }
    texts = [
        text for action in read_overlay(ROOT / "openapi" / "overlay.yaml") for text in (action.texts or {}).items()
    ]
    assert len(texts) > 10
    for name, said in texts:
        schema = SCHEMAS[names.get(name, name)]
        assert schema["description"] == said["this"]
        for field, text in said["fields"].items():
            assert schema["properties"][field]["description"] == text
    silent = [name for name, schema in SCHEMAS.items() if "properties" in schema and "description" not in schema]
    assert all(name.endswith("Response") for name in silent)


def test_relations_are_models() -> None:
    version, environment = (SCHEMAS[name]["properties"] for name in ("VirtualEnvironmentVersion", "VirtualEnvironment"))
    to_version = {"$ref": REF + "VirtualEnvironmentVersion"}
    assert (
        environment["first_version"]
        == environment["deployed_version"]
        == environment["versions"]["items"]
        == to_version
    )
    assert version["virtual_environment"] == {"$ref": REF + "VirtualEnvironment"}
    assert version["manifests"]["items"] == {"$ref": REF + "Manifest"}
    assert version["variables"]["items"] == {"$ref": REF + "Variable"}


def test_secrets_are_marked() -> None:
    assert SCHEMAS["Variable"]["properties"]["value"]["x-sensitive"] == "secret"
    for name in ("Create", "Update"):
        request = SCHEMAS[f"{name}VariableRequest"]
        assert request["properties"]["value"]["x-sensitive"] is True


def test_include_and_sort_are_shared_enumerations() -> None:
    enums = {name: schema["enum"] for name, schema in SCHEMAS.items() if "enum" in schema}
    assert enums.keys() == {
        "FlowPriorityInclude",
        "FlowPrioritySort",
        "ManifestInclude",
        "ManifestSort",
        "VariableSort",
        "VirtualEnvironmentInclude",
        "VirtualEnvironmentSort",
        "VirtualEnvironmentVersionInclude",
        "VirtualEnvironmentVersionSort",
    }
    assert enums["VirtualEnvironmentSort"] == ["name", "-name"]
    assert "deployments.flowVersion.flow" in enums["VirtualEnvironmentInclude"]


@pytest.mark.parametrize("page", sorted(BOTH))
def test_each_page_alone_goes_through_too(page: str) -> None:
    built = build((fragment for fragment in FRAGMENTS if fragment.place.page == page), ROOT)
    assert built.applied.applied
    assert built.applied.skipped
    assert built.applied.without_effect == []
    alone = {d["operationId"]: d["x-sdk-method"] for item in built.document["paths"].values() for d in item.values()}
    assert alone == {d["operationId"]: d["x-sdk-method"] for d in operations().values() if d["x-pages"] == [page]}
    assert {entry.pages for entry in built.names.skipped} == {(other,) for other in BOTH - {page}}


@settings(relaxed, max_examples=3)
@given(st.permutations(range(len(FRAGMENTS))))
def test_the_order_of_the_blocks_makes_no_difference(order: list[int]) -> None:
    """Neither that in which they come, nor that in which they stand on their pages."""
    moved = [
        Fragment(fragment.place._replace(position=number), fragment.document)
        for number, fragment in zip(order, FRAGMENTS, strict=True)
    ]
    assert build(moved, ROOT).document == DOCUMENT


def test_an_older_snapshot_in_which_nothing_is_said_of_answers() -> None:
    """The shapes that the overlay knows are put where there was no content at all."""
    silent = copy.deepcopy(FRAGMENTS)
    for fragment in silent:
        for item in fragment.document["paths"].values():
            for details in item.values():
                if details["responses"]["200"]["content"]["application/json"]["schema"] == {"type": "object"}:
                    del details["responses"]["200"]["content"]
    assert build(silent, ROOT).document == DOCUMENT


def test_every_correction_is_needed() -> None:
    found = merge(FRAGMENTS)
    applied = apply_overlay(
        found.document, read_overlay(ROOT / "openapi" / "overlay.yaml"), found.pages, "overlay.yaml"
    )
    assert (applied.skipped, applied.without_effect) == ([], [])
