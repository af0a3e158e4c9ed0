"""A small API on a real socket: a login, and one list behind it, both of which do what a test tells them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.quiet_server import QuietServer

Answer = tuple[int, dict[str, str], Any]


class ApiServer(QuietServer):
    """The server, and what happened to it.

    Attributes:
        url: where it is.
        logins: the bodies of the logins that came.
        calls: method, path, query and `Authorization` of each call to the API.
        valid: the tokens that are accepted; each login adds one.
        rows: what the list holds, ten to a page.
        answer_login: gives status, headers and body of the answer to login number n.
        answer_call: may give another answer to a call than the list.
        delay: the seconds that an answer takes, by its path and query.
    """

    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.lock = threading.Lock()
        self.logins: list[Any] = []
        self.calls: list[tuple[str, str, dict[str, str], str | None]] = []
        self.valid: set[str] = set()
        self.rows: list[dict[str, Any]] = [{"id": n, "name": f"row {n}"} for n in range(1, 96)]
        self.answer_login: Callable[[int], Answer] = lambda number: (200, {}, {"token": f"token-{number}"})
        self.answer_call: Callable[[str, dict[str, str]], Answer | None] = lambda path, query: None
        self.delay: Callable[[str, dict[str, str]], float] = lambda path, query: 0.0

    def list_page(self, path: str, query: dict[str, str]) -> Answer:
        number = int(query.get("page", 1))
        last = max(1, -(-len(self.rows) // 10))
        meta = {"current_page": number, "last_page": last, "per_page": 10, "total": len(self.rows)}
        link = f"{self.url}{path}?page={number + 1}" if number < last else None
        body = {"data": self.rows[number * 10 - 10 : number * 10], "meta": meta, "links": {"next": link}}
        return 200, {}, body


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: ApiServer

    def do_POST(self) -> None:
        self._respond(self.rfile.read(int(self.headers.get("content-length", 0))))

    def do_GET(self) -> None:
        self._respond(b"")

    def log_message(self, *_: object) -> None:
        pass

    def _respond(self, content: bytes) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        status, headers, body = self._answer(parts.path, query, content)
        time.sleep(self.server.delay(parts.path, query))
        encoded = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def _answer(self, path: str, query: dict[str, str], content: bytes) -> Answer:
        server, authorization = self.server, self.headers.get("authorization")
        with server.lock:
            if path == "/login":
                assert authorization is None, "a login is sent without a credential"
                server.logins.append(json.loads(content))
                answer = server.answer_login(len(server.logins))
                if isinstance(answer[2], dict) and answer[0] == 200:
                    server.valid.add(f"Bearer {answer[2].get('token')}")
                return answer
            server.calls.append((self.command, path, query, authorization))
            if authorization not in server.valid:
                return 401, {}, {"message": "Unauthenticated."}
            special = server.answer_call(path, query)
            if special is not None:
                return special
            return server.list_page(path, query) if self.command == "GET" else (200, {}, {"data": {"id": 1}})


@contextmanager
def api_server() -> Iterator[ApiServer]:
    """A server on a free port of this machine."""
    with ApiServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
