"""`proxy=`, and the proxies that the environment names."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from patchworks_core_client import AsyncPatchworks, Patchworks, PatchworksError
from tests.support.cases import cases
from tests.support.fault_server import FaultServer

from .support import REFUSED, SECRET, Client, frames_of_ours


@cases(
    "proxy",
    [
        "localhost:3128",
        "",
        "proxy",
        "http://",
        "http:///x",
        "socks://127.0.0.1:1",
        "socks4://127.0.0.1:1",
        "ftp://h:1",
        "http://h:x",
        "http://h:99999",
        "http://h:1\n",
        f"http://user:{SECRET}#pw@h:1",
        f"http://user:{SECRET}?pw@h:1",
        f"http://user:{SECRET}/pw@h:1",
        f"http://[{SECRET}",
        {"https": f"http://u:{SECRET}@h:1"},
        0,
        False,
        b"http://h:1",
        httpx.Proxy,
        httpx.URL("ftp://h:1"),
        httpx.URL("http:///x"),
        httpx.URL("//h:1"),
        "http://h:0",
        "http://a..b:1",
        f"http://{'a' * 64}:1",
        "http://\u2603:1",
        "http://h\u202e:1",
        "http://[::1]x:1",
        "http://user:\udcff@h:1",
    ],
)
def test_a_proxy_that_is_none(client: Client, proxy: object) -> None:
    with pytest.raises(REFUSED, match="proxy= ") as caught:
        client(api_key="k", proxy=proxy)  # type: ignore[arg-type]
    assert SECRET not in str(caught.value)
    assert SECRET not in str([frame.locals for frame in frames_of_ours(caught.value)])


@cases("proxy", ["http://h:1", "HTTPS://u:p%23@h", httpx.URL("http://h:1"), httpx.Proxy("http://h")])
def test_a_proxy_in_any_form_that_httpx_takes(client: Client, proxy: Any) -> None:
    client(api_key="k", proxy=proxy)


def test_socks_needs_its_package(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "socksio" else object())
    for proxy in ("socks5://h:1", "socks5h://h:1", httpx.URL("socks5://h:1")):
        with pytest.raises(PatchworksError, match=r'pip install "httpx\[socks\]"'):
            client(api_key="k", proxy=proxy, transport="httpx")
    with pytest.raises(ValueError, match='transport="aiohttp" cannot send'):
        AsyncPatchworks(api_key="k", proxy="socks5://h:1", transport="aiohttp")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    client(api_key="k", proxy="socks5://h:1", transport="httpx")


@cases(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks://proxy.example:1"),
        ("https_proxy", "ftp://h:1"),
        ("HTTPS_PROXY", f"http://user:{SECRET}#pw@proxy.example:3128"),
        ("HTTPS_PROXY", f"user:{SECRET}/@proxy.example"),
    ],
)
def test_a_proxy_of_the_environment_that_is_none(
    client: Client, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(PatchworksError, match=f"^{name} ") as caught:
        client(api_key="k")
    assert SECRET not in str(caught.value)
    client(api_key="k", proxy="http://h:1")
    client(api_key="k", base_url="http://127.0.0.1:1")


def test_a_proxy_of_the_environment_that_changes_after_the_client_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    with Patchworks(api_key="k", base_url="https://core.example.com", max_retries=0) as pw:
        monkeypatch.setenv("HTTPS_PROXY", "ftp://h:1")
        with pytest.raises(PatchworksError, match="HTTPS_PROXY must begin with one of http://"):
            pw.request("GET", "/x")


def test_a_proxy_of_the_environment_is_none_of_this_machines_business(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://[nobody")
    with Patchworks(api_key="k", base_url=server.url) as pw:
        assert pw.request("GET", "/x") == {"data": {"ok": True}}
