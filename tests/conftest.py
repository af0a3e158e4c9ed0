"""What every test folder shares: the choice between the short and the long form of what can take minutes."""

from __future__ import annotations

import functools
import gc
import importlib
import os
import pkgutil
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest
from hypothesis import settings

import patchworks_core_client
import scripts

# How long an example takes depends on what else the machine does.
settings.register_profile("tests", deadline=None, max_examples=20)
settings.register_profile("soak", deadline=None, max_examples=500)
settings.load_profile("tests")

# httpcore looks for it at each of its locks. Python remembers what it has, not what is missing: it would search every
# folder on its path some ten thousand times.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]


# What is collected stays to the end: half of the time of collecting, and later a tenth, would go into looking at it.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


_Tracer = Callable[[FrameType, str, Any], Any]
_COVERAGE = pytest.StashKey[str | None]()
_TRACERS = pytest.StashKey[tuple[_Tracer | None, _Tracer | None]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the long form of the tests marked `soak`")
    choices = ("httpx", "aiohttp")
    parser.addoption("--transport", choices=choices, default="httpx", help="of asynchronous clients that name none")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--soak"):
        settings.load_profile("soak")
    if config.getoption("--transport") == "aiohttp":
        _take_aiohttp()
    # What starts workers only hands out the tests and prints what became of them.
    if not config.getoption("numprocesses", None) or hasattr(config, "workerinput"):
        # Workers are measured, and of other processes those of tests that ask for it: it would take up to three times
        # as long, most of it in programs of others.
        config.stash[_COVERAGE] = os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
        config.stash[_TRACERS] = sys.gettrace(), threading.gettrace()
        if sys.gettrace() is not None and getattr(config, "workerinput", {}).get("workerid", "gw0") == "gw0":
            _import_everything()
    _set_tracers(None, None)


@contextmanager
def _watched(config: pytest.Config) -> Generator[None]:
    before = sys.gettrace(), threading.gettrace()
    _set_tracers(*config.stash[_TRACERS])
    try:
        yield
    finally:
        _set_tracers(*before)


def _set_tracers(here: _Tracer | None, in_new_threads: _Tracer | None) -> None:
    sys.settrace(here)
    threading.settrace(in_new_threads)  # type: ignore[arg-type]


# Watched, everything takes twice as long. So coverage looks where the code of a test runs and nowhere else: not while
# tests are collected and reported, and not into a test marked `untraced`.
@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    # What tests share is made by whichever comes first.
    if fixturedef.scope == "function" and request.node.get_closest_marker("untraced"):
        return (yield)
    with _watched(request.config):
        return (yield)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    if pyfuncitem.get_closest_marker("untraced"):
        return (yield)
    with _watched(pyfuncitem.config):
        return (yield)


def _import_everything() -> None:
    """Run what runs when a module is imported while coverage looks: it does not while tests are collected."""
    for package in (patchworks_core_client, scripts):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(".__main__"):
                importlib.import_module(module.name)


def _take_aiohttp() -> None:
    """Let asynchronous clients send with aiohttp unless a test says what with."""
    from patchworks_core_client import AsyncPatchworks

    make = AsyncPatchworks.__init__

    @functools.wraps(make)
    def make_with_aiohttp(self: AsyncPatchworks, *arguments: Any, **options: Any) -> None:
        if options.get("http_client") is None:
            options.setdefault("transport", "aiohttp")
        make(self, *arguments, **options)

    AsyncPatchworks.__init__ = make_with_aiohttp  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Whether the long form was asked for."""
    return bool(request.config.getoption("--soak"))


@pytest.fixture
def measured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let coverage count what the processes of a test run: nothing else runs it."""
    settings = request.config.stash.get(_COVERAGE, None)
    if settings is not None:
        monkeypatch.setenv("COVERAGE_PROCESS_CONFIG", settings)
