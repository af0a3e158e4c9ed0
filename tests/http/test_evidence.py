"""That nothing was sent is believed on evidence only, so that no POST goes out twice for the lack of a sign."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import pytest

from patchworks_core_client import APIConnectionError, APITimeoutError, AsyncPatchworks, Patchworks
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.driver import Driver, Kind
from tests.support.fault_server import FaultServer
from tests.support.ports import closed_port
from tests.support.replies import CLOSE, reply

from .support import own_client

UNKNOWN = [
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.ReadError("gone"),
    httpx.RemoteProtocolError("Server disconnected"),
    httpx.NetworkError("?"),
    httpx.TransportError("?"),
    OSError("?"),
    TimeoutError(),
]
NOT_SENT = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("full"),
    httpx.ProxyError("no"),
]


def patched(monkeypatch: pytest.MonkeyPatch, error: Exception) -> list[str]:
    """What the transports of httpx are asked to send, each time in vain: as mocking tools do it."""
    sent: list[str] = []

    def fail(_: object, request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        raise error

    async def fail_async(_: object, request: httpx.Request) -> httpx.Response:
        return fail(_, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", fail)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", fail_async)
    return sent


@pytest.mark.untraced
@pytest.mark.parametrize("kind", ["httpx", "sync"], indirect=True)
@pytest.mark.parametrize("own", [False, True])
@cases("error", [*UNKNOWN, *NOT_SENT])
def test_an_error_without_any_event(
    open_driver: Open, kind: Kind, monkeypatch: pytest.MonkeyPatch, clock: FakeClock, own: bool, error: Exception
) -> None:
    options = {"http_client": own_client(kind)} if own else {}
    driver = open_driver("http://127.0.0.1:9", **options)
    sent = patched(monkeypatch, error)
    with pytest.raises(APIConnectionError) as caught:
        driver.request("POST")
    unknown = error in UNKNOWN
    assert len(sent) == (1 if unknown else 3)
    assert caught.value.may_have_taken_effect is unknown
    if own:
        driver.run(options["http_client"].close() if kind == "sync" else options["http_client"].aclose())


def test_a_connection_that_was_refused(open_driver: Open, clock: FakeClock) -> None:
    driver = open_driver(f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(APIConnectionError, match="had no effect"):
        driver.request("POST")
    assert clock.waits == [0.5, 1.0]


def test_a_connection_that_ends_before_the_answer(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    server.default = [CLOSE]
    with pytest.raises(APIConnectionError, match="closed the connection before it answered") as caught:
        driver.request("POST")
    assert caught.value.may_have_taken_effect is True
    assert (len(server.requests), clock.waits) == (1, [])


async def test_a_call_that_is_over_while_it_connects_was_not_sent() -> None:
    from tests.support.ports import deaf_port

    for transport in ("httpx", "aiohttp"):
        with deaf_port() as port:
            pw = AsyncPatchworks(api_key="k", base_url=f"http://127.0.0.1:{port}", transport=transport)
            async with pw:
                with pytest.raises(APIConnectionError) as caught:
                    await pw.request("POST", "/x", timeout=0.1)
            assert caught.value.may_have_taken_effect is False


def test_a_call_that_waits_for_a_connection_was_not_sent(server: FaultServer) -> None:
    over = threading.Event()
    server.default = [over.is_set, *reply(json=1)]
    with (
        Patchworks(api_key="k", base_url=server.url, max_connections=1, max_retries=0) as pw,
        ThreadPoolExecutor(1) as threads,
    ):
        first = threads.submit(pw.request, "GET", "/a")
        server.wait_for(1)
        with pytest.raises(APIConnectionError) as caught:
            pw.request("POST", "/b", timeout=0.1)
        assert caught.value.may_have_taken_effect is False
        over.set()
        assert first.result() == 1


async def test_a_mocked_session_of_aiohttp_gives_no_sign(monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> None:
    sent: list[str] = []

    async def fail(_: object, method: str, *__: object, **___: object) -> None:
        sent.append(method)
        raise aiohttp.ServerDisconnectedError

    monkeypatch.setattr(aiohttp.ClientSession, "_request", fail)
    async with AsyncPatchworks(api_key="k", base_url="http://127.0.0.1:9", transport="aiohttp") as pw:
        with pytest.raises(APIConnectionError) as caught:
            await pw.request("POST", "/x")
    assert (sent, caught.value.may_have_taken_effect) == (["POST"], True)


class Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self, error: Exception) -> None:
        self.error = error

    def __iter__(self) -> Iterator[bytes]:
        yield b"["
        raise self.error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"["
        raise self.error


@pytest.mark.parametrize("kind", ["httpx", "sync"], indirect=True)
@cases("error", NOT_SENT)
def test_what_was_answered_was_sent_whatever_an_error_is_called(
    open_driver: Open, kind: Kind, clock: FakeClock, error: Exception
) -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, stream=Broken(error))

    mine = own_client(kind, transport=httpx.MockTransport(answer))
    driver = open_driver("http://127.0.0.1:9", http_client=mine)
    with pytest.raises(APIConnectionError) as caught:
        driver.request("POST")
    assert (len(sent), caught.value.may_have_taken_effect) == (1, True)
    driver.run(mine.close() if kind == "sync" else mine.aclose())


class OneMore(httpx.Auth):
    def __init__(self, url: str) -> None:
        self.url = url

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        yield request
        yield httpx.Request("POST", self.url)


def test_a_call_that_was_answered_is_not_sent_again_for_what_its_auth_sends_after_it(
    open_driver: Open, server: FaultServer, clock: FakeClock
) -> None:
    driver = open_driver(server.url, auth=OneMore(f"http://127.0.0.1:{closed_port()}/audit"))
    with pytest.raises(APIConnectionError) as caught:
        driver.request("POST")
    assert (len(server.requests), caught.value.may_have_taken_effect) == (1, True)


@pytest.mark.parametrize("kind", ["httpx", "sync"], indirect=True)
def test_a_transport_that_runs_out_of_time(open_driver: Open, kind: Kind) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise TimeoutError

    mine = own_client(kind, transport=httpx.MockTransport(fail))
    driver = open_driver("http://127.0.0.1:9", http_client=mine)
    with pytest.raises(APITimeoutError):
        driver.request("POST")
    driver.run(mine.close() if kind == "sync" else mine.aclose())


class Elsewhere(httpx.Auth):
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.url = request.url.copy_with(host=f"{'a' * 63}..invalid")
        yield request


@pytest.mark.parametrize("kind", ["httpx", "sync"], indirect=True)
def test_a_name_that_cannot_be_one(open_driver: Open, kind: Kind) -> None:
    driver = open_driver("http://127.0.0.1:9", auth=Elsewhere(), max_retries=0)
    with pytest.raises((APIConnectionError, ValueError)) as caught:
        driver.request("POST")
    assert not isinstance(caught.value, UnicodeError)
