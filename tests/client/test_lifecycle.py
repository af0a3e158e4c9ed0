"""Clients that are closed, copied, used in another loop or process, or left to themselves: an error or it works."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterable, Iterable
from typing import Literal

import pytest

from patchworks_core_client import AsyncPatchworks, ClientStateError, Patchworks
from tests.support.clients import Open
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import STALL, reply

MESSAGE = "the client is closed"


def test_use_after_close(open_driver: Open, server: FaultServer) -> None:
    for used in (True, False):
        driver = open_driver(server.url)
        if used:
            driver.request("GET")
        driver.close_client()
        driver.close_client()
        assert repr(driver.pw).endswith(", closed>")
        with pytest.raises(ClientStateError, match=MESSAGE):
            driver.request("GET")
        with pytest.raises(ClientStateError, match=MESSAGE):
            driver.run(driver.pw.paginate("/x").collect())
        with pytest.raises(ClientStateError, match=MESSAGE):
            driver.run(driver.pw.virtual_environments.get(1))
    assert len(server.requests) == 1
    server.wait_for_connections(0)


def test_a_copy_closes_only_itself(driver: Driver) -> None:
    copy = driver.pw.with_options(timeout=5)
    assert driver.run(copy.request("GET", "/x")) == {"data": {"ok": True}}
    driver.close_client(copy)
    with pytest.raises(ClientStateError, match=MESSAGE):
        driver.run(copy.request("GET", "/x"))
    assert driver.request("GET") == {"data": {"ok": True}}
    other = driver.pw.with_options()
    driver.close_client()
    for client in (other, driver.pw.with_options(), copy.with_options()):
        with pytest.raises(ClientStateError, match=MESSAGE):
            driver.run(client.request("GET", "/x"))


def test_a_copy_changes_nothing_on_the_original(driver: Driver, server: FaultServer) -> None:
    before = driver.pw._calls.options
    copy = driver.pw.with_options(timeout=1, max_retries=7, strict=True, on_mismatch=print, headers={"X-A": "b"})
    again = copy.with_options(timeout=None)
    assert driver.pw._calls.options == before
    assert (copy._calls.options.limits.max_retries, again._calls.options.limits.max_retries) == (7, 7)
    assert again._calls.options.limits.total is None
    assert type(copy) is type(driver.pw)
    driver.run(copy.request("GET", "/x"))
    driver.request("GET")
    assert server.connections == 1, "both use one pool"
    with pytest.raises(ValueError, match="max_retries"):
        driver.pw.with_options(max_retries=-1)
    assert copy.virtual_environments is not driver.pw.virtual_environments


@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
async def test_a_client_that_never_called_is_closed_like_any(transport: Literal["httpx", "aiohttp"]) -> None:
    async with AsyncPatchworks(api_key="key", transport=transport) as pw:
        pass
    with pytest.raises(ClientStateError, match="closed"):
        await pw.virtual_environments.list()


async def test_closing_while_calls_are_under_way(server: FaultServer) -> None:
    server.default = [STALL]
    pw = AsyncPatchworks(api_key="k", base_url=server.url, max_connections=3)
    calls = [asyncio.create_task(pw.request("GET", f"/{n}")) for n in range(6)]
    await asyncio.to_thread(server.wait_for, 3)
    await pw.aclose()
    results = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 5)
    assert [type(result) for result in results] == [ClientStateError] * 6
    assert len(server.requests) == 3


async def test_closing_during_a_wait(server: FaultServer) -> None:
    server.default = reply(429, headers={"Retry-After": "0.2"})
    pw = AsyncPatchworks(api_key="k", base_url=server.url)
    call = asyncio.create_task(pw.request("GET", "/x"))
    await asyncio.to_thread(server.wait_for, 1)
    await asyncio.sleep(0.1)
    await pw.aclose()
    with pytest.raises(ClientStateError):
        await asyncio.wait_for(call, 5)
    assert len(server.requests) == 1


def test_closing_while_a_thread_waits(server: FaultServer) -> None:
    from concurrent.futures import ThreadPoolExecutor

    server.default = reply(429, headers={"Retry-After": "0.2"})
    pw = Patchworks(api_key="k", base_url=server.url)
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(pw.request, "GET", "/x")
        server.wait_for(1)
        time.sleep(0.1)
        pw.close()
        assert isinstance(call.exception(5), ClientStateError)
    assert len(server.requests) == 1


def test_closing_while_threads_are_calling(server: FaultServer) -> None:
    server.default = [STALL]
    pw = Patchworks(api_key="k", base_url=server.url, max_connections=2)
    results: list[BaseException | None] = []

    def call() -> None:
        try:
            pw.request("POST", "/x", timeout=None)
            results.append(None)
        except BaseException as error:
            results.append(error)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    server.wait_for(2)
    pw.close()
    for thread in threads:
        thread.join(2)
    assert [type(result) for result in results] == [ClientStateError] * 4
    assert len(server.requests) == 2


def test_making_a_client_is_cheap_and_lasts_no_thread(server: FaultServer) -> None:
    before = threading.active_count()
    for _ in range(100):
        Patchworks(api_key="k", base_url=server.url)
    assert threading.active_count() == before


async def test_the_wrong_kind_of_with() -> None:
    with pytest.raises(TypeError, match="is used with `async with`"), AsyncPatchworks(api_key="k"):  # type: ignore[attr-defined]
        raise AssertionError("entered")
    with pytest.raises(TypeError, match="the client for `async with` is AsyncPatchworks"):
        async with Patchworks(api_key="k"):  # type: ignore[attr-defined]
            raise AssertionError("entered")


async def test_the_wrong_kind_of_loop() -> None:
    paginator = AsyncPatchworks(api_key="k").paginate("/x")
    with pytest.raises(TypeError, match="is read with `async for`"):
        [item for item in paginator]  # type: ignore[attr-defined]  # noqa: C416 - what a slip looks like
    with pytest.raises(TypeError, match=r"await paginator.collect\(\)"):
        list(paginator)  # type: ignore[call-overload]
    assert not isinstance(paginator, Iterable), "what takes either kind has to see that it is the other"
    assert isinstance(paginator, AsyncIterable)


async def test_what_namespaces_and_paginators_print() -> None:
    with Patchworks(api_key="k") as pw:
        assert repr(pw.virtual_environments) == f"<VirtualEnvironmentsApi of {pw!r}>"
        assert repr(pw.paginate("/api/v1/flows/17?q=s3cret")) == "<Paginator GET /api/v1/flows/{}>"
    async with AsyncPatchworks(api_key="k") as apw:
        assert repr(apw.virtual_environments) == f"<AsyncVirtualEnvironmentsApi of {apw!r}>"
        versions = apw.virtual_environments.list_versions("s3cret-1", params={"q": "s3cret"})
        assert repr(versions) == "<AsyncPaginator GET /api/v1/virtual-environments/{}/versions>"
