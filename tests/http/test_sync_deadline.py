"""The deadline of the synchronous client bounds every connect, read and write, whatever the server does in between."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpcore
import httpx
import pytest

from patchworks_core_client import APIConnectionError, APITimeoutError, Patchworks
from patchworks_core_client._clock import Deadline
from patchworks_core_client._http.sync_network import DeadlineBackend
from tests.support.cases import cases
from tests.support.fault_server import FaultServer
from tests.support.plain_http import PLAIN_HTTP
from tests.support.replies import Steps, head

DRIP_S = 0.015
# Far more than a deadline of a tenth: without it, a test would not end before the server does.
FOR_LONG = 200


def dripped(content: bytes) -> Steps:
    return [step for byte in content for step in (bytes([byte]), DRIP_S)]


ENDLESS: dict[str, Steps] = {
    "a head that drips": dripped(b"HTTP/1.1 200 OK\r\nX-Drip: " + b"a" * FOR_LONG),
    "a status line that drips": dripped(b"HTTP/1.1 200 " + b"OK" * FOR_LONG),
    "a header after the other": [x for n in range(FOR_LONG) for x in (f"X-{n}: y\r\n".encode(), DRIP_S)],
    "100 Continue again and again": [head(100), DRIP_S] * FOR_LONG,
    "103 Early Hints again and again": [head(103, {"Link": "</x>"}), DRIP_S] * FOR_LONG,
    "chunks that drip": [
        head(200, {"Transfer-Encoding": "chunked"}),
        *[step for _ in range(FOR_LONG) for step in (b"1\r\n \r\n", DRIP_S)],
    ],
    "trailers that drip": [
        head(200, {"Transfer-Encoding": "chunked"}) + b"2\r\n{}\r\n0\r\n",
        *dripped(b"X-Trailer: " + b"a" * FOR_LONG),
    ],
}
ENDLESS["a header after the other"].insert(0, b"HTTP/1.1 200 OK\r\n")


@pytest.mark.untraced
@pytest.mark.parametrize("tls", [False, True])
@cases("name", ENDLESS)
def test_a_server_that_goes_on_and_on(name: str, tls: bool) -> None:
    with FaultServer(tls=tls) as server:
        with Patchworks(api_key="k", base_url=server.url, verify=not tls) as pw:
            # The connection is there before the little time begins.
            pw.request("POST", "/x")
            server.script(ENDLESS[name])
            with pytest.raises(APITimeoutError) as caught:
                pw.request("POST", "/x", timeout=0.15)
            assert caught.value.may_have_taken_effect is True
            assert pw.request("POST", "/x") == {"data": {"ok": True}}
        assert len(server.requests) == 3


def test_through_a_proxy(server: FaultServer) -> None:
    server.default = ENDLESS["a head that drips"]
    pw = Patchworks(api_key="k", base_url="http://api.invalid", proxy=server.url, allow_http=True)
    with pw, pytest.raises(APITimeoutError):
        pw.request("GET", "/x", timeout=0.1)


def test_a_proxy_that_makes_a_tunnel_for_ever(server: FaultServer) -> None:
    server.default = ENDLESS["a head that drips"]
    pw = Patchworks(api_key="k", base_url="https://api.invalid", proxy=server.url)
    with pw, pytest.raises(APITimeoutError, match="had no effect"):
        pw.request("POST", "/x", timeout=0.1)


@pytest.mark.parametrize("timeout", [1e-9, 1e-6, 1e-4])
def test_a_deadline_that_is_over_at_once(server: FaultServer, timeout: float) -> None:
    for _ in range(20):
        with Patchworks(api_key="k", base_url=server.url, max_retries=0) as pw, pytest.raises(APITimeoutError):
            pw.request("GET", "/x", timeout=timeout)


def test_with_time_outs_for_steps_each_read_may_take_its_time(server: FaultServer) -> None:
    server.default = dripped(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    with Patchworks(api_key="k", base_url=server.url) as pw:
        assert pw.request("GET", "/x", timeout=httpx.Timeout(5.0, read=0.5)) == {}


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What names resolve to, instead of what they do."""
    found: list[str] = []

    original = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *args: Any, **options: Any) -> Any:
        if not host.startswith("api."):
            return original(host, port, *args, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr("patchworks_core_client._http.sync_network.socket.getaddrinfo", getaddrinfo)
    return found


def test_the_next_address_is_tried(server: FaultServer, addresses: list[str]) -> None:
    addresses += ["127.0.0.99", "127.0.0.1"]
    with Patchworks(api_key="k", base_url=server.url.replace("127.0.0.1", "api.localhost"), max_retries=0) as pw:
        assert pw.request("GET", "/x") == {"data": {"ok": True}}


def test_all_addresses_have_the_time_together(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    now = [100.0]
    monkeypatch.setattr("patchworks_core_client._clock.now", lambda: now[0])

    def connect(_: object, host: str, port: int, timeout: float, *__: object) -> Any:
        waited.append(timeout)
        now[0] += 4.0
        raise httpcore.ConnectTimeout(host)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    addresses += ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]
    backend = DeadlineBackend()
    backend.deadline = Deadline(9.0)
    with pytest.raises(httpcore.ConnectTimeout):
        backend.connect_tcp("api.example.com", 80, 20.0)
    assert waited == [9.0, 5.0, 1.0]
    addresses.clear()
    with pytest.raises(httpcore.ConnectTimeout):
        backend.connect_tcp("api.example.com", 80, 20.0)
    backend.deadline = None
    with pytest.raises(httpcore.ConnectError, match="no address"):
        backend.connect_tcp("api.example.com", 80, 20.0)


class NameServer:
    """Answers for names below `api.` when it is told to, and not before."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = threading.Event()
        self.answer = threading.Event()
        self._original = socket.getaddrinfo
        monkeypatch.setattr("patchworks_core_client._http.sync_network.socket.getaddrinfo", self)

    def __call__(self, host: str, *args: Any, **options: Any) -> Any:
        if host.startswith("api."):
            self.asked.set()
            self.answer.wait(10)
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self._original(host, *args, **options)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    server = NameServer(monkeypatch)
    yield server
    server.answer.set()


@pytest.mark.parametrize("timeout", [0.2, httpx.Timeout(5.0, connect=0.2)])
def test_a_name_server_that_does_not_answer(names: NameServer, timeout: Any) -> None:
    pw = Patchworks(api_key="k", base_url="https://api.invalid", max_retries=0)
    with pw, pytest.raises(APITimeoutError, match="had no effect"):
        pw.request("POST", "/x", timeout=timeout)
    # On a busy machine the thread that asks may begin after the call is over.
    assert names.asked.wait(5)


def test_a_name_that_is_not_known(names: NameServer) -> None:
    names.answer.set()
    for timeout in (5, None):
        pw = Patchworks(api_key="k", base_url="https://api.invalid", max_retries=0)
        with pw, pytest.raises(APIConnectionError, match="Name or service not known") as caught:
            pw.request("POST", "/x", timeout=timeout)
        assert caught.value.may_have_taken_effect is False


def test_nobody_waits_for_a_name_that_is_not_wanted_any_more(names: NameServer) -> None:
    backend = DeadlineBackend()

    def interrupt() -> None:
        names.asked.wait(10)
        backend.interrupt()

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(httpcore.ConnectError, match="nobody wants"):
        backend.connect_tcp("api.invalid", 80, 30.0)
    thread.join()


def test_what_is_closed_already_has_nothing_to_interrupt(server: FaultServer) -> None:
    backend = DeadlineBackend()
    backend.connect_tcp("127.0.0.1", server.port, 5.0).close()
    backend.interrupt()


def test_a_large_body_that_is_taken_slowly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

        def drink() -> None:
            connection, _ = listening.accept()
            with connection:
                while not done.wait(0.02):
                    connection.recv(2048)

        done = threading.Event()
        thread = threading.Thread(target=drink)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            with Patchworks(api_key="k", base_url=url) as pw, pytest.raises(APITimeoutError) as caught:
                pw.request("POST", "/x", json={"blob": "x" * 20_000_000}, timeout=0.2)
            assert caught.value.may_have_taken_effect is True
        finally:
            done.set()
            thread.join()


@pytest.mark.parametrize("own", [False, True])
def test_a_call_whose_time_is_over_before_it_is_sent_is_not_sent(server: FaultServer, own: bool) -> None:
    def dawdle(_: httpx.Request) -> None:
        time.sleep(0.02)

    mine = httpx.Client(verify=PLAIN_HTTP)
    options: dict[str, Any] = {"http_client": mine} if own else {}
    pw = Patchworks(api_key="k", base_url=server.url, timeout=0.01, on_request=dawdle, **options)
    with mine, pw, pytest.raises(APITimeoutError) as caught:
        pw.request("POST", "/x")
    assert caught.value.may_have_taken_effect is False
    assert server.requests == []
