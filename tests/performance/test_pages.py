"""What reading a list costs: requests, pages on their way, and items in memory."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks
from patchworks_core_client.models import VirtualEnvironment
from tests.support.fault_server import FaultServer
from tests.support.replies import Received, Steps, reply

pytestmark = pytest.mark.untraced

PAGES = 24
PER_PAGE = 20


class Pages:
    """Answers with pages, slowly, and notes how many were asked for and not yet given.

    Attributes:
        together: how many have to be asked for before the second one is given.
        numbers: of all that were asked for.
        most: of those that were asked for and not yet given.
    """

    def __init__(self) -> None:
        self.together = 1
        self.numbers: list[int] = []
        self.most = 0
        self._under_way = 0
        self._lock = threading.Lock()

    def __call__(self, request: Received) -> Steps:
        number = int(dict(request.query).get("page", "1"))
        data = [{"id": number * 100 + n, "name": "UK"} for n in range(PER_PAGE)]
        meta = {"current_page": number, "last_page": PAGES, "per_page": PER_PAGE, "total": PAGES * PER_PAGE}
        with self._lock:
            self.numbers.append(number)
            self._under_way += 1
            self.most = max(self.most, self._under_way)
        pauses: Steps = [lambda: number == 1 or self.most >= self.together, 0.005]
        return _Answer(self, [*pauses, *reply(json={"data": data, "meta": meta})])

    def given(self) -> None:
        with self._lock:
            self._under_way -= 1


class _Answer(list[Any]):
    """Steps that tell when the pauses are over."""

    def __init__(self, pages: Pages, steps: Steps) -> None:
        super().__init__(steps)
        self._pages = pages

    def __iter__(self) -> Iterator[Any]:
        *pauses, answer = list(super().__iter__())
        yield from pauses
        self._pages.given()
        yield answer


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def server(pages: Pages) -> Iterator[FaultServer]:
    with FaultServer(pages) as running:
        yield running


def living() -> int:
    return sum(type(thing) is VirtualEnvironment for thing in gc.get_objects())


@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
@pytest.mark.parametrize("concurrency", [1, 3, 8])
async def test_so_many_pages_are_on_their_way(
    server: FaultServer, pages: Pages, transport: Any, concurrency: int
) -> None:
    pages.together = concurrency
    async with AsyncPatchworks(api_key="key", base_url=server.url, transport=transport) as pw:
        items = [item.id async for item in pw.virtual_environments.list(concurrency=concurrency)]
    assert len(items) == PAGES * PER_PAGE
    assert sorted(pages.numbers) == list(range(1, PAGES + 1))
    assert pages.most == concurrency


def test_so_many_pages_are_on_their_way_in_threads(server: FaultServer, pages: Pages) -> None:
    pages.together = 8
    with Patchworks(api_key="key", base_url=server.url) as pw:
        items = [item.id for item in pw.virtual_environments.list(concurrency=8)]
    assert len(items) == PAGES * PER_PAGE
    assert sorted(pages.numbers) == list(range(1, PAGES + 1))
    assert pages.most == 8


async def test_pages_ahead_are_not_decoded_before_their_turn(server: FaultServer) -> None:
    before, most = living(), 0
    async with AsyncPatchworks(api_key="key", base_url=server.url) as pw:
        async for page in pw.virtual_environments.list().pages():
            assert len(page) == PER_PAGE
            if page.current_page in (2, 9, 16):
                most = max(most, living() - before)
    # The page that is read, and the one before it, which the loop has not let go yet.
    assert most <= 2 * PER_PAGE


def test_nor_in_the_synchronous_client(server: FaultServer) -> None:
    before, most = living(), 0
    with Patchworks(api_key="key", base_url=server.url) as pw:
        for page in pw.virtual_environments.list().pages():
            assert len(page) == PER_PAGE
            if page.current_page in (2, 9, 16):
                most = max(most, living() - before)
    assert most <= 2 * PER_PAGE
