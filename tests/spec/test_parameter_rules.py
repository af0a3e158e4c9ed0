"""Each rule for parameters."""

from __future__ import annotations

from typing import Any

from scripts.spec.rules import parameters as rules
from tests.support.cases import cases

STRING = {"type": "string"}


def parameter(name: str = "a", where: str = "query", schema: Any = STRING, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": where, **({} if schema is None else {"schema": schema}), **more}


def test_without_duplicates() -> None:
    one, other, header = parameter(), parameter(description="other"), parameter(where="header")
    assert rules.without_duplicates([one, other, header, dict(reversed(one.items()))]) == [one, header]


def test_that_can_be_sent() -> None:
    good = [parameter("id", "path"), parameter("q"), parameter("X-Team", "header")]
    bad = [
        parameter(" "),
        parameter("session", "cookie"),
        parameter("gone", "path"),
        parameter("Accept", "header"),
        parameter("Authorization", "header"),
    ]
    assert rules.that_can_be_sent([*bad, *good], ["id"]) == good


def test_with_placeholders() -> None:
    listed = [parameter("q"), parameter("b", "path", description="d"), parameter("a", "path", required=False)]
    assert rules.with_placeholders(listed, ["a", "b", "c"]) == [
        parameter("a", "path", required=True),
        parameter("b", "path", description="d", required=True),
        {"name": "c", "in": "path", "schema": STRING, "required": True},
        parameter("q"),
    ]


def test_with_schema() -> None:
    whole = {"content": {"application/json": {"schema": {"type": "object"}}}}
    given = [parameter(schema=None), parameter(schema=None, **whole), parameter(example="x"), parameter("b")]
    assert rules.with_schema(given) == [parameter(), parameter(), parameter(), parameter("b")]


def test_objects_spread() -> None:
    fields = {
        "status": {"type": "integer"},
        "since": {"type": "string", "description": "Later than."},
        "deep": {"type": "object"},
    }
    shape = {"type": "object", "properties": fields, "required": ["status"]}
    expected = [
        parameter("f[status]", schema={"type": "integer"}, required=True),
        parameter("f[since]", schema=fields["since"], required=False, description="Later than."),
        parameter("f[deep]", schema=STRING, required=False),
    ]
    given = parameter("f", schema=shape, style="deepObject", explode=True)
    assert rules.objects_spread([given], {}) == expected
    by_name = parameter("f", schema={"$ref": "#/components/schemas/F"})
    assert rules.objects_spread([by_name], {"F": shape}) == expected
    assert rules.objects_spread([parameter("f", schema={"type": "object"}, style="form")], {}) == [parameter("f")]
    others = [parameter("h", "header", {"type": "object"}), parameter("b")]
    assert rules.objects_spread(others, {}) == others


ARRAY = {"type": "array", "items": {}}


@cases(
    ("described", "name", "style", "explode"),
    [
        ({}, "a", "form", False),
        ({"explode": True}, "a", "form", True),
        ({"style": "form"}, "a", "form", True),
        ({"style": "form", "explode": False}, "a", "form", False),
        ({"style": "pipeDelimited"}, "a", "pipeDelimited", False),
        ({"style": "spaceDelimited", "explode": True}, "a", "spaceDelimited", True),
        ({"style": "deepObject"}, "a[]", "form", True),
        ({"style": "simple"}, "a", "form", False),
    ],
)
def test_a_list_in_a_query_is_written_as_described(
    described: dict[str, Any], name: str, style: str, explode: bool
) -> None:
    for schema in (ARRAY, {"$ref": "#/components/schemas/List"}):
        found = rules.styled_arrays([parameter("a", schema=schema, **described)], {"List": ARRAY})
        assert found == [parameter(name, schema=schema, style=style, explode=explode)]


def test_style_says_nothing_of_anything_else() -> None:
    others = [parameter("b"), parameter("c", "header", ARRAY)]
    assert rules.styled_arrays([{**other, "style": "form", "explode": True} for other in others], {}) == others


@cases(
    ("described", "names"),
    [
        ({}, ["f[a]", "f[b]"]),
        ({"style": "deepObject", "explode": True}, ["f[a]", "f[b]"]),
        ({"style": "form"}, ["a"]),
        ({"explode": True}, ["a"]),
        ({"style": "form", "explode": False}, ["f"]),
    ],
)
def test_an_object_in_a_query_is_written_as_described(described: dict[str, Any], names: list[str]) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}
    found = rules.objects_spread([parameter("f", schema=schema, **described), parameter("b")], {})
    assert [one["name"] for one in found] == [*names, "b"]
    assert all(one["schema"]["type"] == "string" for one in found)


def test_plain_headers() -> None:
    array = {"type": "array", "items": {}, "description": "d"}
    date, number, shared = {"type": "string", "format": "date-time"}, {"type": "integer"}, {"$ref": "#/x"}
    others = [parameter("a", schema=array), parameter("n", "header", number), parameter("r", "header", shared)]
    headers = [parameter("b", "header", array), parameter("c", "header", date), parameter("d", "header", {})]
    assert rules.plain_headers([*others, *headers]) == [
        *others,
        parameter("b", "header", {"type": "string", "description": "d"}),
        parameter("c", "header"),
        parameter("d", "header"),
    ]


def test_described() -> None:
    assert rules.described(
        [
            parameter(description="d"),
            parameter("b", schema={"type": "integer", "description": "Default: 1."}, description="Page."),
            parameter("c", schema={"$ref": "#/x"}, description="d"),
            parameter("d"),
        ]
    ) == [
        parameter(schema={"type": "string", "description": "d"}, description="d"),
        parameter("b", schema={"type": "integer", "description": "Page. Default: 1."}, description="Page."),
        parameter("c", schema={"$ref": "#/x"}, description="d"),
        parameter("d"),
    ]
