"""Request models are named by the verb and the resource of their method, and keep their names."""

from __future__ import annotations

from typing import Any

from scripts.spec.assign_names import assign_names
from scripts.spec.naming.locked_names import LockedName
from scripts.spec.naming.request_models import request_name
from tests.spec.build import REF, document, merged, operation
from tests.support.cases import cases

THING = {"type": "object", "properties": {"name": {"type": "string"}}}


def block(summary: str, path: str, schema: str, tag: str = "Things", **schemas: Any) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": {"$ref": REF + schema}}}}
    details = operation(summary, requestBody=body, tags=[tag])
    return document(path, "post", details, schemas or {schema: THING})


def named(*blocks: dict[str, Any], lock: dict[Any, LockedName] | None = None) -> tuple[set[str], dict[Any, LockedName]]:
    """The names of the schemas, and the lock as it is from then on."""
    found = merged(*blocks)
    names = assign_names(found, lock or {})
    return set(found.document["components"]["schemas"]), names.lock


@cases(
    ("namespace", "method", "expected"),
    [
        ("virtual_environment_versions", "create_variable", "CreateVariableRequest"),
        ("virtual_environments", "update", "UpdateVirtualEnvironmentRequest"),
        ("virtual_environments", "create_version", "CreateVersionRequest"),
        ("flows", "deploy_version", "DeployVersionRequest"),
    ],
)
def test_the_rule(namespace: str, method: str, expected: str) -> None:
    assert request_name(namespace, method) == expected


def test_a_body_that_is_only_that_is_called_after_its_method() -> None:
    schemas, lock = named(block("Create Thing", "/a", "ThingsStoreRequest"))
    assert "CreateThingRequest" in schemas
    assert "ThingsStoreRequest" not in schemas
    (entry,) = lock.values()
    assert entry.request == "CreateThingRequest"


def test_a_schema_that_is_used_elsewhere_keeps_its_name() -> None:
    blocks = [block(f"{verb} Thing", f"/{verb.lower()}", "ThingFields") for verb in ("Create", "Import")]
    schemas, lock = named(*blocks)
    assert "ThingFields" in schemas
    assert not any(entry.request for entry in lock.values())


def test_two_of_one_name_are_told_apart_by_their_namespaces() -> None:
    schemas, _ = named(
        block("Create Flow Note", "/a", "FlowsNote", tag="Flows"),
        block("Create Script Note", "/b", "ScriptsNote", tag="Scripts"),
    )
    assert {"CreateFlowNoteRequest", "CreateScriptNoteRequest"} <= schemas


def test_a_name_stays_whatever_comes_to_be_documented() -> None:
    first = block("Create Flow Note", "/a", "FlowsNote", tag="Flows")
    schemas, lock = named(first)
    assert "CreateNoteRequest" in schemas
    schemas, _ = named(block("Create Script Note", "/b", "ScriptsNote", tag="Scripts"), first, lock=lock)
    assert {"CreateNoteRequest", "CreateScriptNoteRequest"} <= schemas


def test_a_name_of_an_operation_that_is_not_there_stays_its_own() -> None:
    absent = [
        LockedName("post", f"/gone/{number}", "notes", f"gone_{number}", f"gone_{number}", ("gone",), name)
        for number, name in enumerate(("CreateNoteRequest", "CreateFlowNoteRequest"))
    ]
    lock = {entry.key: entry for entry in absent}
    schemas, _ = named(block("Create Flow Note", "/a", "FlowsNote", tag="Flows"), lock=lock)
    assert "CreateFlowNoteRequest2" in schemas
