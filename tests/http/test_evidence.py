"""That nothing was sent is believed on evidence only, so that no POST goes out twice for the lack of a sign."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from patchworks_core_client import APIConnectionError, AsyncPatchworks, Patchworks
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.driver import Driver, Kind
from tests.support.fault_server import CLOSE, FaultServer, closed_port

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


def own_client(kind: Kind) -> Any:
    return httpx.Client() if kind == "sync" else httpx.AsyncClient()


@pytest.mark.parametrize("kind", ["httpx", "sync"], indirect=True)
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("error", [*UNKNOWN, *NOT_SENT], ids=lambda error: type(error).__name__)
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
    from tests.support.fault_server import deaf_port

    for transport in ("httpx", "aiohttp"):
        with deaf_port() as port:
            pw = AsyncPatchworks(api_key="k", base_url=f"http://127.0.0.1:{port}", transport=transport)  # type: ignore[arg-type]
            async with pw:
                with pytest.raises(APIConnectionError) as caught:
                    await pw.request("POST", "/x", timeout=0.3)
            assert caught.value.may_have_taken_effect is False


def test_a_call_that_waits_for_a_connection_was_not_sent(server: FaultServer) -> None:
    import threading

    from tests.support.fault_server import STALL

    server.default = [STALL]
    with Patchworks(api_key="k", base_url=server.url, max_connections=1, max_retries=0) as pw:

        def stall() -> None:
            with pytest.raises(APIConnectionError):
                pw.request("GET", "/a", timeout=2)

        first = threading.Thread(target=stall)
        first.start()
        server.wait_for(1)
        with pytest.raises(APIConnectionError) as caught:
            pw.request("POST", "/b", timeout=0.2)
        assert caught.value.may_have_taken_effect is False
        first.join()
