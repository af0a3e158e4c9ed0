"""A server that answers as told, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple

from tests.support.quiet_server import QuietServer


class Request(NamedTuple):
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class EchoServer(QuietServer):
    """The server.

    Attributes:
        url: where it is.
        seen: the requests, in their order.
        answer: status, media type and body of the next answers.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.seen: list[Request] = []
        self.answer: tuple[int, str, bytes] = (200, "application/json", b"{}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: EchoServer

    def handle_one_request(self) -> None:
        """Whatever the method is called."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append(Request(self.command, self.path, headers, body))
        status, media, content = self.server.answer
        self.send_response(status)
        if status not in {204, 205, 304}:
            self.send_header("content-type", media)
            self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content if status not in {204, 205, 304} and self.command != "HEAD" else b"")
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[EchoServer]:
    """Run a server in a thread."""
    server = EchoServer()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
