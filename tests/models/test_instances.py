"""Instances: made by hand, frozen, compared, copied, pickled, printed, changed."""

from __future__ import annotations

import copy
import enum
import inspect
import json
import pickle
import sys
import weakref
from datetime import UTC, date, datetime, timedelta
from typing import Any, Union
from uuid import UUID

import attrs
import pytest

from patchworks_core_client import NOT_GIVEN, Model
from tests.support.cases import cases

from .examples import Cat, Containers, Counts, Extras, Renamed, Scalars, Secret, Special, Tag
from .strategies import HOSTILE

MOMENT = datetime(2025, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
UUID_TEXT = "0b64f3a0-5d8c-4a54-9f27-0f3d0a4f7a11"


class Color(enum.Enum):
    RED = "red"


class Size(enum.IntEnum):
    BIG = 3


class TestConstructor:
    def test_what_is_left_out_is_not_sent_and_none_is_null(self) -> None:
        assert Tag().to_dict() == {}
        assert Tag(id=None).to_dict() == {"id": None}
        assert Tag(id=NOT_GIVEN, label="x").to_dict() == {"label": "x"}  # type: ignore[arg-type]
        assert (Tag().id, Tag(id=None).id) == (None, None)

    def test_values_become_json(self) -> None:
        made = Scalars(at=MOMENT, day=date(2025, 1, 2), uuid=UUID(UUID_TEXT), blob=b"hello", ratio=1, name="x")
        assert made.to_dict() == {
            "at": "2025-01-02T03:04:05.000678+00:00",
            "day": "2025-01-02",
            "uuid": UUID_TEXT,
            "blob": "aGVsbG8=",
            "ratio": 1,
            "name": "x",
        }
        assert (made.at, made.day, made.uuid, made.blob) == (MOMENT, date(2025, 1, 2), UUID(UUID_TEXT), b"hello")
        assert json.loads(json.dumps(made.to_dict())) == made.to_dict()

    def test_models_lists_and_enumerations_inside(self) -> None:
        free: Any = {"color": Color.RED, "size": Size.BIG, "pair": (1, Tag(id=1)), "at": MOMENT}
        made = Containers(tags=[Tag(id=1)], tag=Tag(), free=free)
        assert made.to_dict() == {
            "tags": [{"id": 1}],
            "tag": {},
            "free": {"color": "red", "size": 3, "pair": [1, {"id": 1}], "at": MOMENT.isoformat()},
        }
        assert made.tags == [Tag(id=1)]
        free["color"] = "blue"
        assert made.free is not None
        assert made.free["color"] == "red"

    def test_names_that_are_others_in_json(self) -> None:
        assert Renamed(from_="x", to_dict_=1).to_dict() == {"from": "x", "to_dict": 1}

    @cases(
        ("cls", "name", "message"),
        [
            (Tag, "labl", "Tag has no field 'labl'; did you mean 'label'?"),
            (Renamed, "from", "Renamed has no field 'from'; did you mean 'from_'?"),
            (Tag, "quite_another", "Tag has no field 'quite_another'"),
            (Tag, "self", "Tag has no field 'self'"),
        ],
    )
    def test_unknown_arguments_name_the_nearest_field(self, cls: type[Model], name: str, message: str) -> None:
        with pytest.raises(TypeError) as caught:
            cls(**{name: 1})
        assert str(caught.value) == message
        with pytest.raises(TypeError) as caught:
            cls().evolve(**{name: 1})
        assert str(caught.value) == message

    def test_arguments_have_names(self) -> None:
        with pytest.raises(TypeError):
            Tag(1)  # type: ignore[call-arg]

    @cases("value", [object(), {1, 2}, {1: 2}, [1j]])
    def test_what_is_no_json_is_refused_by_name(self, value: Any) -> None:
        with pytest.raises(TypeError, match=r"^Scalars\.anything: .*JSON"):
            Scalars(anything=value)

    def test_limits_are_for_the_server_to_judge(self) -> None:
        wrong: Any = "not a number"
        assert Tag(id=wrong).id == wrong

    @cases("name", ["to_dict", "from_dict", "evolve", "additional_properties"])
    def test_no_field_hides_a_method(self, name: str) -> None:
        with pytest.raises(TypeError, match="choose another"):
            type("Bad", (Model,), {"__annotations__": {name: "int"}, "__module__": __name__})


class TestFrozen:
    def test_nothing_is_set_or_deleted(self) -> None:
        made: Any = Tag(id=1)
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            made.id = 2
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            made.other = 2
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            del made.id
        assert made.to_dict() == {"id": 1}

    def test_a_copy_is_the_callers(self) -> None:
        body: dict[str, Any] = {"tags": [{"id": 1}], "free": {"a": [1]}, "other": [{}], "numbers": [1]}
        made = Containers.from_dict(body)
        for _ in range(2):
            given = made.to_dict()
            assert given == body
            given["tags"][0]["id"] = 2
            given["free"]["a"].append(2)
            given["other"][0]["x"] = 1
            given["numbers"].clear()
            given.clear()
        made["free"]["a"].append(3)
        made.additional_properties.clear()
        assert made.to_dict() == body == {"tags": [{"id": 1}], "free": {"a": [1]}, "other": [{}], "numbers": [1]}

    def test_what_it_is_made_of_stays_as_it_is(self) -> None:
        body = {"tag": {"id": 1}, "moments": ["2025-01-02"]}
        Containers.from_dict(body).evolve(numbers=[1])
        assert body == {"tag": {"id": 1}, "moments": ["2025-01-02"]}


class TestEvolve:
    def test_changes_some_and_keeps_the_rest(self) -> None:
        made = Scalars.from_dict({"at": "2025-01-02 03:04:05", "name": "UK", "new": [1], "count": "wrong"})
        changed = made.evolve(name="FR", flag=None)
        assert changed.to_dict() == {
            "at": "2025-01-02 03:04:05",
            "name": "FR",
            "new": [1],
            "count": "wrong",
            "flag": None,
        }
        assert made.name == "UK"
        assert type(changed) is Scalars
        assert made.evolve() == made

    def test_takes_a_field_out(self) -> None:
        assert Renamed(from_="x", plain=1).evolve(from_=NOT_GIVEN).to_dict() == {"plain": 1}
        assert Renamed(plain=1).evolve(from_=NOT_GIVEN).to_dict() == {"plain": 1}

    def test_dates_and_models(self) -> None:
        assert Scalars().evolve(at=MOMENT).at == MOMENT
        assert Containers(tag=Tag(id=1)).evolve(tag=Tag(id=2)).to_dict() == {"tag": {"id": 2}}


class TestEquality:
    def test_by_class_and_values(self) -> None:
        assert Tag(id=1) == Tag.from_dict({"id": 1})
        assert Tag(id=1) != Tag(id=2)
        assert Tag(id=1) != Tag(id=1, label=None)
        assert Tag(id=1) != Special(id=1)
        assert Tag(id=1) != {"id": 1}
        assert Tag.from_dict({"x": 1}) != Tag.from_dict({"x": 2})

    def test_the_same_moment_is_equal(self) -> None:
        early, late = "2025-01-02T03:04:05Z", "2025-01-02T08:34:05+05:30"
        assert Scalars.from_dict({"at": early}) == Scalars.from_dict({"at": late})
        assert hash(Scalars.from_dict({"at": early})) == hash(Scalars.from_dict({"at": late}))

    def test_equal_models_hash_alike(self) -> None:
        body = {"tags": [{"id": 1}], "free": {"a": []}, "tag": {"id": 2}, "unknown": [1]}
        assert hash(Containers.from_dict(body)) == hash(Containers.from_dict(body))
        assert len({Tag(id=1), Tag(id=1), Tag(id=2)}) == 2

    def test_weak_references(self) -> None:
        made = Tag(id=1)
        assert weakref.ref(made)() is made


COPIED = [
    Tag(id=1),
    Scalars.from_dict({"at": "2025-01-02 03:04:05", "uuid": UUID_TEXT, "x": [1], "count": "wrong"}),
    Containers.from_dict({"tags": [{"id": 1}, 2], "itself": {"tag": {}}, "free": {"a": [1]}}),
    Renamed.from_dict({"from": "x", "from_": "y"}),
    Extras.from_dict({"at": "2025-01-02", "id": 1}),
    Counts.from_dict({"a": 1}),
    Containers.from_dict({name: [name] for name in HOSTILE}),
]


@cases("made", COPIED)
@cases("way", ["copy", "deepcopy", *range(pickle.HIGHEST_PROTOCOL + 1)])
def test_copies(made: Model, way: str | int) -> None:
    other = pickle.loads(pickle.dumps(made, way)) if isinstance(way, int) else getattr(copy, way)(made)
    assert other is not made
    assert type(other) is type(made)
    assert other == made
    assert other.to_dict() == made.to_dict()
    assert repr(other) == repr(made)


@pytest.mark.untraced
@cases("key", HOSTILE)
@cases("value", ["x", None, {"a": 1}, 0])
def test_no_name_in_a_body_breaks_an_instance(key: str, value: Any) -> None:
    for body in ({key: value}, {key: value, "id": 1, "label": "x"}):
        # Often enough that a compiled decoder is there for it.
        for _ in range(120):
            made = Tag.from_dict(body)
        assert made.to_dict() == body
        assert made[key] == value
        assert key in made
        assert made.additional_properties == {key: value}
        assert made.evolve(id=2).id == 2
        assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == made
        assert type(made) is Tag
        assert repr(made)
        assert hash(made)


class TestNames:
    def test_as_they_came(self) -> None:
        made = Renamed.from_dict({"from": "x", "class": "2025-01-02", "other": [1], "@sign": [{"id": 1}]})
        assert made["class"] == "2025-01-02"
        assert made["other"] == [1]
        assert made["@sign"] == [{"id": 1}]
        assert ("from" in made, "from_" in made, "class_" in made, 3 in made) == (True, False, False, False)
        with pytest.raises(KeyError):
            made["class_"]

    def test_a_model_is_no_sequence(self) -> None:
        with pytest.raises(TypeError):
            iter(Tag())  # type: ignore[call-overload]


class TestRepr:
    def test_shows_what_came(self) -> None:
        made = Containers.from_dict(
            {"tag": {"id": 1}, "numbers": [1, 2, 3, 4, 5], "free": {"a": 1}, "counts": {}, "x": 1, "optional": None}
        )
        assert repr(made) == (
            "Containers(tag=Tag(id=1), numbers=[1, 2, 3, ... 2 more], free={...}, counts={}, optional=None, "
            "additional_properties={'x': ...})"
        )
        assert repr(Tag()) == "Tag()"

    def test_is_never_long(self) -> None:
        assert len(repr(Tag(label="x" * 10_000))) < 200
        assert repr(Tag.from_dict({"id": 10**10_000})) == "Tag(id=<int of 33220 bits>)"
        deep = Containers()
        for _ in range(10):
            deep = Containers(itself=deep, tags=[Tag(id=1)] * 5)
        assert len(repr(deep)) < 1_000
        assert "Containers(...)" in repr(deep)
        assert "[...]" in repr(Containers.from_dict({"bare": [[[[[1]]]]]}))

    @cases(
        ("body", "hidden"),
        [
            ({"value": "s3cr3t"}, True),
            ({"value": "s3cr3t", "secret": "1"}, True),
            ({"value": "s3cr3t", "secret": 1}, True),
            ({"value": "s3cr3t", "secret": True}, True),
            ({"value": "s3cr3t", "secret": "yes"}, True),
            ({"value": ["s3cr3t"], "secret": [1]}, True),
            ({"value": "s3cr3t", "secret": "0"}, False),
            ({"value": "s3cr3t", "secret": "False"}, False),
            ({"value": "s3cr3t", "secret": ""}, False),
            ({"value": "s3cr3t", "secret": 0}, False),
            ({"value": "s3cr3t", "secret": None}, False),
            ({"value": "s3cr3t", "secret": False}, False),
            ({"token": "s3cr3t"}, True),
            ({"parts": [{"value": "s3cr3t"}]}, True),
            ({"parts": {"0": {"value": "s3cr3t"}}}, True),
            ({"parts": [[{"value": "s3cr3t"}]]}, True),
            ({"unknown": "s3cr3t"}, True),
        ],
    )
    def test_secrets_are_not_in_it(self, body: dict[str, Any], hidden: bool) -> None:
        made = Secret.from_dict(body)
        shown = [repr(made), str(made), f"{made}", repr([made]), repr(list(made.__rich_repr__()))]
        assert [("s3cr3t" not in text) for text in shown] == [hidden] * 5
        assert made.to_dict() == body

    def test_there_is_nothing_to_hide_in_null(self) -> None:
        assert repr(Secret(value=None, token=None)) == "Secret(value=None, token=None)"


class TestTools:
    def test_attrs_knows_the_fields(self) -> None:
        assert attrs.has(Tag)
        assert [field.name for field in attrs.fields(Special)] == ["additional_properties", "id", "label", "extra_at"]
        assert attrs.fields(Special) is attrs.fields(Special)
        assert attrs.fields_dict(Renamed)["from_"].metadata == {"wire": "from"}
        assert attrs.fields_dict(Secret)["token"].repr is False
        assert attrs.asdict(Containers(tag=Tag(id=1)))["tag"] == {"id": 1, "label": None, "additional_properties": {}}
        assert [field.name for field in attrs.fields(Model)] == ["additional_properties"]

    def test_inspect_knows_the_constructor(self) -> None:
        signature = inspect.signature(Renamed)
        names = ["from_", "class_", "to_dict_", "at_sign", "plain", "additional_properties"]
        assert list(signature.parameters) == names
        assert signature.parameters["plain"].default is NOT_GIVEN
        assert signature.parameters["plain"].annotation == int | None

    def test_a_class_variable_is_no_field(self) -> None:
        assert Special.kind == Special(id=1).kind == "special"
        assert Special.from_dict({"kind": "x"}).to_dict() == {"kind": "x"}
        assert Special.from_dict({"kind": "x"}).kind == "special"

    @pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace is new in Python 3.13")
    def test_copy_replace(self) -> None:
        replace = vars(copy)["replace"]
        assert replace(Tag(id=1, label="x"), id=2) == Tag(id=2, label="x")

    def test_a_subclass_of_a_users_own(self) -> None:
        class Mine(Cat):
            """With a method, and no decorator."""

            def shout(self) -> str:
                return (self.name or "").upper()

        made = Mine.from_dict({"type": "cat", "name": "Tom"}, strict=True)
        assert made.shout() == "TOM"
        assert isinstance(made, Cat)
        assert made.evolve(name="Kit").shout() == "KIT"
        assert [field.name for field in attrs.fields(Mine)] == [field.name for field in attrs.fields(Cat)]

    def test_types_as_annotations(self) -> None:
        # Without `from __future__ import annotations` they are types, not text.
        annotations = {"at": datetime | None, "tags": list["Tag"] | None, "tag": Union["Tag", None]}
        late: Any = type("Late", (Model,), {"__annotations__": annotations, "__module__": __name__})
        late = late.from_dict({"at": "2025-01-02T00:00:00Z", "tags": [{"id": 1}, 2], "tag": {}})
        assert late.at == datetime(2025, 1, 2, tzinfo=UTC)
        assert (late.tags, late.tag) == ([Tag(id=1), 2], Tag())
        assert late.at - timedelta(days=1) == datetime(2025, 1, 1, tzinfo=UTC)
