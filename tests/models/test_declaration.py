"""What a class body says: which names are fields, what they read as, and what is refused when the class is made."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import traceback
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

from patchworks_core_client import DecodeError, Model, models
from patchworks_core_client.models import VirtualEnvironment
from tests.support.cases import cases

from .examples import Tag


class Environment(VirtualEnvironment):
    """A user's own, without a decorator."""

    region: str = "eu"
    kind: ClassVar[str] = "environment"
    _cache: ClassVar[dict[str, str]] = {}

    @cached_property
    def slug(self) -> str:
        return (self.name or "").lower()

    @property
    def shown(self) -> str:
        return f"{self.name} in {self.region}"


@attrs.frozen(kw_only=True, slots=False)
class Shop(VirtualEnvironment):
    """A user's own, with attrs' decorator and none of our options."""

    region: str = "eu"
    tags: list[str] = attrs.field(factory=list[str])
    code: str = attrs.field(metadata={"wire": "shop-code"})
    both: str = attrs.field(default=attrs.Factory(lambda self: f"{self.region}!", takes_self=True))
    open: bool


class TestFields:
    def test_what_is_computed_is_none(self) -> None:
        made, other = Environment(name="UK"), Environment(name="UK")
        seen = {made}
        assert (made.slug, made.shown) == ("uk", "UK in eu")
        made.__dict__["note"] = "one of a debugger"
        assert made.to_dict() == {"name": "UK"}
        assert made == other
        assert hash(made) == hash(other)
        assert made in seen
        assert "slug" not in made
        assert made.additional_properties == {}
        for copied in (copy.copy(made), pickle.loads(pickle.dumps(made)), made.evolve(), attrs.evolve(made)):
            assert copied.to_dict() == {"name": "UK"}
        assert made.evolve(name="FR").slug == "fr"
        assert repr(made) == "Environment(name='UK')"

    def test_a_body_that_has_the_name_of_something_computed(self) -> None:
        made = Environment.from_dict({"name": "UK", "slug": "x", "shown": 1, "kind": 2, "_cache": 3})
        assert (made.slug, made.shown, made.kind, made._cache) == ("uk", "UK in eu", "environment", {})
        assert made.to_dict() == {"name": "UK", "slug": "x", "shown": 1, "kind": 2, "_cache": 3}

    @pytest.mark.parametrize("cls", [Environment, Shop])
    def test_defaults_are_what_type_checkers_promise(self, cls: Any) -> None:
        for made in (cls(), cls.from_dict({}), cls().evolve(), attrs.evolve(cls()), pickle.loads(pickle.dumps(cls()))):
            assert made.region == "eu"
            assert made.to_dict() == {}
        for made in (cls(region="us"), cls.from_dict({"region": "us"}), attrs.evolve(cls.from_dict({"region": "us"}))):
            assert made.region == "us"
            assert made.to_dict() == {"region": "us"}
        assert cls(region=None).to_dict() == {"region": None}

    def test_defaults_that_are_made(self) -> None:
        made = Shop.from_dict({"region": "us"})
        assert (made.tags, made.both, made.open, made.code) == ([], "us!", None, None)
        assert Shop(code="x").to_dict() == {"shop-code": "x"}  # type: ignore[call-arg]
        assert attrs.fields_dict(Shop)["code"].converter is None
        assert isinstance(attrs.fields_dict(Tag)["id"].converter, attrs.Converter)
        assert attrs.fields_dict(Tag)["id"].converter is attrs.fields_dict(models.Variable)["key"].converter
        assert Shop(tags=["a"]).to_dict() == {"tags": ["a"]}  # type: ignore[call-arg]
        assert callable(type(made).tags.__get__)

    def test_defaults_of_a_class_in_a_function(self) -> None:
        @attrs.frozen(kw_only=True, slots=False)
        class Local(Tag):
            words: list[str] = attrs.field(factory=list[str])
            code: str = attrs.field(metadata={"wire": "local-code"})

        assert (Local.from_dict({}).words, Local.from_dict({}).code) == ([], None)

    def test_the_options_of_the_decorator_do_not_matter(self) -> None:
        body = {"id": 1, "versions": [{"id": 2}], "new": 3}
        assert Shop.from_dict(body) == Shop.from_dict(body)
        assert len({Shop.from_dict(body), Shop.from_dict(body)}) == 1
        assert repr(Shop(region="us")) == "Shop(region='us')"  # type: ignore[call-arg]
        assert attrs.evolve(Shop.from_dict(body), id=2).to_dict() == {**body, "id": 2}
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            Shop().region = "x"  # type: ignore[call-arg, misc]

    def test_a_field_that_is_not_to_be_shown(self) -> None:
        @attrs.frozen(kw_only=True, slots=False)
        class Account(Tag):
            pin: str | None = attrs.field(default=None, repr=False)

        class Child(Account):
            """Without a decorator."""

        for cls in (Account, Child):
            assert "1234" not in repr(cls.from_dict({"pin": "1234"}))
            assert cls.from_dict({"pin": "1234"}).pin == "1234"

    def test_a_constructor_of_its_own(self) -> None:
        @attrs.frozen(kw_only=True, slots=False)
        class Named(Tag):
            def __init__(self, name: str) -> None:
                super().__init__(label=name.upper())

            def __repr__(self) -> str:
                return "mine"

        made = Named("uk")
        assert made.to_dict() == {"label": "UK"}
        assert repr(made) == "mine"
        assert Named.from_dict({"id": 1}).to_dict() == {"id": 1}


class TestRefused:
    @cases(
        "annotation",
        [
            "set[str] | None",
            "tuple[int, ...]",
            "Decimal",
            "list[complex]",
            "dict[str, set[int]]",
            "type",
            "range | int",
        ],
    )
    def test_what_does_not_come_from_json(self, annotation: str) -> None:
        assert Decimal is not None
        body = {"__annotations__": {"tags": annotation}, "__module__": __name__}
        with pytest.raises(
            TypeError, match=r"^Thing\.tags.*: .* describes no JSON; a field is a str, int, .* or a union$"
        ):
            type("Thing", (Model,), body)

    def test_a_name_that_is_never_defined(self) -> None:
        thing: Any = type("Thing", (Model,), {"__annotations__": {"a": "Nobody"}, "__module__": __name__})
        assert thing.from_dict({}).a is None
        with pytest.raises(NameError, match=rf"^Thing\.a: the annotation names 'Nobody', .* in the module {__name__}$"):
            thing.from_dict({"a": 1})

    def test_slots(self) -> None:
        with pytest.raises(TypeError, match=r"^Slotted: .* declare it with slots=False$"):

            @attrs.frozen(kw_only=True)
            class Slotted(Model):
                id: int | None = None

    def test_names_that_attrs_alone_takes_for_fields(self) -> None:
        with pytest.raises(TypeError, match=r"^Hidden\._id: the name of a field begins with a letter; .* ClassVar$"):

            @attrs.frozen(kw_only=True, slots=False)
            class Hidden(Model):
                _id: int | None = None

    def test_a_field_of_attrs_without_its_decorator(self) -> None:
        class Bare(Model):
            id: int | None = attrs.field(default=None, metadata={"wire": "ID"})

        with pytest.raises(TypeError, match=r"^Bare\.id: attrs\.field\(\) needs attrs' decorator on the class$"):
            Bare.from_dict({})

    @cases(
        "option",
        [
            {"validator": attrs.validators.instance_of(str)},
            {"converter": str},
            {"alias": "b"},
            {"init": False},
            {"eq": False},
            {"eq": str.lower},
        ],
    )
    def test_what_a_constructor_would_have_to_do(self, option: dict[str, Any]) -> None:
        (said,) = option
        with pytest.raises(
            TypeError, match=rf"^Picky\.a: {said}=: models do not go by this, .* a method or a property"
        ):

            @attrs.frozen(kw_only=True, slots=False)
            class Picky(Model):
                a: str = attrs.field(default="", **option)

    @pytest.mark.parametrize("name", ["__attrs_pre_init__", "__attrs_post_init__"])
    def test_what_is_to_be_done_round_a_constructor(self, name: str) -> None:
        late = type("Late", (Model,), {"__annotations__": {}, "__module__": __name__, name: lambda _: None})
        with pytest.raises(TypeError, match=rf"^Late\.{name}: models do not go by this"):
            attrs.frozen(kw_only=True, slots=False)(late)

    @pytest.mark.parametrize("data", [{"value": "s3" + "cr3t", "id": "x"}, ["s3" + "cr3t"]])
    def test_no_frame_shows_what_came(self, data: Any) -> None:
        with pytest.raises((DecodeError, TypeError)) as caught:
            models.Variable.from_dict(data, strict=True)
        ours = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        assert "s3cr3t" not in "".join(line for frame in ours.stack[1:] for line in (frame.locals or {}).values())

    @cases("change", [models.Variable, models.Variable().evolve])
    @cases("more", [{"nope": 1}, {"label": object()}, {"additional_properties": {"a": object()}}])
    def test_no_frame_shows_what_was_given(self, change: Any, more: dict[str, Any]) -> None:
        with pytest.raises(TypeError) as caught:
            change(value="s3" + "cr3t", fallback="s3" + "cr3t", **more)
        ours = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        assert "s3cr3t" not in "".join(line for frame in ours.stack[1:] for line in (frame.locals or {}).values())


IMPORTING = """
import sys, threading, time
from pathlib import Path
place = Path(sys.argv[1]) / "myapp"
place.mkdir()
(place / "base.py").write_text('''from __future__ import annotations
from typing import TYPE_CHECKING
from patchworks_core_client import Model
if TYPE_CHECKING:
    from myapp import Other
class Thing(Model):
    other: Other | None = None
''')
(place / "__init__.py").write_text('''import threading
from patchworks_core_client import Model
from .base import Thing
class Other(Model):
    id: int | None = None
import sys
sys.modules["started"].set()
sys.modules["asked"].wait(10)
DEFAULT = Thing.from_dict({"other": {"id": 1}})
''')
sys.path.insert(0, sys.argv[1])
started, asked = sys.modules["started"], sys.modules["asked"] = threading.Event(), threading.Event()
def use():
    started.wait(10)
    thing = sys.modules["myapp.base"].Thing
    asked.set()
    assert thing.from_dict({"other": {"id": 1}}).other.id == 1
threads = [threading.Thread(target=work, daemon=True) for work in (lambda: __import__("myapp"), use)]
[thread.start() for thread in threads]
[thread.join(20) for thread in threads]
sys.exit(any(thread.is_alive() for thread in threads) or not sys.modules["myapp"].DEFAULT.other)
"""


def test_no_lock_is_held_while_a_package_is_imported(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", IMPORTING, str(tmp_path)], check=True, timeout=60)
