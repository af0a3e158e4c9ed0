"""For every object of JSON: no exception, and key for key what came, compiled or not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from patchworks_core_client import DecodeError, Mismatch, Model, models
from patchworks_core_client._models import model_decoder
from tests.support.cases import cases

from . import examples
from .strategies import documented, mutated, objects

GENERATED = [
    cls for name in models.__all__ if isinstance(cls := getattr(models, name), type) and issubclass(cls, Model)
]
# Of each of some hundred classes, three times.
relaxed = settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def _compile_soon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(model_decoder, "COMPILE_AFTER", 2)
    monkeypatch.setattr(model_decoder, "MAX_COMPILED", 10**9)
    return iter(())


def same(left: Any, right: Any) -> bool:
    """Equality of JSON: NaN is itself, and 1 is neither 1.0 nor true."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def attributes(made: Model) -> dict[str, str]:
    """The attributes with what they print, which tells the types apart."""
    assert repr(made).startswith(type(made).__name__)
    return {name: repr(getattr(made, name)) for name in made.__patchworks_decoder__.names}


def check(cls: type[Model], body: dict[str, Any]) -> None:
    before = json.dumps(body)
    rounds: list[tuple[Model, list[Mismatch]]] = []
    # The first two are not compiled, and the third is decoded by what was compiled then, if that does not give up.
    for _ in range(3):
        found: list[Mismatch] = []
        rounds.append((cls.from_dict(body, on_mismatch=found.append), found))
        quiet = cls.from_dict(body)
        assert same(quiet.to_dict(), body)
        assert attributes(quiet) == attributes(rounds[0][0])
    first, mismatches = rounds[0]
    for made, found in rounds:
        assert same(made.to_dict(), body)
        assert sorted(found) == sorted(mismatches)
        assert attributes(made) == attributes(first)
    assert json.dumps(body) == before
    if mismatches:
        with pytest.raises(DecodeError) as caught:
            cls.from_dict(body, strict=True)
        assert sorted(caught.value.mismatches) == sorted(mismatches)
    else:
        cls.from_dict(body, strict=True)


@pytest.mark.parametrize("classes", [examples.ALL, pytest.param(GENERATED, marks=pytest.mark.untraced)])
@relaxed
@given(body=objects)
def test_any_object_survives(classes: Sequence[type[Model]], body: dict[str, Any]) -> None:
    for cls in classes:
        check(cls, body)


@pytest.mark.untraced
@cases("cls", [*examples.ALL, *GENERATED])
@relaxed
@given(data=st.data())
def test_documented_objects_match(cls: type[Model], data: st.DataObject) -> None:
    body = data.draw(documented(cls))
    check(cls, body)
    cls.from_dict(body, strict=True)


@cases("cls", examples.ALL)
@relaxed
@given(data=st.data())
def test_faulty_objects_survive(cls: type[Model], data: st.DataObject) -> None:
    check(cls, data.draw(mutated(cls)))


@pytest.mark.untraced
@cases("cls", GENERATED)
@relaxed
@given(data=st.data())
def test_faulty_objects_of_generated_models_survive(cls: type[Model], data: st.DataObject) -> None:
    check(cls, data.draw(mutated(cls)))
