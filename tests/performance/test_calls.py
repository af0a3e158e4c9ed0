"""What a warm call costs, counted in calls of functions, requests and connections."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks
from tests.support.fault_server import FaultServer
from tests.support.replies import reply

pytestmark = pytest.mark.untraced

ROOT = Path(__file__).resolve().parents[2]
ITEM = {"id": 1, "name": "UK", "created_at": "2026-01-05T09:30:00.000000Z"}


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(reply(json={"data": ITEM})) as running:
        yield running


# In an interpreter of its own: other tests leave listeners behind, of logs and of traces.
COUNT = """
import sys
from patchworks_core_client import Patchworks
from tests.performance.counting import package_calls

with Patchworks(api_key="key", base_url=sys.argv[1]) as pw:
    # After a hundred objects of one form a decoder was compiled for it.
    for _ in range(120):
        pw.virtual_environments.get(1)
    counts = package_calls(lambda: pw.virtual_environments.get(1))
print(counts.total(), counts.most_common(20))
"""


def test_a_call_goes_through_few_functions(server: FaultServer) -> None:
    command = [sys.executable, "-c", COUNT, server.url]
    run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    total, _, most = run.stdout.partition(" ")
    # A call of a function is some 60 ns; one more layer for every part of a call is not.
    assert int(total) <= 145, most


# In an interpreter of its own: decoders are compiled for a limited number of forms, and other tests show many.
COUNT_PAGES = """
import sys
from patchworks_core_client import Patchworks
from tests.performance.counting import package_calls

for url in sys.argv[1:]:
    with Patchworks(api_key="key", base_url=url) as pw:
        for _ in range(3):
            pw.virtual_environments.list().first_page()
        print(package_calls(lambda: pw.virtual_environments.list().first_page()).total())
"""


def page(items: int) -> Any:
    return reply(json={"data": [ITEM | {"id": n} for n in range(items)], "meta": {"last_page": 1}})


def test_an_item_of_a_page_costs_one_call() -> None:
    with FaultServer(page(100)) as large, FaultServer(page(50)) as small:
        command = [sys.executable, "-c", COUNT_PAGES, large.url, small.url]
        run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    hundred, fifty = map(int, run.stdout.split())
    assert hundred - fifty == 50


def test_calls_in_turn_share_a_connection_and_a_transport(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[httpx.BaseTransport] = []
    original = httpx.HTTPTransport

    def transport(**options: Any) -> httpx.BaseTransport:
        made.append(original(**options))
        return made[-1]

    monkeypatch.setattr(httpx, "HTTPTransport", transport)
    with Patchworks(api_key="key", base_url=server.url) as pw:
        for _ in range(50):
            pw.virtual_environments.get(1)
    assert (len(server.requests), server.connections, len(made)) == (50, 1, 1)


@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
async def test_a_hundred_calls_take_no_more_connections_than_allowed(server: FaultServer, transport: Any) -> None:
    server.default = [0.01, *reply(json={"data": ITEM})]
    async with AsyncPatchworks(api_key="key", base_url=server.url, transport=transport, max_connections=10) as pw:
        await asyncio.gather(*(pw.virtual_environments.get(1) for _ in range(100)))
        await asyncio.gather(*(pw.virtual_environments.get(1) for _ in range(100)))
    assert len(server.requests) == 200
    assert server.connections == 10
    # Every connection was kept and used again.
    assert all(sum(r.connection == number for r in server.requests) > 1 for number in range(10))


def test_threads_take_no_more_connections_than_allowed(server: FaultServer) -> None:
    server.default = [0.01, *reply(json={"data": ITEM})]
    with Patchworks(api_key="key", base_url=server.url, max_connections=5) as pw:
        threads = [threading.Thread(target=pw.virtual_environments.get, args=(1,)) for _ in range(25)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(server.requests), server.connections) == (25, 5)
