"""What the transports have in common, and what is imported for them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from patchworks_core_client import (
    APIConnectionError,
    AsyncPatchworks,
    PatchworksError,
)
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.fault_server import FaultServer
from tests.support.replies import reply


def test_aiohttp_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "patchworks_core_client._http.aiohttp_connection", raising=False)
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    with pytest.raises(PatchworksError, match=r"pip install .patchworks-core-client\[aiohttp\]"):
        AsyncPatchworks(api_key="k", transport="aiohttp")


async def test_no_transport_keeps_cookies(server: FaultServer) -> None:
    for transport in ("httpx", "aiohttp"):
        url = server.url.replace("127.0.0.1", "localhost")
        server.default = reply(json=1, headers=[("Set-Cookie", "session=1; Path=/"), ("Set-Cookie", "x=2")])
        async with AsyncPatchworks(api_key="k", base_url=url, transport=transport) as pw:
            await pw.request("GET", "/x")
            await pw.request("GET", "/x")
    assert [r.header("cookie") for r in server.requests] == [None] * 4


def modules_after(statement: str) -> set[str]:
    """The modules that a program has imported after this."""
    script = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


HEAVY = {"httpx", "httpcore", "asyncio", "anyio", "ssl", "attr", "logging", "email", "http", "aiohttp", "orjson"}


@pytest.mark.parametrize(
    "statement", ["import patchworks_core_client", "from patchworks_core_client import AsyncPatchworks"]
)
def test_what_an_import_imports(statement: str) -> None:
    assert modules_after(statement) & HEAVY == set()


def test_making_a_client_imports_no_httpx() -> None:
    modules = modules_after(
        "from patchworks_core_client import AsyncPatchworks, Patchworks; "
        "Patchworks(api_key='k'); AsyncPatchworks(api_key='k').virtual_environments"
    )
    assert modules & {"httpx", "asyncio", "ssl", "logging"} == set()


def test_a_host_that_nobody_knows(open_driver: Open, clock: FakeClock) -> None:
    driver = open_driver("https://nowhere.invalid", max_retries=0)
    with pytest.raises(APIConnectionError, match=r"could not connect to https://nowhere\.invalid.* had no effect"):
        driver.request("POST")
