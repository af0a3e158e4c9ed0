"""A client of httpx2 as `http_client=`."""

from __future__ import annotations

from typing import Any

import httpx
import httpx2
import pytest

from patchworks_core_client import (
    APIConnectionError,
    APITimeoutError,
    AsyncPatchworks,
    ClientStateError,
    NotFoundError,
    Patchworks,
    ResponseTooLargeError,
)
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.driver import Kind
from tests.support.fault_server import FaultServer
from tests.support.plain_http import PLAIN_HTTP
from tests.support.ports import closed_port
from tests.support.replies import CLOSE, STALL, reply

pytestmark = pytest.mark.parametrize("kind", ["httpx", "sync"], indirect=True)


def client_of(kind: Kind, **options: Any) -> Any:
    options.setdefault("verify", PLAIN_HTTP)
    return httpx2.Client(**options) if kind == "sync" else httpx2.AsyncClient(**options)


def close(driver: Any, mine: Any) -> None:
    driver.run(mine.close() if driver.kind == "sync" else mine.aclose())


def test_calls(open_driver: Open, kind: Kind, server: FaultServer, clock: FakeClock) -> None:
    mine = client_of(kind, headers={"X-Team": "a"}, cookies={"c": "1"})
    seen: list[Any] = []
    driver = open_driver(server.url, http_client=mine, max_response_bytes=1000, on_request=seen.append)
    assert driver.request("POST", params={"a": "b"}, json={"c": "d"}) == {"data": {"ok": True}}
    (received,) = server.requests
    assert (received.query, received.json) == ([("a", "b")], {"c": "d"})
    assert (received.header("x-team"), received.header("cookie")) == ("a", "c=1")
    assert received.header("authorization") == "key-of-the-tests"
    assert str(seen[0].url) == f"{server.url}/api/v1/things?a=b"
    server.script(reply(404, json={"message": "no such thing"}))
    with pytest.raises(NotFoundError, match="no such thing") as caught:
        driver.request("GET")
    assert isinstance(caught.value.response, httpx.Response)
    server.script(reply(503, headers={"Retry-After": "2"}))
    driver.request("POST")
    assert clock.waits == [2.0]
    server.script(reply(body=b'"' + b"x" * 5000 + b'"', compressed=True))
    with pytest.raises(ResponseTooLargeError):
        driver.request("GET")
    close(driver, mine)
    with pytest.raises(ClientStateError, match="http_client= is closed"):
        driver.request("GET")


def test_failures(open_driver: Open, kind: Kind, server: FaultServer, clock: FakeClock) -> None:
    mine = client_of(kind, timeout=httpx2.Timeout(5.0, read=0.05))
    driver = open_driver(server.url, http_client=mine, max_retries=1)
    server.default = [STALL]
    with pytest.raises(APITimeoutError, match="the answer took too long") as caught:
        driver.request("POST")
    assert caught.value.may_have_taken_effect is True
    server.default = [CLOSE]
    with pytest.raises(APIConnectionError, match="closed the connection before it answered"):
        driver.request("POST")
    assert len(server.requests) == 2
    close(driver, mine)


def test_nobody_listens(open_driver: Open, kind: Kind, clock: FakeClock) -> None:
    mine = client_of(kind)
    driver = open_driver(f"http://127.0.0.1:{closed_port()}", http_client=mine, max_retries=1)
    with pytest.raises(APIConnectionError, match=r"could not connect to .* had no effect"):
        driver.request("POST")
    assert clock.waits == [0.5]
    close(driver, mine)


def test_hooks_that_read_and_refuse(open_driver: Open, kind: Kind, server: FaultServer) -> None:
    def refuse(response: Any) -> None:
        response.read()
        response.raise_for_status()

    async def refuse_async(response: Any) -> None:
        await response.aread()
        response.raise_for_status()

    mine = client_of(kind, event_hooks={"response": [refuse if kind == "sync" else refuse_async]})
    driver = open_driver(server.url, http_client=mine)
    assert driver.request("GET") == {"data": {"ok": True}}
    server.default = reply(404, json={"message": "no such thing"})
    with pytest.raises(NotFoundError, match="no such thing"):
        driver.request("GET")
    assert len(server.requests) == 2
    close(driver, mine)


def test_what_would_not_be_used_is_refused(kind: Kind) -> None:
    make: Any = Patchworks if kind == "sync" else AsyncPatchworks
    with pytest.raises(ValueError, match="auth"):
        make(api_key="k", http_client=client_of(kind, auth=("a", "b")))
    with pytest.raises(ValueError, match="base_url"):
        make(api_key="k", http_client=client_of(kind, base_url="https://api.example.com"))
