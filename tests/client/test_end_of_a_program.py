"""A program that ends, whatever it left open, complains of nothing."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import textwrap

import pytest

from patchworks_core_client import AsyncPatchworks
from tests.support.clients import Transport
from tests.support.fault_server import FaultServer
from tests.support.replies import STALL, Steps, reply


def run_script(server: FaultServer, script: str) -> subprocess.CompletedProcess[str]:
    """Run a program that talks to the server, with every warning shown."""
    return subprocess.run(
        [sys.executable, "-X", "dev", "-W", "always", "-c", script],
        env={**os.environ, "PATCHWORKS_API_KEY": "k", "PATCHWORKS_BASE_URL": server.url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# What a program may leave behind, by itself in the long form and all of it at once in the short one.
ASYNC_ENDS = {
    "closed": """
        async with AsyncPatchworks(transport=TRANSPORT) as pw:
            await asyncio.gather(*(pw.request("GET", "/x") for _ in range(5)))
    """,
    "left open": """
        global left_open
        left_open = AsyncPatchworks(transport=TRANSPORT)
        await asyncio.gather(*(left_open.request("GET", "/x") for _ in range(5)))
        left_open.virtual_environments
    """,
    "forgotten": """
        await asyncio.gather(*(AsyncPatchworks(transport=TRANSPORT).request("GET", "/x") for _ in range(5)))
    """,
    "cancelled at the end": """
        global cancelled, tasks
        cancelled = AsyncPatchworks(transport=TRANSPORT)
        tasks = [asyncio.create_task(cancelled.request("GET", "/stall")) for _ in range(4)]
        await cancelled.request("GET", "/stalled")
    """,
}
SYNC_ENDS = {
    "closed": "with Patchworks() as closed: closed.request('GET', '/x')",
    "forgotten": "forgotten = Patchworks(); forgotten.request('GET', '/x'); del forgotten; import gc; gc.collect()",
    "left open": "pw = Patchworks(); pw.request('GET', '/x'); pw.virtual_environments; raise SystemExit(0)",
}


def ends(soak: bool, of: dict[str, str]) -> list[list[str]]:
    return [[end] for end in of.values()] if soak else [[*of.values()]]


@pytest.mark.soak
@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
def test_no_complaints_when_an_asynchronous_program_ends(server: FaultServer, transport: Transport, soak: bool) -> None:
    answers: dict[str, Steps] = {
        "/x": reply(json=1),
        "/stall": [STALL],
        "/stalled": [lambda: sum(r.path == "/stall" for r in server.requests) == 4, *reply(json=1)],
    }
    server.default = lambda received: answers[received.path]
    for parts in ends(soak, ASYNC_ENDS):
        body = "".join(textwrap.indent(textwrap.dedent(part), "    ") for part in parts)
        script = (
            f"import asyncio\nfrom patchworks_core_client import AsyncPatchworks\nTRANSPORT = {transport!r}\n"
            f"async def main():\n{body}\nasyncio.run(main())\n"
        )
        before = len(server.requests)
        done = run_script(server, script)
        complaints = [line for line in done.stderr.splitlines() if "took" not in line]
        assert complaints == []
        assert done.returncode == 0
        assert len(server.requests) - before == 5 * len(parts)


@pytest.mark.soak
def test_no_complaints_when_a_synchronous_program_ends(server: FaultServer, soak: bool) -> None:
    for parts in ends(soak, SYNC_ENDS):
        before = len(server.requests)
        done = run_script(server, "\n".join(["from patchworks_core_client import Patchworks", *parts]))
        assert (done.stderr, done.returncode) == ("", 0)
        assert len(server.requests) - before == len(parts)


@pytest.mark.untraced
async def test_a_client_that_nobody_has_any_more_closes_its_connections(server: FaultServer) -> None:
    pw = AsyncPatchworks(api_key="k", base_url=server.url)
    await pw.request("GET", "/x")
    copy = pw.with_options()
    del pw
    gc.collect()
    await copy.request("GET", "/x")
    assert server.connections == 1, "a copy keeps them open"
    del copy
    gc.collect()
    for _ in range(100):
        if server.open_connections == 0:
            break
        await asyncio.sleep(0.01)
    assert server.open_connections == 0
