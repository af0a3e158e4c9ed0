"""Tools that mock or record HTTP see what the client sends, with its own transports and with `http_client=`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
import vcr  # type: ignore[import-untyped]
from pytest_httpx import HTTPXMock

from patchworks_core_client import APITimeoutError, NotFoundError
from tests.support.clients import Open
from tests.support.driver import Driver, Kind
from tests.support.fault_server import FaultServer
from tests.support.plain_http import PLAIN_HTTP
from tests.support.replies import reply

URL = "https://api.example.com"

pytestmark = [
    # Those of aiohttp have tools of their own.
    pytest.mark.parametrize("kind", ["httpx", "sync"], indirect=True),
    pytest.mark.parametrize("own", [False, True], ids=["default", "http_client"]),
]


@pytest.fixture
def options(kind: Kind, own: bool) -> dict[str, Any]:
    """The arguments of a client with its own transports, or with a client of httpx."""
    make = httpx.Client if kind == "sync" else httpx.AsyncClient
    return {"http_client": make(verify=PLAIN_HTTP)} if own else {}


@pytest.fixture
def mocked(open_driver: Open, kind: Kind, options: dict[str, Any]) -> Iterator[Driver]:
    """A client of a server that is not there."""
    driver = open_driver(URL, **options)
    yield driver
    mine = options.get("http_client")
    if mine is not None:
        driver.run(mine.close() if kind == "sync" else mine.aclose())


def test_respx(mocked: Driver, own: bool) -> None:
    with respx.mock(base_url=URL) as router:
        things = router.get("/api/v1/things").mock(return_value=httpx.Response(200, json={"data": [1]}))
        missing = router.get("/missing").mock(return_value=httpx.Response(404, json={"message": "not here"}))
        slow = router.post("/slow").mock(side_effect=httpx.ReadTimeout("slow"))
        for _ in range(2):
            assert mocked.request("GET") == {"data": [1]}
        with pytest.raises(NotFoundError, match="not here"):
            mocked.request("GET", "/missing")
        with pytest.raises(APITimeoutError) as caught:
            mocked.request("POST", "/slow")
        assert caught.value.may_have_taken_effect is True
        assert (things.call_count, missing.call_count, slow.call_count) == (2, 1, 1)
        assert things.calls[0].request.headers["authorization"] == "key-of-the-tests"


def test_pytest_httpx(mocked: Driver, own: bool, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=f"{URL}/api/v1/things?a=b", method="POST", match_json={"c": "d"}, json={"data": 1})
    httpx_mock.add_exception(httpx.ReadTimeout("slow"), method="POST", url=f"{URL}/slow")
    assert mocked.request("POST", params={"a": "b"}, json={"c": "d"}) == {"data": 1}
    with pytest.raises(APITimeoutError):
        mocked.request("POST", "/slow")
    requests = httpx_mock.get_requests()
    assert [request.url.path for request in requests] == ["/api/v1/things", "/slow"]
    assert requests[0].headers["authorization"] == "key-of-the-tests"


def test_vcrpy(
    open_driver: Open, kind: Kind, own: bool, options: dict[str, Any], server: FaultServer, tmp_path: Path
) -> None:
    server.default = lambda received: reply(json=received.path)
    driver = open_driver(server.url, **options)
    recorder = vcr.VCR(filter_headers=["authorization"])
    cassette = tmp_path / "cassette.yaml"
    for mode in ("once", "none"):
        with recorder.use_cassette(str(cassette), record_mode=mode):
            assert driver.request("GET", "/a") == "/a"
            assert driver.request("GET", "/b") == "/b"
    assert [request.path for request in server.requests] == ["/a", "/b"], "the second time they came from the cassette"
    assert "key-of-the-tests" not in cassette.read_text()
    mine = options.get("http_client")
    if mine is not None:
        driver.run(mine.close() if kind == "sync" else mine.aclose())
