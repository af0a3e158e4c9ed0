"""What the first call needs is made ready before it, away from the event loop."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from patchworks_core_client import AsyncPatchworks, ClientStateError, Patchworks
from tests.support.clients import Transport
from tests.support.fault_server import FaultServer
from tests.support.replies import reply

ROOT = Path(__file__).resolve().parents[2]

# What is imported, and in which thread, from `async with` to the end of a first list.
FIRST_LIST = """
import asyncio, sys, threading
from patchworks_core_client import AsyncPatchworks

class Watch:
    def find_spec(self, name, path=None, target=None):
        if threading.current_thread() is threading.main_thread():
            late.append(name)

late = []

async def main(url, transport, way):
    pw = AsyncPatchworks(api_key="k", base_url=url, transport=transport)
    sys.meta_path.insert(0, Watch())
    if way == "prepare":
        await pw.prepare()
        await pw.prepare()
    else:
        await pw.__aenter__()
    before = len(late)
    await pw.virtual_environments.list().collect()
    await pw.aclose()
    print(*late[before:])

asyncio.run(main(*sys.argv[1:]))
"""

LIGHT = ("patchworks_core_client.generated", "encodings", "_strptime")


@pytest.mark.soak
@pytest.mark.parametrize(("transport", "way"), [("httpx", "async with"), ("aiohttp", "prepare")])
def test_the_first_list_imports_no_library(server: FaultServer, transport: Transport, way: str, soak: bool) -> None:
    server.default = reply(json={"data": [{"id": 1, "name": "UK"}], "meta": {"last_page": 1}})
    for tried in ("async with", "prepare") if soak else (way,):
        command = [sys.executable, "-c", FIRST_LIST, server.url, transport, tried]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        late = {name.partition(".")[0] for name in done.stdout.split()}
        assert not late & {"httpx", "httpcore", "anyio", "h11", "aiohttp", "yarl", "ssl", "email", "logging"}, (
            done.stdout
        )
        ours = [name for name in done.stdout.split() if name.startswith("patchworks_core_client.")]
        assert not [name for name in ours if "._http." in name or "._session." in name or "._pagination." in name]


async def test_certificates_are_loaded_in_a_thread(
    monkeypatch: pytest.MonkeyPatch, secure: FaultServer, transport: Transport
) -> None:
    from patchworks_core_client._http import tls

    threads: list[threading.Thread] = []
    original = tls.context_for

    def context_for(verify: Any) -> Any:
        threads.append(threading.current_thread())
        return original(verify)

    monkeypatch.setattr(tls, "context_for", context_for)
    async with AsyncPatchworks(api_key="k", base_url=secure.url, verify=False, transport=transport) as pw:
        await pw.request("GET", "/x")
        await pw.request("GET", "/x")
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()
    assert len(secure.requests) == 2


async def test_nothing_is_sent_by_it(server: FaultServer) -> None:
    async with AsyncPatchworks(api_key="k", base_url=server.url) as pw:
        await pw.prepare()
        Patchworks(api_key="k", base_url=server.url).prepare()
        assert server.connections == 0


async def test_a_closed_client_is_not_made_ready(server: FaultServer) -> None:
    pw = AsyncPatchworks(api_key="k", base_url=server.url)
    await pw.aclose()
    with pytest.raises(ClientStateError):
        await pw.prepare()
    other = Patchworks(api_key="k", base_url=server.url)
    other.close()
    with pytest.raises(ClientStateError):
        other.prepare()


def test_with_your_own_client_there_is_little_to_do(server: FaultServer) -> None:
    import httpx

    with httpx.Client() as mine, Patchworks(api_key="k", base_url=server.url, http_client=mine) as pw:
        pw.prepare()
        assert pw.request("GET", "/x") == {"data": {"ok": True}}
