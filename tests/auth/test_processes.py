"""A fleet of processes on one machine logs in once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.support.processes import FORKS
from tests.support.quiet_server import QuietServer

from .worker import work


class LoginServer(QuietServer):
    """Counts the logins, and answers them after a while."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.logins = 0
        self.delay = 0.1
        self.url = f"http://127.0.0.1:{self.server_port}/login"


class Handler(BaseHTTPRequestHandler):
    server: LoginServer

    def do_POST(self) -> None:
        self.server.logins += 1
        content = json.dumps({"token": f"token-{self.server.logins}", "expires_in": 3600}).encode()
        self.rfile.read(int(self.headers["content-length"]))
        time.sleep(self.server.delay)
        self.send_response(200)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[LoginServer]:
    with LoginServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Worker:
    def __init__(self, kind: str, url: str, path: Path) -> None:
        self._connection, there = FORKS.Pipe()
        self.process = FORKS.Process(target=work, args=(there, kind, url, path), daemon=True)
        self.process.start()
        there.close()

    def tell(self, line: str) -> None:
        self._connection.send(line)

    def hear(self) -> str:
        assert self._connection.poll(60)
        return str(self._connection.recv())

    def end(self) -> None:
        self.process.kill()
        self.process.join(10)
        self._connection.close()


def test_a_fleet_logs_in_once_and_replaces_a_refused_token_once(server: LoginServer, tmp_path: Path) -> None:
    path = tmp_path / "tokens" / "tokens.json"
    fleet = [Worker(kind, server.url, path) for kind in ("async", "sync") * 3]
    try:
        assert [worker.hear() for worker in fleet] == ["ready"] * 6
        for expected, command in (("Bearer token-1", "authorization"), ("Bearer token-2", "refused Bearer token-1")):
            for worker in fleet:
                worker.tell(command)
            assert [worker.hear() for worker in fleet] == [expected] * 6
        assert server.logins == 2
    finally:
        for worker in fleet:
            worker.end()
    assert "secret" not in path.read_text(), "the password is not kept"


def test_a_process_that_is_killed_while_it_logs_in_stops_nobody(server: LoginServer, tmp_path: Path) -> None:
    server.delay = 30.0
    first = Worker("sync", server.url, tmp_path / "tokens.json")
    second = Worker("sync", server.url, tmp_path / "tokens.json")
    try:
        assert [first.hear(), second.hear()] == ["ready", "ready"]
        first.tell("authorization")
        deadline = time.monotonic() + 10.0
        while not server.logins and time.monotonic() < deadline:
            time.sleep(0.005)
        second.tell("authorization")
        time.sleep(0.1)
        assert server.logins == 1, "the second waits for the first"
        server.delay = 0.0
        first.process.kill()
        assert second.hear() == "Bearer token-2"
    finally:
        first.end()
        second.end()
