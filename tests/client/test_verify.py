"""`verify=`, and the certificates that the environment names."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from patchworks_core_client import Patchworks, PatchworksError
from tests.support.cases import cases
from tests.support.fault_server import CERTIFICATE, FaultServer

from .support import REFUSED, Client


@cases("value", [None, 0, 1, b"", "", b"ca.pem", [], object(), 0.0, "/nowhere/ca.pem", "a\0b"])
def test_verify_takes_what_it_means_and_nothing_that_is_merely_false(client: Client, value: object) -> None:
    with pytest.raises(REFUSED, match="verify= "):
        client(api_key="k", verify=value)  # type: ignore[arg-type]


class PathOfBytes:
    def __fspath__(self) -> bytes:
        return b"ca.pem"


def test_verify_takes_a_path_of_either_type(client: Client) -> None:
    for value in (CERTIFICATE, str(CERTIFICATE), CERTIFICATE.parent, ssl.create_default_context(), True, False):
        client(api_key="k", verify=value)
    with pytest.raises(TypeError, match="a path of text"):
        client(api_key="k", verify=PathOfBytes())  # type: ignore[arg-type]


def test_certificates_that_cannot_be_read(server: FaultServer, tmp_path: Path) -> None:
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate")
    pw = Patchworks(api_key="k", base_url=server.url.replace("http:", "https:"), verify=broken)
    for use in (pw.prepare, lambda: pw.request("GET", "/x")):
        with pytest.raises(PatchworksError, match=r"the certificates that verify= \('.*ca.pem'\) names cannot be load"):
            use()


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_of_the_environment(
    client: Client, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(name, str(tmp_path / "gone"))
    with pytest.raises(PatchworksError, match=f"{name} names what is not there, '.*gone'"):
        client(api_key="k")
    client(api_key="k", verify=False)
    client(api_key="k", base_url="http://127.0.0.1:1")
    monkeypatch.setenv(name, str(CERTIFICATE if name == "SSL_CERT_FILE" else tmp_path))
    client(api_key="k")


def test_the_file_of_keys_that_cannot_be_written_is_named(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    pw = Patchworks(api_key="k", base_url=server.url.replace("http:", "https:"))
    monkeypatch.setenv("SSLKEYLOGFILE", "/nowhere/keys.log")
    with pytest.raises(PatchworksError, match=r"cannot be loaded: No such file or directory: '/nowhere/keys.log'"):
        pw.request("GET", "/x")


def test_certificates_that_go_away_after_the_client_was_made(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pw = Patchworks(api_key="k", base_url=server.url.replace("http:", "https:"))
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(PatchworksError, match="SSL_CERT_FILE, SSL_CERT_DIR or this system names cannot be loaded"):
        pw.request("GET", "/x")


def test_a_context_for_servers_verifies_none(client: Client) -> None:
    with pytest.raises(ValueError, match=r"^verify= is a context for servers"):
        client(api_key="k", verify=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))


def test_without_certificates_in_the_environment(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    client(api_key="k")
