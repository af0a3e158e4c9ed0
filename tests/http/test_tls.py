"""Certificates: what is trusted, and when they are loaded."""

from __future__ import annotations

import socket
import ssl
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from patchworks_core_client import (
    APIConnectionError,
    Patchworks,
)
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.fault_server import CERTIFICATE, FaultServer


def test_a_certificate_that_is_not_trusted(open_driver: Open, secure: FaultServer, clock: FakeClock) -> None:
    driver = open_driver(secure.url, max_retries=0)
    with pytest.raises(APIConnectionError, match="could not connect") as caught:
        driver.request("POST")
    assert caught.value.may_have_taken_effect is False
    assert "CERTIFICATE_VERIFY_FAILED" in str(caught.value)
    assert secure.requests == []


@pytest.mark.parametrize("form", ["file", "folder", "context", "none", "environment"])
def test_verify(
    open_driver: Open, secure: FaultServer, form: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify: object = True
    if form == "file":
        verify = str(CERTIFICATE)
    elif form == "folder":
        hashed = subprocess.run(
            ["openssl", "x509", "-hash", "-noout", "-in", CERTIFICATE],
            capture_output=True,
            text=True,
            check=False,
        )
        if hashed.returncode != 0:
            pytest.skip("openssl names the certificates of a folder")
        (tmp_path / f"{hashed.stdout.strip()}.0").write_bytes(CERTIFICATE.read_bytes())
        verify = str(tmp_path)
    elif form == "context":
        verify = ssl.create_default_context(cafile=CERTIFICATE)
    elif form == "none":
        verify = False
    else:
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    driver = open_driver(secure.url, verify=verify)
    assert driver.request("GET") == {"data": {"ok": True}}
    assert driver.request("GET") == {"data": {"ok": True}}
    assert secure.connections == 1


def test_a_server_without_tls(open_driver: Open) -> None:
    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(1)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as threads:
        answering = threads.submit(answer)
        driver = open_driver(f"https://127.0.0.1:{listening.getsockname()[1]}", max_retries=0)
        with pytest.raises(APIConnectionError, match=r"is the server plain http\?"):
            driver.request("GET")
        answering.result()


def test_the_name_is_verified(open_driver: Open, secure: FaultServer) -> None:
    assert open_driver(secure.url.replace("127.0.0.1", "localhost"), verify=str(CERTIFICATE)).request("GET")
    driver = open_driver(secure.url.replace("127.0.0.1", "127.0.0.2"), verify=str(CERTIFICATE), max_retries=0)
    with pytest.raises(APIConnectionError):
        driver.request("GET")


def test_no_tls_context_for_plain_http(open_driver: Open, server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("a TLS context was made")

    driver = open_driver(server.url)
    monkeypatch.setattr(ssl.SSLContext, "__new__", fail)
    driver.request("GET")
    # One that makes no call needs none either.
    Patchworks(api_key="k").close()


@pytest.mark.untraced
@cases("size", [0, 3, 100_000, 3_000_000])
def test_bodies_are_sent_with_tls(open_driver: Open, secure: FaultServer, size: int) -> None:
    secure.requests.clear()
    driver = open_driver(secure.url, verify=False, max_retries=0)
    for _ in range(2):
        assert driver.request("POST", json="x" * size, timeout=5) == {"data": {"ok": True}}
    assert [len(request.body) for request in secure.requests] == [size + 2] * 2
