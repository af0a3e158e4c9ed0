"""The loopback server of the benchmarks: prebuilt answers at protocol level, so that it is never the bottleneck.

    python -m benchmarks.server [--latency-ms 20] [--chunked] [--gzip]

It prints one line of JSON, `{"port": ..., "slow_port": ...}`, serves until its standard input is closed, and counts
nothing: what is measured is the client. The second port waits before it answers.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import re
import sys
from functools import partial
from typing import TYPE_CHECKING, cast

from . import bodies

if TYPE_CHECKING:
    from collections.abc import Callable

_PAGE = re.compile(rb"[?&]page=(\d+)")
_AFTER = re.compile(rb"[?&]after=ftjob-(\d+)")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_GZIP = re.compile(rb"\r\naccept-encoding:[^\r]*gzip", re.IGNORECASE)

# What a Laravel behind nginx adds to each answer.
_HEADERS = (
    b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: application/json\r\nCache-Control: no-cache, private\r\n"
    b"Date: Sat, 21 Nov 2026 12:00:00 GMT\r\nX-RateLimit-Limit: 60000\r\nX-RateLimit-Remaining: 59999\r\n"
    b"X-Request-Id: 0c5b9a52-9d9f-4d0b-8f0c-1f1f6d3c2b1a\r\n"
)
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 24\r\n\r\n" + b'{"message":"Not Found."}'


class Answers:
    """Every answer, built once as the bytes that go over the wire.

    Attributes:
        origin: of the links in a page, which a client may refuse to follow elsewhere.
        compress: whether a client that takes gzip gets it.
    """

    def __init__(self, *, chunked: bool = False, compress: bool = False) -> None:
        self.origin = ""
        self._chunked = chunked
        self.compress = compress
        self._item: dict[bytes, bytes] = {
            b"/api/v1/virtual-environments/1": bodies.environment(),
            b"/models/m-1": bodies.model(),
            b"/repos/acme/patchworks/milestones/1": bodies.github_milestone(),
            b"/ssh_keys/1": bodies.ssh_key(),
        }
        self._list: dict[bytes, tuple[Callable[[int], bytes], bool]] = {
            b"/api/v1/virtual-environments": (
                lambda page: bodies.environments(page, origin=self.origin),
                True,
            ),
            b"/documented/api/v1/virtual-environments": (
                lambda page: bodies.environments(
                    page, make=bodies.documented_environment, origin=f"{self.origin}/documented"
                ),
                True,
            ),
            b"/long/api/v1/virtual-environments": (
                lambda page: bodies.environments(page, origin=f"{self.origin}/long", pages=bodies.LONG_PAGES),
                True,
            ),
            b"/fine_tuning/jobs": (bodies.jobs, False),
            b"/repos/acme/patchworks/milestones": (bodies.github_milestones, True),
            b"/ssh_keys": (bodies.ssh_keys, True),
        }
        # The documented bodies are also offered below a prefix: the stock output cannot decode the others.
        self._item[b"/documented/api/v1/virtual-environments/1"] = self._item[b"/api/v1/virtual-environments/1"]
        self._plain: dict[bytes, bytes] = {}
        self._gzipped: dict[bytes, bytes] = {}

    def find(self, target: bytes, *, gzipped: bool) -> bytes:
        """The whole answer to a GET of this target."""
        ready = self._gzipped if gzipped else self._plain
        answer = ready.get(target)
        if answer is None:
            body = self._body(target)
            head = _HEADERS + self._next(target)
            answer = ready[target] = _NOT_FOUND if body is None else self._wire(head, body, gzipped=gzipped)
        return answer

    def _next(self, target: bytes) -> bytes:
        """The header in which GitHub names the next page."""
        if not target.startswith(b"/repos/acme/patchworks/milestones?"):
            return b""
        found = _PAGE.search(target)
        page = int(found[1]) if found else 1
        link = b'Link: </repos/acme/patchworks/milestones?per_page=100&page=%d>; rel="next"\r\n'
        return link % (page + 1) if page < bodies.PAGES else b""

    def _body(self, target: bytes) -> bytes | None:
        path = target.partition(b"?")[0]
        if path in self._item:
            return self._item[path]
        if path not in self._list:
            return None
        page_of, numbered = self._list[path]
        if numbered:
            found = _PAGE.search(target)
            return page_of(int(found[1]) if found else 1)
        after = _AFTER.search(target)
        return page_of(int(after[1]) // bodies.PER_PAGE + 1 if after else 1)

    def _wire(self, head: bytes, body: bytes, *, gzipped: bool) -> bytes:
        if gzipped:
            body = gzip.compress(body, 6)
            head += b"Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n"
        if not self._chunked:
            return head + b"Content-Length: %d\r\n\r\n" % len(body) + body
        chunks = [body[start : start + 8192] for start in range(0, len(body), 8192)]
        framed = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
        return head + b"Transfer-Encoding: chunked\r\n\r\n" + framed + b"0\r\n\r\n"


class Connection(asyncio.Protocol):
    """One keep-alive connection; answers stand in the order of the requests."""

    def __init__(self, answers: Answers, latency: float) -> None:
        self._answers = answers
        self._latency = latency
        self._buffer = b""
        self._transport: asyncio.Transport
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport to answer on."""
        # uvloop's transports are no subclasses of asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that has arrived whole."""
        buffer = self._buffer + data if self._buffer else data
        while True:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                break
            head = buffer[:end]
            stop = end + 4
            if not head.startswith((b"GET ", b"HEAD ", b"DELETE ")):
                length = _LENGTH.search(head)
                stop += int(length[1]) if length else 0
                if len(buffer) < stop:
                    break
            target = head[head.index(b" ") + 1 : head.index(b" HTTP/")]
            gzipped = self._answers.compress and _GZIP.search(head) is not None
            answer = self._answers.find(target, gzipped=gzipped)
            if self._latency:
                self._loop.call_later(self._latency, self._send, answer)
            else:
                self._send(answer)
            buffer = buffer[stop:]
            if _CLOSE.search(head):
                self._loop.call_later(self._latency, self._transport.close)
        self._buffer = buffer

    def _send(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)


async def serve(latency: float, *, chunked: bool, compress: bool) -> None:
    """Serve on two free ports of 127.0.0.1 until standard input is closed."""
    loop = asyncio.get_running_loop()
    ports = {}
    for name, wait in (("port", 0.0), ("slow_port", latency)):
        answers = Answers(chunked=chunked, compress=compress)
        server = await loop.create_server(partial(Connection, answers, wait), "127.0.0.1", 0, backlog=1024)
        ports[name] = server.sockets[0].getsockname()[1]
        answers.origin = f"http://127.0.0.1:{ports[name]}"
    print(json.dumps(ports), flush=True)
    await loop.run_in_executor(None, sys.stdin.buffer.read)


def main() -> None:
    """Run the server, on uvloop where it is installed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency-ms", type=float, default=20.0)
    parser.add_argument("--chunked", action="store_true")
    parser.add_argument("--gzip", action="store_true")
    options = parser.parse_args()
    try:
        from uvloop import run  # type: ignore[import-not-found]
    except ImportError:
        run = asyncio.run
    run(serve(options.latency_ms / 1000, chunked=options.chunked, compress=options.gzip))


if __name__ == "__main__":
    main()
