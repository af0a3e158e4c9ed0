"""Serving in a thread: addresses, and an end without leftovers."""

from __future__ import annotations

import socket
import threading
import time

import httpx
import pytest

from patchworks_core_client.sandbox import Sandbox, create_app
from patchworks_core_client.sandbox.http import server
from tests.support.plain_http import PLAIN_HTTP

from ..conftest import ENVIRONMENTS, KEY, needs_ipv6


@needs_ipv6
def test_ipv6_loopback() -> None:
    with server.listen("::1", 0) as listener:
        assert server.url_of(listener).startswith("http://[::1]:")


def test_served_in_a_thread_it_stops_with_the_block() -> None:
    app = create_app()
    before = threading.active_count()
    for _ in range(2):
        with server.serve(app) as served, httpx.Client(verify=PLAIN_HTTP, base_url=served.url, headers=KEY) as http:
            assert http.get(ENVIRONMENTS).status_code == 200
            assert served.sandbox is app.state.sandbox
    assert threading.active_count() == before
    with pytest.raises(httpx.ConnectError):
        httpx.get(served.url)
    with server.serve(app):
        pass


def test_a_new_sandbox_is_made_once_somebody_asks_for_it() -> None:
    made: list[Sandbox] = []

    def make() -> Sandbox:
        made.append(create_app(seed=1).state.sandbox)
        return made[-1]

    with server.serve(create_app()) as running:
        running.renew(make)
        running.renew(make)
        assert made == []
        assert httpx.get(f"{running.url}{ENVIRONMENTS}", headers=KEY).json()["meta"]["total"] == 10
        assert made == [running.sandbox]
        running.sandbox.close()


@pytest.mark.parametrize(
    ("fault", "request_text", "status"),
    [
        ("next delay 0.1", f"GET {ENVIRONMENTS} HTTP/1.1\r\nHost: localhost\r\n\r\n", 499),
        (None, f"POST {ENVIRONMENTS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{{", 499),
        ("next 503", f"POST {ENVIRONMENTS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{{", 503),
    ],
)
def test_a_client_that_goes_away_is_no_fault_of_the_server(
    fault: str | None, request_text: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(faults=[fault] if fault else [])
    with server.serve(app) as served:
        with socket.create_connection(("127.0.0.1", int(served.url.rpartition(":")[2]))) as client:
            client.sendall(request_text.encode())
            time.sleep(0.02)
        deadline = time.monotonic() + 10
        while not served.sandbox.requests and time.monotonic() < deadline:
            time.sleep(0.01)
    assert [seen.status for seen in served.sandbox.requests] == [status]
    assert caplog.records == []
