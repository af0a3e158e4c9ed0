"""What attrs, cattrs, hypothesis, pydantic and `typing` make of models."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import pkgutil
import subprocess
import sys
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import entry_points
from types import FunctionType, MethodType
from typing import Any

import attrs
import cattrs
import pytest
from cattrs.preconf.json import make_converter
from hypothesis import HealthCheck, given, settings, strategies as st
from pydantic import BaseModel, ConfigDict, PydanticSchemaGenerationError, TypeAdapter, ValidationError, validate_call
from pydantic_core import ArgsKwargs

import patchworks_core_client
from patchworks_core_client import NOT_GIVEN, AsyncPatchworks, Model, Patchworks, environments, models, sandbox
from patchworks_core_client._models import hypothesis_plugin
from patchworks_core_client.generated import api
from tests.support.cases import cases

from .examples import Containers, Extras, Renamed, Scalars, Special, Tag, Unions

GENERATED = [
    cls for name in models.__all__ if isinstance(cls := getattr(models, name), type) and issubclass(cls, Model)
]
REQUESTS = [cls for cls in GENERATED if NOT_GIVEN in attrs.asdict(cls()).values()]
BODY = {"id": 1, "created_at": "2025-01-02 03:04:05", "new": [1], "versions": [{"id": 3, "other": 1}], "name": None}


@attrs.define
class Job:
    """A user's own class that holds a model."""

    environment: models.VirtualEnvironment
    note: str = ""


class Undecorated(Tag):
    """A subclass that attrs was not told of."""

    region: str | None = None


class TestAnnotations:
    @cases("cls", [Model, *GENERATED])
    def test_resolve_at_run_time(self, cls: type[Model]) -> None:
        hints = typing.get_type_hints(cls)
        assert not any(isinstance(hint, str) for hint in hints.values())
        signature = inspect.signature(cls, eval_str=True)
        assert {name: parameter.annotation for name, parameter in signature.parameters.items()} == {
            name: hint for name, hint in hints.items() if name in signature.parameters
        }
        assert signature.parameters.keys() == attrs.fields_dict(cls).keys()
        for method in (cls.__init__, cls.from_dict, cls.to_dict, cls.evolve):
            assert "return" in typing.get_type_hints(method)
            inspect.signature(method, eval_str=True)

    def test_one_that_is_not_defined_yet_is_shown_as_text(self) -> None:
        late: Any = type("Late", (Model,), {"__annotations__": {"a": "Later | None"}, "__module__": __name__})
        assert inspect.signature(late).parameters["a"].annotation == "Later | None"


class TestAttrs:
    @cases("cls", GENERATED)
    def test_a_copy_is_the_same(self, cls: type[Model]) -> None:
        assert attrs.has(cls)
        assert attrs.resolve_types(cls) is cls
        for body in ({}, {"new": 1}, BODY, dict.fromkeys(attrs.fields_dict(cls))):
            made = cls.from_dict(body)
            assert attrs.evolve(made).to_dict() == made.to_dict() == body
            assert attrs.evolve(made) == made
            json.dumps(attrs.asdict(made), default=str)

    def test_evolve_changes_what_is_given_and_keeps_the_rest(self) -> None:
        made = models.VirtualEnvironment.from_dict(BODY)
        assert attrs.evolve(made, id=2).to_dict() == {**BODY, "id": 2}
        assert attrs.evolve(attrs.evolve(made, id=2), name="x").to_dict() == {**BODY, "id": 2, "name": "x"}
        assert attrs.evolve(Renamed.from_dict({"from": "x", "new": 1}), from_="y").to_dict() == {"from": "y", "new": 1}
        extras = {"at": "2025-01-02", "tag": {"id": 1}}
        assert attrs.evolve(Extras.from_dict(extras), id=1).to_dict() == {"id": 1, **extras}
        with pytest.raises(TypeError, match="has no field 'nope'"):
            attrs.evolve(made, nope=1)

    @cases("cls", REQUESTS)
    def test_a_request_sends_what_was_given(self, cls: type[Model]) -> None:
        names = [name for name in attrs.fields_dict(cls) if name != "additional_properties"]
        for name in names:
            assert attrs.evolve(cls(), **{name: None}).to_dict() == {name: None} == cls(**{name: None}).to_dict()
            assert attrs.evolve(cls(**{name: None}), **{name: NOT_GIVEN}).to_dict() == {}
            assert getattr(cls(**{name: None}), name) is None

    def test_asdict_shows_attributes(self) -> None:
        made = models.MessageResponse.from_dict({"message": "x", "more": 1})
        assert attrs.asdict(made) == {"message": "x", "additional_properties": {"more": 1}}

    def test_a_subclass_that_attrs_does_not_know_loses_nothing(self) -> None:
        made = Undecorated(id=1, label="x", region="eu")
        assert attrs.evolve(made, id=2).to_dict() == {"id": 2, "label": "x", "region": "eu"}
        assert attrs.evolve(Undecorated(id=1), id=2).to_dict() == {"id": 2}


class TestAdditionalProperties:
    def test_are_given_by_hand(self) -> None:
        made = Tag(id=1, additional_properties={"new": datetime(2025, 1, 2, tzinfo=UTC), "tag": Tag(id=2)})
        assert made.to_dict() == {"id": 1, "new": "2025-01-02T00:00:00+00:00", "tag": {"id": 2}}
        assert made.evolve(additional_properties={"x": 1}).to_dict() == {"id": 1, "x": 1}
        assert made.evolve(additional_properties={}).to_dict() == {"id": 1}

    def test_are_the_callers_to_change(self) -> None:
        made = Tag.from_dict({"id": 1, "new": 1})
        others = made.additional_properties
        others["more"] = 2
        assert made.to_dict() == {"id": 1, "new": 1}
        assert attrs.evolve(made, additional_properties=others).to_dict() == {"id": 1, "new": 1, "more": 2}
        others.clear()
        assert attrs.evolve(made, additional_properties=others).to_dict() == {"id": 1}

    def test_of_another_model_bring_nothing_else(self) -> None:
        others = Special.from_dict({"id": 1, "label": "x", "new": 1}).additional_properties
        assert Tag(id=2, additional_properties=others).to_dict() == {"id": 2, "new": 1}
        same = Tag.from_dict({"id": 1, "label": "x", "new": 1}).additional_properties
        assert Tag(id=2, additional_properties=same).to_dict() == {"id": 2, "new": 1}
        assert Undecorated(additional_properties=same).to_dict() == {"new": 1}

    def test_copied_they_are_a_dictionary(self) -> None:
        others = Tag.from_dict({"id": 1, "new": 1}).additional_properties
        for made in (copy.copy(others), copy.deepcopy(others), pickle.loads(pickle.dumps(others))):
            assert type(made) is dict
            assert made == others == {"new": 1}

    @cases(
        ("others", "message"),
        [
            ({"id": 1}, r"^Tag\.additional_properties: 'id' is described; give it by its own name$"),
            ([1], r"^Tag\.additional_properties: a mapping is wanted, not a list$"),
            ({1: 2}, r"^Tag\.additional_properties: a key of a JSON object is text, not of type int$"),
            ({"a": {1, 2}}, r"^Tag\.additional_properties: there is no JSON for a value of type set$"),
        ],
    )
    def test_what_cannot_be_added(self, others: Any, message: str) -> None:
        for change in (Tag, Tag().evolve):
            with pytest.raises(TypeError, match=message):
                change(additional_properties=others)

    def test_what_holds_itself(self) -> None:
        endless: list[Any] = []
        endless.append(endless)
        for values in ({"anything": endless}, {"additional_properties": {"a": endless}}):
            with pytest.raises(TypeError, match="nested too deeply, or holds itself"):
                Scalars(**values)


class TestCattrs:
    def test_a_class_that_holds_a_model(self) -> None:
        job = Job(models.VirtualEnvironment.from_dict({"id": 1, "new": 1}))
        plain = cattrs.unstructure(job)
        assert (plain["environment"]["id"], plain["environment"]["additional_properties"]) == (1, {"new": 1})
        assert cattrs.structure({"environment": {"id": 1}}, Job) == Job(models.VirtualEnvironment(id=1))

    @cases("cls", GENERATED)
    def test_every_model(self, cls: type[Model]) -> None:
        made = cls.from_dict({"new": 1})
        again = cattrs.structure(cattrs.unstructure(made), cls)
        assert attrs.asdict(again) == attrs.asdict(made)

    @cases("cls", REQUESTS)
    def test_a_request_sends_no_null_that_nobody_gave(self, cls: type[Model]) -> None:
        made = cls.from_dict({"new": 1})
        assert cattrs.structure(cattrs.unstructure(made), cls).to_dict() == {"new": 1}
        with pytest.raises(TypeError):
            json.dumps(cattrs.unstructure(made))

    def test_through_json(self) -> None:
        converter = make_converter()
        made = models.VirtualEnvironment.from_dict(BODY)
        again = converter.loads(converter.dumps(made), models.VirtualEnvironment)
        assert again.created_at == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
        assert again.versions is not None
        assert again.versions[0].additional_properties == {"other": 1}
        assert again["new"] == [1]


def _made_from_type(cls: type[Model]) -> None:
    made: list[Model] = []

    @settings(max_examples=10, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_type(cls))
    def check(one: Model) -> None:
        assert type(one) is cls
        assert cls.from_dict(json.loads(json.dumps(one.to_dict()))) == one
        made.append(one)

    check()
    assert any(one.to_dict() for one in made)


class TestHypothesis:
    @cases("cls", [Undecorated, Scalars, Containers, Unions, Renamed])
    def test_from_type(self, cls: type[Model]) -> None:
        _made_from_type(cls)

    # They run no line that the models above do not run.
    @pytest.mark.untraced
    @cases("cls", GENERATED)
    def test_from_type_of_a_generated_model(self, cls: type[Model]) -> None:
        _made_from_type(cls)

    @pytest.mark.usefixtures("measured")
    def test_either_may_be_imported_first(self) -> None:
        imports = [
            "from patchworks_core_client.models import Variable",
            "from hypothesis import strategies as st",
        ]
        for order in (imports, imports[::-1]):
            code = "; ".join([*order, "st.from_type(Variable).validate()"])
            subprocess.run([sys.executable, "-c", code], check=True)

    def test_hypothesis_is_told_where_to_look(self) -> None:
        (hook,) = entry_points(group="hypothesis", name="patchworks")
        assert hook.load() is hypothesis_plugin.register


class TestPydantic:
    def test_a_model_in_a_model(self) -> None:
        class Order(BaseModel):
            environment: models.VirtualEnvironment

        made = models.VirtualEnvironment.from_dict(BODY)
        assert Order(environment=made).environment is made
        assert Order.model_validate({"environment": BODY}).environment == made
        assert Order(environment=made).model_dump() == {"environment": BODY}
        assert json.loads(Order(environment=made).model_dump_json()) == {"environment": BODY}
        assert Order.model_json_schema()["properties"]["environment"]["type"] == "object"

    @pytest.mark.parametrize(
        ("value", "message"),
        [({"id": "x"}, "id: int is described, str came"), (3, "from an object of JSON, not from an int")],
    )
    def test_what_is_not_as_described_is_refused(self, value: Any, message: str) -> None:
        with pytest.raises(ValidationError, match=message):
            TypeAdapter(models.VirtualEnvironment).validate_python(value)


def _public_classes() -> Iterator[type]:
    """Every class of the package that a user names or meets: exported, a namespace, or a model."""
    for module in (patchworks_core_client, models, environments, sandbox):
        yield from (each for name in module.__all__ if isinstance(each := getattr(module, name), type))
    for client in (AsyncPatchworks, Patchworks):
        attributes = (type(getattr(client, name)) for name in dir(client) if not name.startswith("_"))
        yield from (cls for cls in attributes if cls.__module__.startswith(api.__name__))


# One class stands for all that have a method from it.
METHODS = {
    f"{cls.__qualname__}.{name}": (cls, name)
    for public in _public_classes()
    for cls in public.__mro__
    for name, member in vars(cls).items()
    if not name.startswith("_") and isinstance(getattr(member, "__func__", member), FunctionType)
    if cls.__module__.startswith("patchworks_core_client")
}
FUNCTIONS = [
    getattr(import_module(module.name), name)
    for module in pkgutil.walk_packages(api.__path__, f"{api.__name__}.")
    for name in ("sync", "sync_detailed", "asyncio", "asyncio_detailed")
    if hasattr(import_module(module.name), name)
]


class TestPublicMethods:
    """Neither of what follows finds the names of this module's imports by chance: see `_elsewhere`."""

    def test_are_all_here(self) -> None:
        assert {"Model.evolve", "ClientBase.with_options", "VirtualEnvironmentsApi.list", "Token.from_json"} < {
            *METHODS
        }
        assert FUNCTIONS

    @pytest.mark.untraced
    @cases(("cls", "name"), [pytest.param(*method, id=name) for name, method in METHODS.items()])
    def test_of_a_class_and_of_an_instance(self, cls: type, name: str) -> None:
        # An instance is not needed to bind a method, as some cannot be made without a server.
        member = vars(cls)[name]
        function = getattr(member, "__func__", member)
        for method in (MethodType(function, cls), getattr(cls, name), function):
            assert "return" in typing.get_type_hints(method)
            inspect.signature(method, eval_str=True)
            _elsewhere(method)

    @pytest.mark.untraced
    @cases("function", [pytest.param(each, id=f"{each.__module__}.{each.__name__}") for each in FUNCTIONS])
    def test_of_an_endpoint_module(self, function: Any) -> None:
        assert "return" in typing.get_type_hints(function)
        inspect.signature(function, eval_str=True)
        _elsewhere(function)

    def test_called_through_pydantic_they_take_what_is_described(self) -> None:
        made = models.VirtualEnvironment(id=1)
        adapter = TypeAdapter(made.from_dict)
        assert adapter.validate_python(ArgsKwargs(({"id": 2},), {"strict": True})) == models.VirtualEnvironment(id=2)
        with pytest.raises(ValidationError, match="valid boolean"):
            adapter.validate_python(ArgsKwargs(({"id": 2},), {"strict": "maybe"}))

    def test_what_pydantic_cannot_check_is_refused_in_a_sentence(self) -> None:
        with pytest.raises(PydanticSchemaGenerationError, match="Set `arbitrary_types_allowed=True`"):
            TypeAdapter(Patchworks.request)


def _elsewhere(method: Any) -> None:
    """Make an adapter, and a checked function, where no name of an annotation is known."""
    allowed = ConfigDict(arbitrary_types_allowed=True)
    scope = {"method": method, "allowed": allowed, "TypeAdapter": TypeAdapter, "validate_call": validate_call}
    exec("TypeAdapter(method, config=allowed); validate_call(method, config=allowed)", scope)  # noqa: S102 - our own line
