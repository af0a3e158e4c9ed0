"""Nesting deeper than Python's stack: decoded as far as it goes, reported, and given back whole."""

from __future__ import annotations

import copy
import gc
import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest

from patchworks_core_client import Mismatch
from patchworks_core_client._models import model_decoder
from tests.support.cases import cases

from .examples import Containers, Unions

DEPTH = 5_000


def nested(depth: int, wrap: Callable[[Any], Any]) -> dict[str, Any]:
    body: Any = {"anything": 1}
    for _ in range(depth):
        body = wrap(body)
    assert isinstance(body, dict)
    return body


def depth_of(value: Any) -> int:
    """How deep objects and lists are nested, without recursion."""
    depth = 0
    while isinstance(value, dict | list) and value:
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
        depth += 1
    return depth


WRAPS: dict[str, tuple[type[Any], Callable[[Any], Any], int]] = {
    "model": (Containers, lambda inner: {"itself": inner}, 1),
    "list": (Unions, lambda inner: {"tree": [inner]}, 2),
    "union": (Unions, lambda inner: {"tree": inner}, 1),
    "free": (Containers, lambda inner: {"free": inner}, 1),
    "unknown": (Containers, lambda inner: {"other": [inner]}, 2),
}


@pytest.fixture(scope="module", autouse=True)
def no_garbage_of_others() -> None:
    """Take away what other tests left: its finalizers would run, and fail, where no stack is left for them."""
    gc.collect()


@pytest.fixture(params=[1, 10**9], ids=["compiled", "not-compiled"])
def compile_after(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_decoder, "COMPILE_AFTER", request.param)
    for cls in (Containers, Unions):
        monkeypatch.setattr(cls, "__patchworks_decoder__", model_decoder.ModelDecoder(cls))


@pytest.mark.untraced
@pytest.mark.usefixtures("compile_after")
@cases("form", WRAPS)
def test_any_depth_is_survived(form: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.clear()
    cls, wrap, levels = WRAPS[form]
    body = nested(DEPTH, wrap)
    # The second time, the compiled decoder is there.
    for _ in range(2):
        made = cls.from_dict(body)
        assert depth_of(made.to_dict()) == levels * DEPTH + 1
        assert len(repr(made)) < 2_000
        found: list[Mismatch] = []
        assert depth_of(cls.from_dict(body, on_mismatch=found.append).to_dict()) == levels * DEPTH + 1
        assert len(found) == (0 if form in {"free", "unknown"} else 1)
        assert all(mismatch.got == "nesting too deep" for mismatch in found)


@pytest.mark.usefixtures("compile_after")
def test_a_body_as_deep_as_the_parser_reads(caplog: pytest.LogCaptureFixture) -> None:
    depth = sys.getrecursionlimit() - 300
    for _ in range(2):
        body = json.loads('{"itself":' * depth + "{}" + "}" * depth)
        assert depth_of(Containers.from_dict(body).to_dict()) == depth


@pytest.mark.usefixtures("compile_after")
@cases("room", range(5, 120, 5))
def test_little_of_the_stack_is_left(room: int) -> None:
    body = nested(60, lambda inner: {"tag": {"id": 1}, "itself": inner, "tags": [{"id": 1}], "by_name": None})
    for _ in range(2):
        Containers.from_dict(body)

    def at_depth(left: int) -> Any:
        return at_depth(left - 1) if left else Containers.from_dict(body)

    frames = 0
    frame: Any = sys._getframe()
    while frame:
        frames, frame = frames + 1, frame.f_back
    try:
        made = at_depth(sys.getrecursionlimit() - frames - room)
    except RecursionError:
        assert room < 40
    else:
        assert made.to_dict() == body


def test_what_is_too_deep_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "patchworks_core_client")
    body = nested(DEPTH, lambda inner: {"itself": inner})
    for _ in range(3):
        Containers.from_dict(body)
    told = [record.getMessage() for record in caplog.records if "nesting too deep" in record.getMessage()]
    assert len(told) <= 1


def test_a_shallow_copy_of_something_deep() -> None:
    made = Containers.from_dict(nested(DEPTH, lambda inner: {"itself": inner}))
    assert depth_of(copy.copy(made).to_dict()) == DEPTH + 1
