"""Fixtures of tests that drive a client: both of them, the asynchronous one with each transport."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import pytest

from tests.support.clock import FakeClock
from tests.support.driver import KINDS, Driver, Kind
from tests.support.fault_server import FaultServer

Open = Callable[..., Driver]
Transport = Literal["httpx", "aiohttp"]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment of the test run says is none of the tests' business."""
    for name in ("API_KEY", "USERNAME", "PASSWORD", "BASE_URL", "LOGIN_URL", "LOG"):
        monkeypatch.delenv(f"PATCHWORKS_{name}", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A server that does what it is told."""
    with FaultServer() as running:
        yield running


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Waits of the client that take no time, and are written down."""
    return FakeClock(monkeypatch)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each client, the asynchronous one with each transport."""
    chosen: Kind = request.param
    return chosen


@pytest.fixture(params=["httpx", "aiohttp"])
def transport(request: pytest.FixtureRequest) -> Transport:
    """Each transport of the asynchronous client."""
    chosen: Transport = request.param
    return chosen


@pytest.fixture
def open_driver(kind: Kind) -> Iterator[Open]:
    """Makes drivers of that kind, and closes them in the end."""
    drivers: list[Driver] = []

    def make(base_url: str, **options: object) -> Driver:
        driver = Driver(kind, base_url, **options)
        drivers.append(driver)
        return driver

    yield make
    for driver in drivers:
        driver.close()


@pytest.fixture
def driver(open_driver: Open, server: FaultServer) -> Driver:
    """A client of the server, in all its kinds."""
    return open_driver(server.url)
