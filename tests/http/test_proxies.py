"""Proxies: of the argument and of the environment, and what is said of one that cannot be used."""

from __future__ import annotations

import httpx
import pytest

from patchworks_core_client import (
    APIConnectionError,
)
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.driver import Kind
from tests.support.fault_server import FaultServer
from tests.support.ports import closed_port
from tests.support.replies import Received, Steps, reply


def test_a_server_that_is_not_there(open_driver: Open, clock: FakeClock) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    with pytest.raises(APIConnectionError, match=f"could not connect to {url}: "):
        open_driver(url).request("GET")


def proxied(received: Received) -> Steps:
    """A forward proxy that answers by itself."""
    return reply(json={"target": received.target, "host": received.header("host")})


def test_a_proxy(open_driver: Open, server: FaultServer) -> None:
    server.default = proxied
    driver = open_driver("http://api.invalid:8080", proxy=server.url, allow_http=True)
    assert driver.request("GET", "/x") == {"target": "http://api.invalid:8080/x", "host": "api.invalid:8080"}


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_the_proxy_of_the_environment(
    open_driver: Open, server: FaultServer, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    server.default = proxied
    monkeypatch.setenv(variable, server.url.removeprefix("http://") if variable == "http_proxy" else server.url)
    driver = open_driver("http://api.invalid", allow_http=True)
    assert driver.request("GET", "/x")["target"] == "http://api.invalid/x"


def test_no_proxy_elsewhere_for_this_machine(
    open_driver: Open, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.invalid:3128")
    assert open_driver(server.url).request("GET") == {"data": {"ok": True}}
    server.default = proxied
    elsewhere = f"http://127.0.0.1:{closed_port()}"
    asked = open_driver(elsewhere, proxy=server.url).request("GET", "/x")
    assert asked["target"].endswith("/x"), "a proxy that is asked for is used"
    monkeypatch.setenv("ALL_PROXY", server.url.replace("127.0.0.1", "localhost"))
    assert open_driver(elsewhere).request("GET", "/x") == asked, "and so is one on this machine"


def test_no_proxy(open_driver: Open, server: FaultServer, monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> None:
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{closed_port()}")
    for hosts in ("example.com,127.0.0.1", f"127.0.0.1:{server.port}", "*"):
        monkeypatch.setenv("NO_PROXY", hosts)
        assert open_driver(server.url).request("GET") == {"data": {"ok": True}}
    monkeypatch.setenv("NO_PROXY", f"127.0.0.1:{server.port + 1},::1")
    with pytest.raises(APIConnectionError, match="through the proxy"):
        open_driver(server.url).request("GET")


def test_a_proxy_goes_before_that_of_the_environment(
    open_driver: Open, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.default = proxied
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{closed_port()}")
    driver = open_driver("http://api.invalid", proxy=httpx.URL(server.url), allow_http=True)
    assert driver.request("GET", "/x")["host"] == "api.invalid"


def test_a_proxy_that_refuses_a_tunnel(open_driver: Open, server: FaultServer, clock: FakeClock) -> None:
    server.default = reply(407, body=b"who are you")
    driver = open_driver("https://api.invalid", proxy=httpx.Proxy(server.url), max_retries=1)
    with pytest.raises(APIConnectionError, match="had no effect") as caught:
        driver.request("POST")
    assert caught.value.may_have_taken_effect is False
    assert [r.method for r in server.requests] == ["CONNECT", "CONNECT"]
    assert server.requests[0].header("authorization") is None, "the credential is for the server, not for the proxy"


def test_a_proxy_that_is_not_there(open_driver: Open, kind: Kind, clock: FakeClock) -> None:
    proxy = f"127.0.0.1:{closed_port()}"
    user = "user:pass@"
    driver = open_driver("http://api.invalid", proxy=f"http://{user}{proxy}", allow_http=True)
    with pytest.raises(APIConnectionError) as caught:
        driver.request("POST")
    assert f"could not connect to http://api.invalid through the proxy http://{proxy}: " in str(caught.value)
    assert caught.value.may_have_taken_effect is False
