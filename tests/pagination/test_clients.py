"""Lists of both clients, over real sockets."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from patchworks_core_client import APITimeoutError, AsyncPatchworks, NotFoundError, Page, PaginationError, Patchworks
from tests.support.api_server import ApiServer, api_server


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with api_server() as server:
        server.valid.add("key")
        yield server


def pages(server: ApiServer) -> list[str | None]:
    return [call[2].get("page") for call in server.calls]


class AsyncLists:
    def __init__(self, server: ApiServer) -> None:
        self._server = server

    def read(self, path: str | None = None, *, stop: int | None = None, **arguments: Any) -> tuple[list[Any], Any]:
        async def run() -> tuple[list[Any], Any]:
            items: list[Any] = []
            async with AsyncPatchworks(api_key="key", base_url=self._server.url) as pw:
                paginator: Any = (
                    pw.virtual_environments.list(**arguments) if path is None else pw.paginate(path, **arguments)
                )
                try:
                    async for item in paginator:
                        items.append(item if path else item.id)
                        if len(items) == stop:
                            break
                except Exception as error:
                    return items, error
            return items, None

        return asyncio.run(run())


class SyncLists:
    def __init__(self, server: ApiServer) -> None:
        self._server = server

    def read(self, path: str | None = None, *, stop: int | None = None, **arguments: Any) -> tuple[list[Any], Any]:
        items: list[Any] = []
        with Patchworks(api_key="key", base_url=self._server.url) as pw:
            paginator: Any = (
                pw.virtual_environments.list(**arguments) if path is None else pw.paginate(path, **arguments)
            )
            try:
                for item in paginator:
                    items.append(item if path else item.id)
                    if len(items) == stop:
                        break
            except Exception as error:
                return items, error
        return items, None


@pytest.fixture(params=[AsyncLists, SyncLists], ids=["async", "sync"])
def lists(request: pytest.FixtureRequest, server: ApiServer) -> Any:
    return request.param(server)


def test_all_pages_of_an_operation(lists: Any, server: ApiServer) -> None:
    assert lists.read(filter_name="x", include=["labels", "versions"]) == (list(range(1, 96)), None)
    assert sorted(pages(server)[1:], key=lambda page: int(page or 0)) == [str(n) for n in range(2, 11)]
    for _, path, query, _ in server.calls:
        assert path == "/api/v1/virtual-environments"
        assert query["filter[name]"] == "x"
        assert query["include"] == "labels,versions"


@pytest.mark.parametrize("arguments", [{"page": 8}, {"params": {"page": 8}}, {"params": {"page": "8"}, "page": 2}])
def test_the_start_page(lists: Any, server: ApiServer, arguments: dict[str, Any]) -> None:
    assert lists.read(**arguments) == (list(range(71, 96)), None)
    assert sorted(pages(server), key=str) == ["10", "8", "9"]


def test_a_list_that_has_no_method_yet(lists: Any, server: ApiServer) -> None:
    items, error = lists.read("/api/v1/flows", params={"per_page": 10, "filter[name]": "x"})
    assert error is None
    assert items == server.rows
    assert {call[1] for call in server.calls} == {"/api/v1/flows"}
    assert {call[2]["filter[name]"] for call in server.calls} == {"x"}


@pytest.mark.parametrize("form", ["simple", "cursor"])
def test_lists_that_are_only_linked(lists: Any, server: ApiServer, form: str) -> None:
    name = "page" if form == "simple" else "cursor"

    def answer(path: str, query: dict[str, str]) -> Any:
        number = int(query.get(name, 1))
        link = f"{server.url}{path}?{name}={number + 1}" if number < 10 else None
        return 200, {}, {"data": server.rows[number * 10 - 10 : number * 10], "links": {"next": link}}

    server.answer_call = answer
    assert lists.read() == (list(range(1, 96)), None)
    assert [call[2].get(name) for call in server.calls] == [None, *(str(n) for n in range(2, 11))]


def test_a_link_to_another_server_gets_nothing(lists: Any, server: ApiServer) -> None:
    with api_server() as other:
        for link in (f"{other.url}/api/v1/virtual-environments?page=2", f"//127.0.0.1:{other.server_port}/x?page=2"):
            server.answer_call = lambda *_, link=link: (
                200,
                {},
                {"data": [{"id": 1}], "meta": {"current_page": 1, "last_page": 2}, "links": {"next": link}},
            )
            items, error = lists.read()
            assert items == [1]
            assert isinstance(error, PaginationError)
        assert other.calls == []
    assert len(server.calls) == 2


def test_an_error_surfaces_at_its_page(lists: Any, server: ApiServer) -> None:
    server.answer_call = lambda path, query: (404, {}, {"message": "gone"}) if query.get("page") == "4" else None
    items, error = lists.read()
    assert items == list(range(1, 31))
    assert isinstance(error, NotFoundError)


def test_each_page_has_the_time_of_a_call(lists: Any, server: ApiServer) -> None:
    # Imports are there before the little time begins.
    lists.read(stop=1)
    server.delay = lambda path, query: 0.08
    assert lists.read(timeout=0.7, concurrency=1) == (list(range(1, 96)), None)
    over = threading.Event()

    def delay(path: str, query: dict[str, str]) -> float:
        if query.get("page") == "3":
            over.wait(20)
        return 0.0

    server.delay = delay
    items, error = lists.read(timeout=0.5, params={"x": 1})
    over.set()
    assert items == list(range(1, 21))
    assert isinstance(error, APITimeoutError)


def test_leaving_early(lists: Any, server: ApiServer) -> None:
    server.delay = lambda path, query: 0.0 if query.get("page", "1") in "12" else 0.1
    before = threading.active_count()
    assert lists.read(stop=12) == (list(range(1, 13)), None)
    deadline = time.monotonic() + 5.0
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)


def test_leaving_early_does_not_wait_for_a_retry(lists: Any, server: ApiServer) -> None:
    """A page ahead that the server has put off is not worth waiting for."""
    answers: list[str] = []

    def answer(path: str, query: dict[str, str]) -> Any:
        if query.get("page", "1") not in "12":
            answers.append(query["page"])
            return 503, {"retry-after": "20"}, {}
        return None

    server.answer_call = answer
    items, error = lists.read(stop=15)
    assert (items, error) == (list(range(1, 16)), None)
    assert len(answers) == len(set(answers)), "none was asked for again"


async def test_the_first_page_and_all_pages(server: ApiServer) -> None:
    async with AsyncPatchworks(api_key="key", base_url=server.url) as pw:
        paginator = pw.virtual_environments.list()
        page = await paginator
        assert isinstance(page, Page)
        assert (page.current_page, page.last_page, page.per_page, page.total) == (1, 10, 10, 95)
        assert [page.current_page async for page in paginator.pages()] == list(range(1, 11))
        assert len(server.calls) == 10
        assert [item.id for item in await paginator.collect(25)] == list(range(1, 26))
        assert len(server.calls) == 13
    with Patchworks(api_key="key", base_url=server.url) as sync:
        again = sync.virtual_environments.list()
        assert again.first_page() == page
        assert [page.current_page for page in again.pages()] == list(range(1, 11))
        assert len(again.collect()) == 95


@pytest.mark.untraced
async def test_pages_ahead_that_are_cancelled_leave_the_client_as_it_was(server: ApiServer) -> None:
    async with AsyncPatchworks(api_key="key", base_url=server.url) as pw:
        for _ in range(5):
            async for _item in pw.virtual_environments.list():
                break
            assert len(await pw.virtual_environments.list().collect()) == 95
        await asyncio.sleep(0)
    current = asyncio.current_task()
    assert [task for task in asyncio.all_tasks() if task is not current] == []


async def test_a_call_that_is_cancelled_at_its_very_end_harms_no_other(
    server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connection was given back as if nothing had happened, and the next call on it waited for ever."""
    closing, close = asyncio.Event(), httpx.Response.aclose

    async def aclose(response: httpx.Response) -> None:
        closing.set()
        await asyncio.sleep(0.02)
        await close(response)

    # Only this transport closes a response of httpx.
    async with AsyncPatchworks(api_key="key", base_url=server.url, timeout=5.0, transport="httpx") as pw:
        await pw.request("GET", "/api/v1/flows")
        with monkeypatch.context() as patched:
            patched.setattr(httpx.Response, "aclose", aclose)
            call = asyncio.create_task(pw.request("GET", "/api/v1/flows"))
            await closing.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        assert (await pw.request("GET", "/api/v1/flows"))["meta"]["current_page"] == 1
