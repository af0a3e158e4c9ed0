"""`include` and `sort` as enumerations that resources share."""

from __future__ import annotations

from typing import Any

from hypothesis import given, strategies as st

from scripts.spec.naming.enumerations import Listed, available_names, listed_values, share_enumerations
from tests.spec.build import relaxed
from tests.support.cases import cases

REF = "#/components/schemas/"


@cases(
    ("description", "names"),
    [
        (
            "List of relationships. Available: versions, firstVersion.user, labels",
            ("versions", "firstVersion.user", "labels"),
        ),
        ("Available&#58; `a`, `b.c`, `a`.", ("a", "b.c")),
        ("available: a", ("a",)),
        ("Available fields: a, b and c. Others are not.", ("a", "b", "c")),
        ("Available: a (default), b or c\nMore text", ("a", "b", "c")),
        ("Available:\na, b-c\n", ("a", "b-c")),
        ("Available: a, -b.", ("a", "-b")),
        ("Available: 'a', \"b\"", ("a", "b")),
        ("Available: a|b", ("a", "b")),
        ("Available: a,", ("a",)),
        ("Available: a, b see below", ()),
        ("Available: os.system('x')", ()),
        ("Available: every one", ()),
        ("Available:", ()),
        ("Available: `a, b`", ()),
        ("Unavailable: a", ()),
        ("Nothing", ()),
        ("", ()),
    ],
)
def test_names_after_available(description: str, names: tuple[str, ...]) -> None:
    assert available_names(description) == names


@relaxed
@given(st.text())
def test_any_description_gives_plain_names(text: str) -> None:
    for name in available_names(f"Available: {text}"):
        assert name.isprintable()
        assert not set(name) & set("()[]{};'\"\\ ")


def parameter(name: str, description: str = "", schema: Any = None, where: str = "query") -> dict[str, Any]:
    return {"name": name, "in": where, "description": description, "schema": schema or {"type": "string"}}


@cases(
    ("given", "values"),
    [
        (parameter("include", "Available: a, b"), ("a", "b")),
        (parameter("include[]", "Available: a, b"), ()),
        (parameter("sort", "Available: a, -b, b"), ("a", "-a", "b", "-b")),
        (parameter("fields[flows]", "Available: a"), ("a",)),
        (parameter("include", "", {"type": "array", "items": {"type": "string", "enum": ["a"]}}), ("a",)),
        (parameter("sort", "", {"type": "string", "enum": ["a"]}), ("a", "-a")),
        (parameter("include", "Available: a", {"type": "integer"}), ("a",)),
        (parameter("include", "Available: a", {"type": "array", "items": {"type": "integer"}}), ()),
        (parameter("include", "Available: a", {"type": "array", "items": {"$ref": "#/x"}}), ()),
        (parameter("filter[a]", "Available: a, b"), ()),
        (parameter("include", "Available: a", where="header"), ()),
    ],
)
def test_which_parameters_list_values(given: dict[str, Any], values: tuple[str, ...]) -> None:
    assert listed_values(given) == values


def listed(operation: str, values: tuple[str, ...], *, rank: int = 9, description: str = "d") -> Listed:
    return Listed("Thing", operation, rank, parameter("include", description), values)


def test_one_component_for_all_that_take_the_same() -> None:
    schemas: dict[str, Any] = {}
    entries = [listed("get_thing", ("a",)), listed("list_things", ("a",), rank=4, description="")]
    assert share_enumerations(entries, schemas, set().__contains__) == {
        ("get_thing", "include"): "ThingInclude",
        ("list_things", "include"): "ThingInclude",
    }
    text = "Relations that can be included in the answer."
    assert schemas == {"ThingInclude": {"type": "string", "enum": ["a"], "description": text}}
    assert entries[0].parameter == {
        "name": "include",
        "in": "query",
        "description": "d",
        "schema": {"type": "array", "minItems": 1, "items": {"$ref": REF + "ThingInclude"}, "description": "d"},
        "style": "form",
        "explode": False,
    }
    assert "description" not in entries[1].parameter["schema"]


def test_the_list_has_the_plain_name_where_they_differ() -> None:
    schemas: dict[str, Any] = {}
    entries = [listed("get_thing", ("b",)), listed("copy_thing", ("b",)), listed("list_things", ("a",), rank=4)]
    assert len(share_enumerations(entries, schemas, set().__contains__)) == len(entries)
    assert schemas["ThingInclude"]["enum"] == ["a"]
    assert schemas["CopyThingInclude"]["enum"] == ["b"]
    assert entries[0].parameter["schema"]["items"] == {"$ref": REF + "CopyThingInclude"}


def test_a_name_that_is_taken() -> None:
    schemas: dict[str, Any] = {"ThingInclude": {}}
    share_enumerations([listed("list_things", ("a",))], schemas, {"ThingInclude"}.__contains__)
    assert schemas.keys() == {"ThingInclude", "ThingInclude2"}


def test_one_more_value_moves_only_the_operation_that_takes_it() -> None:
    schemas: dict[str, Any] = {}
    entries = [
        listed("get_thing", ("a",))._replace(locked="ThingInclude"),
        listed("copy_thing", ("a",))._replace(locked="ThingInclude"),
        listed("list_things", ("a", "b"), rank=4)._replace(locked="ThingInclude"),
    ]
    assert share_enumerations(entries, schemas, set().__contains__) == {
        ("get_thing", "include"): "ThingInclude",
        ("copy_thing", "include"): "ThingInclude",
        ("list_things", "include"): "ListThingsInclude",
    }
    assert schemas["ThingInclude"]["enum"] == ["a"]


def test_a_locked_name_that_is_a_model_s_by_now() -> None:
    schemas: dict[str, Any] = {}
    entry = listed("list_things", ("a",))._replace(locked="Thing")
    assert share_enumerations([entry], schemas, {"Thing"}.__contains__) == {("list_things", "include"): "ThingInclude"}


def test_names_that_come_out_alike_are_told_apart() -> None:
    schemas: dict[str, Any] = {}
    entries = [
        listed("list_things", ("a",), rank=4),
        listed("copy_thing", ("b",)),
        listed("get", ("c",))._replace(noun="CopyThing"),
    ]
    names = share_enumerations(entries, schemas, set().__contains__)
    assert len({*names.values()}) == len(schemas) == 3


def test_only_what_is_known_of_a_parameter_is_said() -> None:
    schemas: dict[str, Any] = {}
    entry = listed("get_thing", ("a",))
    entry.parameter["name"] = "append"
    share_enumerations([entry], schemas, set().__contains__)
    assert schemas == {"ThingAppend": {"type": "string", "enum": ["a"]}}
