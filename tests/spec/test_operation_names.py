"""A namespace, a method and a module for every operation, whatever the order of the pages."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from scripts.openapi.errors import PipelineError
from scripts.openapi.identifiers import identifier
from scripts.spec.naming.locked_names import LockedName
from scripts.spec.naming.operations import Names, method_name, name_operations
from tests.spec.build import relaxed
from tests.support.cases import cases

Ops = dict[tuple[str, str], dict[str, Any]]


def node(
    summary: str = "", tag: str | None = "Things", pages: tuple[str, ...] = ("things",), **more: Any
) -> dict[str, Any]:
    return {"summary": summary, "tags": [] if tag is None else [tag], "x-pages": list(pages), "responses": {}, **more}


def named(
    operations: Ops, lock: list[LockedName] | None = None, pages: tuple[str, ...] = ("things",)
) -> tuple[Ops, Names]:
    paths: dict[str, Any] = {}
    operations = copy.deepcopy(operations)
    for (method, path), details in operations.items():
        paths.setdefault(path, {})[method] = details
    names = name_operations({"paths": paths}, {entry.key: entry for entry in lock or ()}, set(pages))
    return operations, names


def methods(operations: Ops, lock: list[LockedName] | None = None) -> dict[str, str]:
    """`method path` to `namespace.method`."""
    done, _ = named(operations, lock)
    return {f"{m} {p}": f"{n['x-sdk-namespace']}.{n['x-sdk-method']}" for (m, p), n in done.items()}


@cases(
    ("summary", "tag", "expected"),
    [
        ("Deploy Virtual Environment Version", "Virtual Environments", "deploy_version"),
        ("List Virtual Environments", "Virtual Environments", "list"),
        ("List Virtual Environment Versions", "Virtual Environments", "list_versions"),
        ("List Virtual Environment Version Flow Priorities", "Virtual Environment Versions", "list_flow_priorities"),
        ("Create Virtual Environment Version Flow Priority", "Virtual Environment Versions", "create_flow_priority"),
        ("Get a Flow", "Flows", "get"),
        ("List the Versions of a Flow", "Flows", "list_versions_of"),
        ("Run Run", "Runs", "run"),
        ("Import", "Imports", "import_"),
        ("copy flow VERSION", "flow", "copy_version"),
        ("List FlowVersions", "Flows", "list_versions"),
    ],
)
def test_the_contract_s_rule(summary: str, tag: str, expected: str) -> None:
    assert method_name(summary, tag) == expected


def test_modules_are_summaries_and_tags_are_namespaces() -> None:
    done, names = named({("get", "/api/v1/things"): node("List Things", "Big Things")})
    details = done["get", "/api/v1/things"]
    assert details["operationId"] == "list_things"
    assert (details["x-sdk-namespace"], details["tags"]) == ("big_things", ["Big Things"])
    assert names.new == [LockedName("get", "/api/v1/things", "big_things", "list", "list_things", ("things",))]


COLLIDING: Ops = {
    ("get", "/api/v1/things"): node("List Things"),
    ("get", "/api/v1/thing-deployments/things"): node("Get Things"),
    ("get", "/api/v1/things/{thing}"): node("Get Thing"),
    ("put", "/api/v1/things/{thing}"): node("Update Thing"),
    ("patch", "/api/v1/things/{thing}"): node("Update Thing"),
    ("post", "/api/v1/things/{thing}/parts"): node("Add Thing"),
    ("post", "/api/v1/things/{thing}/tags"): node("Add Thing"),
    ("get", "/api/v1/by-name/things/{name}"): node("Find Thing"),
    ("get", "/api/v1/by-name/things/{id}/x/{y}"): node("Find Thing"),
}


def test_what_comes_out_alike_is_told_apart_by_the_path() -> None:
    assert methods(COLLIDING) == {
        "get /api/v1/things": "things.list",
        "get /api/v1/thing-deployments/things": "things.get_deployments",
        "get /api/v1/things/{thing}": "things.get",
        "put /api/v1/things/{thing}": "things.update_by_thing_put",
        "patch /api/v1/things/{thing}": "things.update_by_thing_patch",
        "post /api/v1/things/{thing}/parts": "things.add_parts",
        "post /api/v1/things/{thing}/tags": "things.add_tags",
        "get /api/v1/by-name/things/{name}": "things.find",
        "get /api/v1/by-name/things/{id}/x/{y}": "things.find_x",
    }


def test_a_collection_that_is_got_is_listed() -> None:
    assert methods(
        {("get", "/api/v1/things"): node("Get Things"), ("get", "/api/v1/things/{t}"): node("Get Thing")}
    ) == {
        "get /api/v1/things": "things.list",
        "get /api/v1/things/{t}": "things.get",
    }


def test_nothing_but_a_number_is_left() -> None:
    long = "/api/v1/" + "x" * 100
    found = methods(
        {("get", f"{long}/a"): node("Do It"), ("get", f"{long}/b"): node("Do It"), ("get", f"{long}-"): node("Do It")}
    )
    assert len(set(found.values())) == 3
    alike = {("get", "/a-b"): node("Do It"), ("get", "/a_b"): node("Do It")}
    assert len(set(methods(alike).values())) == 2


@pytest.mark.untraced
@settings(relaxed, max_examples=50)
@given(st.permutations(sorted(COLLIDING)))
def test_the_order_makes_no_difference(order: list[tuple[str, str]]) -> None:
    assert methods({key: COLLIDING[key] for key in order}) == methods(COLLIDING)


@pytest.mark.untraced
@settings(relaxed, max_examples=60)
@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["get", "post", "put"]), st.sampled_from(["/a", "/a/{x}", "/b", "/a-b", "/a_b", "/ü"])
        ),
        st.builds(node, st.text(max_size=8) | st.sampled_from(["Get A", "Get As", "List"]), st.text(max_size=4)),
    )
)
def test_any_summaries_and_tags_give_different_names(operations: Ops) -> None:
    done, _ = named(operations)
    full = [(n["x-sdk-namespace"], n["x-sdk-method"]) for n in done.values()]
    modules = [(n["x-sdk-namespace"], n["operationId"]) for n in done.values()]
    assert len(set(full)) == len(set(modules)) == len(operations)
    assert all(part.isidentifier() and part.isascii() for names in (*full, *modules) for part in names)
    assert len({n["x-sdk-namespace"] for n in done.values()}) == len({n["tags"][0] for n in done.values()})


@cases(
    ("method", "path", "expected"),
    [
        ("get", "/api/v1/flow-runs", "flow.list_runs"),
        ("get", "/api/v1/flow-runs/{run}", "flow.get_runs"),
        ("post", "/api/v1/flow-runs", "flow.create_runs"),
        ("head", "/api/v1/{x}", "default.head"),
    ],
)
def test_without_summary_and_tag_the_path_names(method: str, path: str, expected: str) -> None:
    assert list(methods({(method, path): node("…", None)}).values()) == [expected]


@cases("tag", ["Request", "paginate", "with options", "Close", "aclose"])
def test_a_namespace_called_like_an_attribute_of_the_clients(tag: str) -> None:
    done, _ = named({("get", "/a"): node("List", tag)})
    assert done["get", "/a"]["x-sdk-namespace"].endswith("_")


@cases("tag", ["'; import os", "Things\n", "{{ 7*7 }}", "页"])
def test_a_tag_is_plain_text(tag: str) -> None:
    done, _ = named({("get", "/a"): node("List", tag)})
    assert done["get", "/a"]["tags"][0].replace(" ", "").isalnum()


def test_the_overlay_names() -> None:
    given = node(
        "Get Things", **{"x-sdk-method": "list_deployed", "operationId": "list_it", "x-sdk-namespace": "stuff"}
    )
    done, _ = named({("get", "/a"): given})
    assert methods({("get", "/a"): given}) == {"get /a": "stuff.list_deployed"}
    assert done["get", "/a"]["operationId"] == "list_it"


def locked(
    path: str, name: str, method: str = "get", namespace: str = "things", pages: tuple[str, ...] = ("things",)
) -> LockedName:
    return LockedName(method, path, namespace, name, f"{name}_things", pages)


def test_a_renamed_summary_does_not_rename_a_method() -> None:
    lock = [locked("/api/v1/things", "list")]
    operations = {("get", "/api/v1/things"): node("Show All Things"), ("get", "/api/v1/other"): node("List Things")}
    assert methods(operations, lock) == {
        "get /api/v1/things": "things.list",
        "get /api/v1/other": "things.list_other",
    }


@pytest.mark.parametrize("tag", ["A" * 300, "Thing " * 50, "aB" * 150])
def test_a_tag_is_short_enough_to_name_a_folder(tag: str) -> None:
    details = named({("get", "/a"): node("List", tag)})[0]["get", "/a"]
    assert len(details["tags"][0]) <= 80
    assert identifier(details["tags"][0]) == details["x-sdk-namespace"]


def test_a_renamed_tag_does_not_rename_a_namespace() -> None:
    lock = [locked("/api/v1/things", "list")]
    operations = {("get", "/api/v1/things"): node("List", "Stuff"), ("get", "/api/v1/new"): node("New", "Stuff")}
    assert methods(operations, lock) == {"get /api/v1/things": "things.list", "get /api/v1/new": "things.new"}
    done, _ = named(operations, lock)
    assert done["get", "/api/v1/new"]["tags"] == ["Things"]


def test_the_overlay_is_stronger_than_the_lock() -> None:
    given = node("List", **{"x-sdk-method": "all"})
    _, names = named({("get", "/a"): given}, [locked("/a", "list")])
    assert [entry.name for entry in names.lock.values()] == ["all"]
    moved = node("List", **{"x-sdk-namespace": "others"})
    assert methods({("get", "/a"): moved}, [locked("/a", "list")]) == {"get /a": "others.list"}


def test_a_locked_name_stays_reserved_while_its_operation_is_away() -> None:
    lock = [locked("/api/v1/gone", "list"), locked("/api/v1/elsewhere", "get", pages=("other",))]
    operations = {("get", "/api/v1/things"): node("List Things"), ("get", "/api/v1/things/{t}"): node("Get Thing")}
    done, names = named(operations, lock)
    assert {n["x-sdk-method"] for n in done.values()}.isdisjoint({"list", "get"})
    assert [entry.name for entry in names.gone] == ["list"]
    assert [entry.name for entry in names.skipped] == ["get"]
    assert len(names.lock) == 4


def test_two_operations_that_want_one_name() -> None:
    one, other = (node("A", **{"x-sdk-method": "same"}) for _ in range(2))
    with pytest.raises(PipelineError) as caught:
        named({("get", "/a"): one, ("get", "/b"): other})
    assert caught.value.pointer == "#/paths/~1b/get/x-sdk-method"
    assert caught.value.page == "things"
