"""Both clients behind one blocking interface, so that a test of what they have in common is written once."""

from __future__ import annotations

import asyncio
import inspect
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

from patchworks_core_client import AsyncPatchworks, Patchworks
from patchworks_core_client._operations.operation import Call, Operation

Kind = Literal["httpx", "aiohttp", "sync"]
KINDS: tuple[Kind, ...] = ("httpx", "aiohttp", "sync")


class Driver:
    """A client of one kind.

    Attributes:
        kind: `sync`, or the transport of the asynchronous client.
        pw: the client itself.
    """

    def __init__(self, kind: Kind, base_url: str, **options: Any) -> None:
        self.kind = kind
        self._runner = None if kind == "sync" else asyncio.Runner()
        if not options.keys() & {"api_key", "username", "auth"}:
            options["api_key"] = "key-of-the-tests"
        if kind != "sync" and options.get("http_client") is None:
            options["transport"] = kind
        self.pw: Any = (Patchworks if kind == "sync" else AsyncPatchworks)(base_url=base_url, **options)

    def run(self, result: Any) -> Any:
        """What comes of a call: of a coroutine, in the driver's event loop."""
        if self._runner is None:
            return result
        return self._runner.run(_awaited(result)) if inspect.isawaitable(result) else result

    def request(self, method: str, url: str = "/api/v1/things", **options: Any) -> Any:
        """`request` of the client."""
        return self.run(self.pw.request(method, url, **options))

    def at_once(self, *requests: tuple[str, str], **options: Any) -> list[Any]:
        """Requests, each a method and a path, at once; each gives what it returned or raised."""
        if self._runner is None:
            with ThreadPoolExecutor(len(requests)) as threads:
                calls = [threads.submit(self.pw.request, *request, **options) for request in requests]
                return [call.exception() or call.result() for call in calls]

        async def run() -> list[Any]:
            calls = (self.pw.request(*request, **options) for request in requests)
            return await asyncio.gather(*calls, return_exceptions=True)

        return self._runner.run(run())

    def call(self, operation: Operation[Any], ids: Any = (), client: Any = None, **options: Any) -> Any:
        """A call of an operation, which gives the whole `Response`."""
        return self.run((client or self.pw)._call(Call(operation, ids, **options)))

    def close_client(self, client: Any = None) -> None:
        """Close the client, or that copy of it."""
        client = client or self.pw
        self.run(client.close() if self._runner is None else client.aclose())

    def close(self) -> None:
        """Close the client, and its event loop."""
        self.close_client()
        if self._runner is not None:
            self._runner.close()


async def _awaited(result: Any) -> Any:
    return await result
