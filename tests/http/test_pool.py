"""Connections: how many there are, and which are used again."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks
from tests.support.clients import Open, Transport
from tests.support.clock import FakeClock
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import CLOSE, reply


def test_calls_after_each_other_share_a_connection(driver: Driver, server: FaultServer) -> None:
    for _ in range(5):
        driver.request("GET")
        driver.request("POST", json={})
    assert server.connections == 1


def test_a_status_that_is_no_success_keeps_the_connection(driver: Driver, server: FaultServer) -> None:
    from patchworks_core_client import NotFoundError

    server.default = reply(404, json={"message": "x"})
    for _ in range(3):
        with pytest.raises(NotFoundError):
            driver.request("GET")
    assert server.connections == 1


@pytest.mark.untraced
@pytest.mark.parametrize("limit", [1, 4])
def test_max_connections(open_driver: Open, server: FaultServer, limit: int) -> None:
    driver = open_driver(server.url, max_connections=limit)
    # Before its first answer, a client has few requests under way.
    driver.request("GET")
    server.default = lambda received: [server.after(1 + limit), 0.003, *reply(json=received.path)]
    paths = [f"/{n}" for n in range(20)]
    assert driver.at_once(*(("GET", path) for path in paths)) == paths
    assert server.connections == limit


@pytest.mark.untraced
def test_by_default_a_hundred(open_driver: Open, server: FaultServer) -> None:
    driver = open_driver(server.url)
    # Before its first answer, a client has few requests under way.
    driver.request("GET")
    server.default = [server.after(1 + 100), 0.01, *reply(json=1)]
    assert driver.at_once(*[("GET", "/x")] * 110) == [1] * 110
    assert server.connections == 100


def test_connections_that_are_idle_for_long_are_closed(
    open_driver: Open, server: FaultServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # aiohttp looks at a clock of its own.
    monkeypatch.setattr("aiohttp.connector.monotonic", lambda: time.monotonic() + clock.skipped)
    driver = open_driver(server.url)
    server.default = [server.after(5), *reply(json=1)]
    driver.at_once(*[("GET", "/x")] * 5)
    assert server.open_connections == 5
    clock.skipped += 6
    for _ in range(5):
        driver.request("GET")
    server.wait_for_connections(1)


def test_a_connection_that_the_server_closed_is_not_used_again(driver: Driver, server: FaultServer) -> None:
    server.script([*reply(json=1), CLOSE])
    driver.request("GET")
    server.wait_for_connections(0)
    # httpx finds out when it looks; aiohttp is told, while its loop runs.
    time.sleep(0.03) if driver.kind == "sync" else driver.run(asyncio.sleep(0.03))
    for method in ("POST", "GET"):
        assert driver.request(method) == {"data": {"ok": True}}
    assert server.connections == 2


@pytest.mark.parametrize("headers", [{"Connection": "close"}, {}])
def test_a_connection_that_is_to_be_closed(driver: Driver, server: FaultServer, headers: dict[str, str]) -> None:
    server.default = [*reply(json=1, headers=headers), *([CLOSE] if headers else [])]
    for _ in range(3):
        assert driver.request("POST") == 1
    assert server.connections == (3 if headers else 1)


async def test_those_who_wait_are_served_in_their_order(server: FaultServer, transport: Transport) -> None:
    server.default = [0.01, *reply(json=1)]
    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport, max_connections=1) as pw:
        tasks = []
        for n in range(10):
            tasks.append(asyncio.create_task(pw.request("GET", f"/{n}")))
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
    assert [r.path for r in server.requests] == [f"/{n}" for n in range(10)]


async def test_a_call_that_waits_gets_the_place_of_one_that_failed(server: FaultServer, transport: Transport) -> None:
    server.script([0.05, CLOSE])
    async with AsyncPatchworks(
        api_key="k", base_url=server.url, transport=transport, max_connections=1, max_retries=0
    ) as pw:
        results = await asyncio.gather(pw.request("GET", "/1"), pw.request("GET", "/2"), return_exceptions=True)
    assert isinstance(results[0], Exception)
    assert results[1] == {"data": {"ok": True}}


@pytest.mark.untraced
def test_threads_share_a_client(server: FaultServer) -> None:
    server.default = lambda received: reply(json=received.path)
    with Patchworks(api_key="k", base_url=server.url, max_connections=4) as pw, ThreadPoolExecutor(16) as threads:
        paths = [f"/{n}" for n in range(400)]
        assert list(threads.map(lambda path: pw.request("GET", path), paths)) == paths
    assert server.connections <= 4
