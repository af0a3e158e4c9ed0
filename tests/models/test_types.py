"""What matches has the described type; what does not is kept as it came and reported."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest

from patchworks_core_client import Mismatch, Model
from tests.support.cases import cases

from .examples import Cat, Containers, Counts, Dog, Extras, Renamed, Scalars, Special, Tag, Unions

MOMENT = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
MOMENT_TEXT = "2025-01-02T03:04:05.000000Z"
UUID_TEXT = "0b64f3a0-5d8c-4a54-9f27-0f3d0a4f7a11"

MATCHING: list[tuple[type[Model], str, Any, Any]] = [
    (Scalars, "anything", [{"a": 1}], [{"a": 1}]),
    (Scalars, "flag", True, True),
    (Scalars, "count", 10**40, 10**40),
    (Scalars, "ratio", 1.5, 1.5),
    (Scalars, "ratio", 2, 2),
    (Scalars, "ratio", math.inf, math.inf),
    (Scalars, "name", "", ""),
    (Scalars, "at", MOMENT_TEXT, MOMENT),
    (Scalars, "day", "2025-01-02", date(2025, 1, 2)),
    (Scalars, "day", "2025-01-02T00:00:00.000000Z", date(2025, 1, 2)),
    (Scalars, "uuid", UUID_TEXT, UUID(UUID_TEXT)),
    (Scalars, "blob", "aGVsbG8=", b"hello"),
    (Scalars, "status", "Draft", "Draft"),
    (Scalars, "level", 2, 2),
    (Scalars, "mixed", True, True),
    (Scalars, "mixed", "a", "a"),
    (Special, "label", "x", "x"),
    (Special, "extra_at", MOMENT_TEXT, MOMENT),
    (Containers, "tags", [{"id": 1}, None], [Tag(id=1), None]),
    (Containers, "tag", {}, Tag()),
    (Containers, "numbers", [1, None], [1, None]),
    (Containers, "matrix", [[1.5], [], None, [2]], [[1.5], [], None, [2]]),
    (Containers, "moments", [MOMENT_TEXT, None], [MOMENT, None]),
    (Containers, "by_name", {"a": {"id": 1}}, {"a": Tag(id=1)}),
    (Containers, "counts", {"a": 1}, {"a": 1}),
    (Containers, "days", {"a": ["2025-01-02"]}, {"a": [date(2025, 1, 2)]}),
    (Containers, "free", {"a": [1]}, {"a": [1]}),
    (Containers, "free_list", [{}], [{}]),
    (Containers, "bare", [1, "a"], [1, "a"]),
    (Containers, "statuses", ["Draft"], ["Draft"]),
    (Containers, "itself", {"itself": {}}, Containers(itself=Containers())),
    (Containers, "optional", 1, 1),
    (Unions, "pet", {"type": "dog", "name": "Rex"}, Dog(type="dog", name="Rex")),
    (Unions, "pet", {"type": "cat", "name": "Tom"}, Cat(type="cat", name="Tom")),
    (Unions, "pet", {"tail_cm": 3}, Dog(tail_cm=3)),
    (Unions, "pet", {}, Cat()),
    (Unions, "pets", [{"lives": 9}, {"tail_cm": 1.5}], [Cat(lives=9), Dog(tail_cm=1.5)]),
    (Unions, "number_or_text", 1, 1),
    (Unions, "number_or_text", "1", "1"),
    (Unions, "moment_or_text", MOMENT_TEXT, MOMENT),
    (Unions, "moment_or_text", "soon", "soon"),
    (Unions, "text_or_moment", MOMENT_TEXT, MOMENT),
    (Unions, "uuid_or_day", UUID_TEXT, UUID(UUID_TEXT)),
    (Unions, "uuid_or_day", "2025-01-02", date(2025, 1, 2)),
    (Unions, "blob_or_text", "aGVsbG8=", "aGVsbG8="),
    (Unions, "one_or_many", {"id": 1}, Tag(id=1)),
    (Unions, "one_or_many", [{"id": 1}], [Tag(id=1)]),
    (Unions, "lists", [1], [1]),
    (Unions, "lists", [{"id": 1}, {"id": 2}], [Tag(id=1), Tag(id=2)]),
    (Unions, "lists", [], []),
    (Unions, "maps", {"a": {"id": 1}}, {"a": Tag(id=1)}),
    (Unions, "maps", {"a": 1}, {"a": 1}),
    (Unions, "model_or_map", {"id": 1}, Tag(id=1)),
    (Unions, "model_or_map", {"id": "x"}, {"id": "x"}),
    (Unions, "flag_or_number", True, True),
    (Unions, "flag_or_number", 1, 1),
    (Unions, "whatever", {"id": 1}, {"id": 1}),
    (Unions, "states", "Draft", "Draft"),
    (Unions, "states", 3, 3),
]
MISMATCHING: list[tuple[type[Model], str, Any, str, str]] = [
    (Scalars, "flag", 1, "bool", "int"),
    (Scalars, "count", True, "int", "bool"),
    (Scalars, "count", 1.0, "int", "float"),
    (Scalars, "count", "1", "int", "str"),
    (Scalars, "ratio", True, "float", "bool"),
    (Scalars, "name", 1, "str", "int"),
    (Scalars, "name", {}, "str", "dict"),
    (Scalars, "at", 1735787045, "datetime", "int"),
    (Scalars, "at", "soon", "datetime", "str"),
    (Scalars, "at", [], "datetime", "list"),
    (Scalars, "day", "2025-01-02T00:00:01Z", "date", "str"),
    (Scalars, "uuid", UUID_TEXT.replace("-", ""), "UUID", "str"),
    (Scalars, "blob", "no base64", "bytes", "str"),
    (Scalars, "status", "Archived", "Status", "str"),
    (Scalars, "status", ["Draft"], "Status", "list"),
    (Scalars, "level", 4, "Level", "int"),
    (Scalars, "level", True, "Level", "bool"),
    (Scalars, "nothing", 0, "None", "int"),
    (Containers, "tags", {"0": {"id": 1}}, "list[Tag]", "dict"),
    (Containers, "tags", 3, "list[Tag]", "int"),
    (Containers, "tags", 0, "list[Tag]", "int"),
    (Containers, "tags", "", "list[Tag]", "str"),
    (Containers, "tag", [], "Tag", "list"),
    (Containers, "tag", "x", "Tag", "str"),
    (Containers, "free", [], "dict[str, Any]", "list"),
    (Containers, "free_list", {}, "list[dict[str, Any]]", "dict"),
    (Containers, "bare", {}, "list[Any]", "dict"),
    (Unions, "number_or_text", 1.5, "int | str", "float"),
    (Unions, "uuid_or_day", "x", "UUID | date", "str"),
    (Unions, "states", "Old", "Status | Level", "str"),
]
INSIDE: list[tuple[type[Model], Any, Any, Mismatch]] = [
    (Containers, {"tags": [{}, 3]}, [Tag(), 3], Mismatch("Containers", "tags[1]", "Tag", "int")),
    (Containers, {"tags": [{"id": "x"}]}, None, Mismatch("Tag", "tags[0].id", "int", "str")),
    (Containers, {"tag": {"id": "x"}}, None, Mismatch("Tag", "tag.id", "int", "str")),
    (Containers, {"numbers": [1, "2"]}, [1, "2"], Mismatch("Containers", "numbers[1]", "int", "str")),
    (Containers, {"matrix": [[1], ["2"]]}, [[1], ["2"]], Mismatch("Containers", "matrix[1][0]", "float", "str")),
    (Containers, {"by_name": {"a": 1}}, {"a": 1}, Mismatch("Containers", "by_name.a", "Tag", "int")),
    (Containers, {"counts": {"a b": ""}}, {"a b": ""}, Mismatch("Containers", "counts[*]", "int", "str")),
    (Containers, {"counts": {"-a": ""}}, {"-a": ""}, Mismatch("Containers", "counts[*]", "int", "str")),
    (Containers, {"statuses": ["Old"]}, ["Old"], Mismatch("Containers", "statuses[0]", "Status", "str")),
    (Unions, {"pets": [{"type": "cow"}]}, None, Mismatch("Cat", "pets[0].type", "Literal['cat']", "str")),
    (Unions, {"lists": [1, "x"]}, [1, "x"], Mismatch("Unions", "lists[1]", "int", "str")),
]


@cases(("cls", "name", "raw", "value"), MATCHING)
def test_what_matches_has_the_described_type(cls: type[Model], name: str, raw: Any, value: Any) -> None:
    made = cls.from_dict({name: raw}, strict=True)
    assert getattr(made, name) == value
    assert type(getattr(made, name)) is type(value)
    assert made.to_dict() == {name: raw}
    assert made[name] == raw


@cases(("cls", "name", "raw", "declared", "got"), MISMATCHING)
def test_what_does_not_match_is_kept(cls: type[Model], name: str, raw: Any, declared: str, got: str) -> None:
    found: list[Mismatch] = []
    made = cls.from_dict({name: raw}, on_mismatch=found.append)
    assert getattr(made, name) is raw
    assert made.to_dict() == {name: raw}
    assert found == [Mismatch(cls.__name__, name, declared, got)]


@cases(("cls", "raw", "value", "mismatch"), INSIDE)
def test_inside_of_containers(cls: type[Model], raw: Any, value: Any, mismatch: Mismatch) -> None:
    found: list[Mismatch] = []
    made = cls.from_dict(raw, on_mismatch=found.append)
    assert found == [mismatch]
    assert made.to_dict() == raw
    if value is not None:
        assert getattr(made, next(iter(raw))) == value


@cases("cls", [Scalars, Containers, Unions, Special])
def test_null_is_no_mismatch_and_missing_is_none(cls: type[Model]) -> None:
    names = list(cls.__patchworks_decoder__.names)
    body = dict.fromkeys(names)
    made = cls.from_dict(body, strict=True)
    assert made.to_dict() == body
    assert cls.from_dict({}, strict=True).to_dict() == {}
    assert [getattr(cls.from_dict({}), name) for name in names] == [None] * len(names)


def test_other_names_in_json() -> None:
    body = {"from": "x", "class": MOMENT_TEXT, "to_dict": 1, "@sign": [{"id": 1}], "from_": "y"}
    made = Renamed.from_dict(body, strict=True)
    assert (made.from_, made.class_, made.to_dict_, made.at_sign) == ("x", MOMENT, 1, [Tag(id=1)])
    assert made.additional_properties == {"from_": "y"}
    assert made.to_dict() == body


def test_fields_that_only_their_type_describes() -> None:
    found: list[Mismatch] = []
    body = {"name": "x", "a": 1, "b": "2", "c d": "3"}
    made = Counts.from_dict(body, on_mismatch=found.append)
    assert made.additional_properties == {"a": 1, "b": "2", "c d": "3"}
    assert found == [Mismatch("Counts", "b", "int", "str"), Mismatch("Counts", "[*]", "int", "str")]
    assert made.to_dict() == body
    extras = Extras.from_dict({"id": 1, "at": MOMENT_TEXT, "tag": {"id": 1}}, strict=True)
    assert extras.additional_properties == {"at": MOMENT, "tag": Tag(id=1)}
    assert extras.to_dict() == {"id": 1, "at": MOMENT_TEXT, "tag": {"id": 1}}


def test_subclasses_of_json_types() -> None:
    class Text(str):
        __slots__ = ()

    made = Containers.from_dict(OrderedDict(tag=OrderedDict(id=1), free=OrderedDict(a=1)), strict=True)
    assert made.tag == Tag(id=1)
    assert made.to_dict() == {"tag": {"id": 1}, "free": {"a": 1}}
    assert Tag.from_dict(MappingProxyType({"label": Text("x")}), strict=True).label == "x"


def test_what_is_no_json_is_a_mismatch_as_well() -> None:
    found: list[Mismatch] = []
    body: Any = {"tag": {1, 2}, 3: 4, "numbers": (1, 2)}
    made = Containers.from_dict(body, on_mismatch=found.append)
    assert made.to_dict() == {**body, "numbers": [1, 2]}
    assert {mismatch.got for mismatch in found} == {"set", "tuple"}


def test_a_tuple_is_reported_and_is_a_list_of_json_all_the_same() -> None:
    found: list[Mismatch] = []
    body: Any = {"tags": (Tag(id=1), {"id": 2}), "free": {"a": (MOMENT,), "b": OrderedDict(c=MOMENT)}}
    made = Containers.from_dict(body, on_mismatch=found.append)
    assert [mismatch.field for mismatch in found] == ["tags"]
    assert json.loads(json.dumps(made.to_dict())) == {
        "tags": [{"id": 1}, {"id": 2}],
        "free": {"a": ["2025-01-02T03:04:05+00:00"], "b": {"c": "2025-01-02T03:04:05+00:00"}},
    }
    assert hash(made) == hash(Containers.from_dict(body))


@cases("data", [None, [], "{}", 1])
def test_a_model_is_made_of_an_object(data: Any) -> None:
    with pytest.raises(TypeError, match=r"from an object of JSON, not from"):
        Tag.from_dict(data)


def test_a_nested_union_costs_no_more_than_its_size() -> None:
    body: dict[str, Any] = {}
    for _ in range(200):
        body = {"tree": [body, body]} if len(str(body)) < 2_000 else {"tree": body}
    assert Unions.from_dict(body).to_dict() == body


DECODED: list[tuple[type[Model], str, Any, Any]] = [
    (Scalars, "at", MOMENT, "2025-01-02T03:04:05+00:00"),
    (Scalars, "day", date(2025, 1, 2), "2025-01-02"),
    (Scalars, "uuid", UUID(UUID_TEXT), UUID_TEXT),
    (Scalars, "blob", b"hello", "aGVsbG8="),
    (Scalars, "anything", {"at": MOMENT}, {"at": "2025-01-02T03:04:05+00:00"}),
    (Containers, "tag", Tag(id=1), {"id": 1}),
    (Containers, "tags", [Tag(id=1), {"id": 2}], [{"id": 1}, {"id": 2}]),
    (Containers, "moments", [MOMENT, None], ["2025-01-02T03:04:05+00:00", None]),
    (Containers, "by_name", {"a": Tag(id=1)}, {"a": {"id": 1}}),
    (Containers, "days", {"a": [date(2025, 1, 2)]}, {"a": ["2025-01-02"]}),
    (Unions, "pet", Dog(tail_cm=3), {"tail_cm": 3}),
    (Unions, "moment_or_text", MOMENT, "2025-01-02T03:04:05+00:00"),
    (Unions, "one_or_many", [Special(id=1)], [{"id": 1}]),
    (Extras, "at", MOMENT, "2025-01-02T03:04:05+00:00"),
]


@pytest.mark.parametrize("times", [1, 120], ids=["not-compiled", "compiled"])
@cases(("cls", "name", "value", "raw"), DECODED)
def test_what_is_decoded_already_is_taken(cls: type[Model], name: str, value: Any, raw: Any, times: int) -> None:
    others = {"id": 1, "also": 1} if cls is Extras else {"name": "x", "optional": 1, "number_or_text": 1}
    for _ in range(times):
        made = cls.from_dict({name: value, **others}, strict=True)
    assert made[name] == raw
    assert json.loads(json.dumps(made.to_dict())) == {name: raw, **others}
    shown = made.additional_properties[name] if cls is Extras else getattr(made, name)
    if name not in {"tags"}:
        assert shown == value


def test_a_moment_without_a_zone_is_in_utc() -> None:
    made = Scalars.from_dict({"at": datetime(2025, 1, 2, 3, 4, 5)}, strict=True)
    assert made.at == MOMENT
    found: list[Mismatch] = []
    Scalars.from_dict({"at": date(2025, 1, 2), "day": UUID(UUID_TEXT)}, on_mismatch=found.append)
    assert [(mismatch.field, mismatch.got) for mismatch in found] == [("at", "date"), ("day", "UUID")]
