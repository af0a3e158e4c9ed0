"""A process of a worker fleet: logs in, through a token file, when it is told to.

It is sent `authorization` or `refused VALUE`, and answers with the value of the `Authorization` header.
"""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from patchworks_core_client import FileTokenStore
from patchworks_core_client._auth.account import Account
from patchworks_core_client._auth.async_login import AsyncLogin
from patchworks_core_client._auth.sync_login import SyncLogin
from patchworks_core_client._auth.token_renewal import TokenRenewal
from patchworks_core_client._clock import Deadline
from patchworks_core_client._http.generator_flow import drive
from patchworks_core_client._http.outgoing_request import OutgoingRequest, RequestParts
from patchworks_core_client._http.request import Prepared
from patchworks_core_client._http.response import RawResponse
from patchworks_core_client._http.secret import Secret


def send(prepared: Prepared, deadline: Deadline) -> RawResponse:
    request = urllib.request.Request(prepared.url, prepared.content, method="POST")
    sent = OutgoingRequest(RequestParts("POST", prepared.url, (), prepared.content), {})
    with urllib.request.urlopen(request, timeout=20) as response:
        return RawResponse(response.status, (), response.read(), sent)


def work(parent: Connection, kind: str, url: str, path: Path) -> None:
    """Serve the parent, as an asynchronous program or as a synchronous one."""
    tokens = TokenRenewal(Account("me", Secret("secret"), url), FileTokenStore(path))
    if kind == "sync":
        serve(parent, tokens, lambda _: SyncLogin(tokens, send).obtain(Deadline(None)))
        return

    async def asend(prepared: Prepared) -> RawResponse:
        return await asyncio.to_thread(send, prepared, Deadline(None))

    with asyncio.Runner() as runner:
        login = AsyncLogin(tokens, asend)
        serve(parent, tokens, lambda _: runner.run(login.obtain()))


def serve(parent: Connection, tokens: TokenRenewal, perform: Callable[[Any], Any]) -> None:
    parent.send("ready")
    while True:
        command, _, value = parent.recv().partition(" ")
        if command == "refused":
            drive(tokens.reauthorize(Secret(value)), perform)
        parent.send(drive(tokens.authorize(), perform).reveal())
