"""What the server itself can answer: a raw client on sockets that parses next to nothing."""

from __future__ import annotations

import asyncio
import time
from typing import cast

_REQUEST = b"GET /api/v1/virtual-environments/1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class _Raw(asyncio.Protocol):
    def __init__(self, until: float, finished: asyncio.Future[None]) -> None:
        self._until = until
        self._finished = finished
        self._expected = 0
        self._received = 0
        self.answers = 0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclasses of asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(_REQUEST)

    def data_received(self, data: bytes) -> None:
        if not self._expected:
            head = data.index(b"\r\n\r\n") + 4
            start = data.index(b"Content-Length: ") + 16
            self._expected = head + int(data[start : data.index(b"\r\n", start)])
        self._received += len(data)
        if self._received < self._expected:
            return
        self._received = 0
        self.answers += 1
        if time.perf_counter() < self._until:
            self._transport.write(_REQUEST)
        else:
            self._transport.close()
            if not self._finished.done():
                self._finished.set_result(None)


async def _drive(port: int, seconds: float, connections: int) -> float:
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    clients: list[_Raw] = []
    finished: list[asyncio.Future[None]] = []
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        client = _Raw(start + seconds, done)
        await loop.create_connection(
            lambda made=client: made,  # type: ignore[misc]  # mypy takes no default of a lambda
            "127.0.0.1",
            port,
        )
        clients.append(client)
        finished.append(done)
    await asyncio.gather(*finished)
    return sum(client.answers for client in clients) / (time.perf_counter() - start)


def requests_per_second(port: int, seconds: float = 0.5, connections: int = 32) -> float:
    """How many small answers a second the server gives to a client that costs next to nothing."""
    try:
        from uvloop import run  # type: ignore[import-not-found]
    except ImportError:
        run = asyncio.run
    return float(run(_drive(port, seconds, connections)))


if __name__ == "__main__":
    import sys

    print(round(requests_per_second(int(sys.argv[1]))))
