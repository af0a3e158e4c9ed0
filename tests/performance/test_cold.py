"""What a program waits for before its first answer: modules, and certificates."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.performance.counting import imported
from tests.support.fault_server import FaultServer
from tests.support.ports import closed_port
from tests.support.replies import reply

PACKAGE = "patchworks_core_client"
# Each of these costs a program 1 to 50 ms.
HEAVY = {
    *("aiohttp", "anyio", "asyncio", "attr", "certifi", "dataclasses", "datetime", "dateutil", "email", "hashlib"),
    *("httpcore", "httpx", "inspect", "ipaddress", "json", "logging", "opentelemetry", "orjson", "socket", "ssl"),
    *("threading", "urllib.parse", "urllib.request"),
}
# What a client that is made needs besides, to look at its arguments.
OF_A_CLIENT = {"dataclasses", "datetime", "inspect", "ipaddress", "json", "orjson", "threading", "urllib.parse"}
# What a call with a key does not need, of either client.
WITHOUT_NEED = {
    "sync": ("_auth.login", "_auth.sync_login", "_session.async_session", "_pagination.page", "_limits.rate"),
    "async": ("_auth.login", "_auth.async_login", "_session.sync_session", "_limits.rate", "_limits.limit_state"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with FaultServer(reply(json={"data": {"id": 1, "name": "UK"}})) as running:
        yield running


def ours(modules: set[str]) -> set[str]:
    return {module for module in modules if module.startswith(PACKAGE)}


def test_importing_the_clients_imports_nothing_else() -> None:
    modules = imported(f"from {PACKAGE} import AsyncPatchworks, Patchworks")
    assert not modules & HEAVY
    # The rooms on the way to it count as well.
    assert len(ours(modules)) <= 18


def test_importing_an_error_imports_no_client() -> None:
    modules = imported(f"from {PACKAGE} import RateLimitError, Response")
    assert f"{PACKAGE}._client.base" not in modules
    assert not modules & {"httpx", "asyncio", "attr"}


@pytest.mark.parametrize("client", ["AsyncPatchworks", "Patchworks"])
def test_making_a_client_imports_no_transport(client: str) -> None:
    modules = imported(f"from {PACKAGE} import {client}\n{client}(api_key='key')")
    assert modules & HEAVY <= OF_A_CLIENT
    assert not any(module.startswith(f"{PACKAGE}._http.async_transport") for module in modules)


def test_the_first_call_imports_what_it_needs(server: FaultServer) -> None:
    modules = imported(
        f"from {PACKAGE} import Patchworks\n"
        "with Patchworks(api_key='key', base_url=sys.argv[1]) as pw:\n"
        "    assert pw.virtual_environments.get(1).name == 'UK'",
        server.url,
    )
    assert "httpx" in modules
    # A synchronous program has no use for asyncio, a key none for a login, and nobody for a client of httpx's own, or
    # the tracing that is not installed.
    assert not modules & {"asyncio", "aiohttp", "dateutil", "opentelemetry"}
    assert not modules & {f"{PACKAGE}.{name}" for name in WITHOUT_NEED["sync"]}
    models = {module for module in modules if module.startswith(f"{PACKAGE}.generated.models.")}
    assert models == {f"{PACKAGE}.generated.models.virtual_environment"}
    assert len(ours(modules)) <= 79


def test_the_first_asynchronous_call_imports_what_it_needs(server: FaultServer) -> None:
    modules = imported(
        f"import asyncio\nfrom {PACKAGE} import AsyncPatchworks\n"
        "async def main():\n"
        "    async with AsyncPatchworks(api_key='key', base_url=sys.argv[1]) as pw:\n"
        "        assert (await pw.virtual_environments.get(1)).name == 'UK'\n"
        "asyncio.run(main())",
        server.url,
    )
    assert not modules & {"aiohttp", "dateutil", "opentelemetry"}
    assert not modules & {f"{PACKAGE}.{name}" for name in WITHOUT_NEED["async"]}
    # Among them the paginator, which a first list would otherwise import in the event loop.
    assert len(ours(modules)) <= 92


LOADS = """
import json, ssl, sys
loads = []
original = ssl.SSLContext.load_verify_locations
def load(self, *args, **kwargs):
    loads.append(1)
    return original(self, *args, **kwargs)
ssl.SSLContext.load_verify_locations = load
ssl.SSLContext.load_default_certs = lambda *args: loads.append(1)

from patchworks_core_client import APIConnectionError, Patchworks
counts = []
for url in sys.argv[1:]:
    pw = Patchworks(api_key="key", base_url=url, max_retries=0)
    for _ in range(3):
        try:
            pw.virtual_environments.get(1)
        except APIConnectionError:
            pass
        counts.append(len(loads))
    pw.close()
print(json.dumps(counts))
"""


def test_certificates_are_loaded_for_the_first_https_call_and_never_again(server: FaultServer) -> None:
    # Nobody answers there: a context is made all the same.
    command = [sys.executable, "-I", "-c", LOADS, server.url, f"https://127.0.0.1:{closed_port()}"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    assert json.loads(run.stdout) == [0, 0, 0, 1, 1, 1]
