"""A server on a real socket that does what it is told, however wrong: for tests of clients.

    with FaultServer() as server:
        server.script(reply(503, headers={"Retry-After": "1"}), reply(json={"data": []}))
        ...                       # calls to server.url
        assert [r.method for r in server.requests] == ["GET", "GET"]

It speaks HTTP/1.1 by hand on the level of bytes, and runs in a thread with an event loop of its own, so that it serves
synchronous and asynchronous clients alike and cannot be blocked by them.

A script is one reply for each request, in the order in which they arrive; afterwards, and for requests that come while
no script is set, the `default` answers. The module `replies` says what a reply can be.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.support.replies import Act, Received, Reply, reply

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""What a server with `tls` shows; nobody trusts it unless told to."""


@dataclass
class _Loop:
    """The event loop of all fault servers of this process, in its thread."""

    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __post_init__(self) -> None:
        threading.Thread(target=self.loop.run_forever, name="fault-servers", daemon=True).start()

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=10)


_TURNS_TO_ACCEPT = 5
_shared: _Loop | None = None


def _shared_loop() -> _Loop:
    global _shared  # noqa: PLW0603 - one thread for all servers of the process
    if _shared is None:
        _shared = _Loop()
    return _shared


class FaultServer:
    """A scripted server on a free port of 127.0.0.1, with TLS or without; a context manager.

    Attributes:
        url: where it listens.
        default: what it answers without a script.
        requests: what arrived, in that order.
        keeps_requests: whether that is kept; for a test that looks at memory it need not be.
        connections: how many connections were made.
        open_connections: how many of them the client has not closed.
    """

    def __init__(self, default: Reply | None = None, *, tls: bool = False) -> None:
        self.default: Reply = default if default is not None else reply(json={"data": {"ok": True}})
        self.requests: list[Received] = []
        self.keeps_requests = True
        self.connections = 0
        self._script: list[Reply] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = _shared_loop()
        self._arrived = threading.Condition()
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
        self._server: asyncio.Server = self._loop.run(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"

    @property
    def open_connections(self) -> int:
        return len(self._writers)

    def script(self, *replies: Reply) -> None:
        """What the next requests get, one reply each, after those that are already in line."""
        self._script += replies

    def after(self, requests: int) -> Callable[[], bool]:
        """A step of a reply: a pause until so many requests have arrived."""
        return lambda: len(self.requests) >= requests

    def wait_for_connections(self, number: int, timeout: float = 5.0) -> None:
        """Block until so many connections are open."""
        end = time.monotonic() + timeout
        while self.open_connections != number:
            assert time.monotonic() < end, f"{self.open_connections} connections are open, not {number}"
            time.sleep(0.005)

    def stop_listening(self) -> None:
        """Refuse further connections; those that are open go on."""
        self._loop.run(self._refuse())

    async def _refuse(self) -> None:
        # Up to 3.12 asyncio forgets, unclosed, what it accepted in the moment in which its server is closed: accept no
        # more, give what is accepted the turns that it needs, and only then close.
        for listener in self._server.sockets:
            self._loop.loop.remove_reader(listener)
        for _ in range(_TURNS_TO_ACCEPT):
            await asyncio.sleep(0)
        self._server.close()

    def wait_for(self, requests: int, timeout: float = 5.0) -> None:
        """Block until so many requests have arrived."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.requests) >= requests, timeout), (
                f"{len(self.requests)} requests arrived, not {requests}"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run(self._stop())

    async def _stop(self) -> None:
        await self._refuse()
        for task in self._tasks:
            task.cancel()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        number, self.connections = self.connections, self.connections + 1
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._serve_one(reader, writer, number):
                    pass
        finally:
            self._tasks.discard(task)
            self._writers.discard(writer)
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        headers = tuple((name.lower(), value.strip()) for name, _, value in (x.partition(":") for x in lines[1:-2]))
        length = int(dict(headers).get("content-length", "0"))
        body = await reader.readexactly(length)
        received = Received(method, target, headers, body, number)
        with self._arrived:
            if self.keeps_requests:
                self.requests.append(received)
            chosen = self._script.pop(0) if self._script else self.default
            self._arrived.notify_all()
        for step in chosen(received) if callable(chosen) else chosen:
            if isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
            elif isinstance(step, Act):
                await self._act(step, reader, writer)
                return False
            elif callable(step):
                while not step():  # noqa: ASYNC110 - it may come true in any thread
                    await asyncio.sleep(0.002)
            else:
                await asyncio.sleep(step)
        return True

    async def _act(self, act: Act, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if act is Act.RESET:
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
        elif act is Act.STALL:
            await reader.read()
