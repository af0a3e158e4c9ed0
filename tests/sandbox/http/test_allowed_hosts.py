"""The names that a sandbox answers to: a page that points its own name at 127.0.0.1 gets nothing."""

from __future__ import annotations

import socket

import pytest

from patchworks_core_client.sandbox import create_app
from patchworks_core_client.sandbox.http.allowed_hosts import AllowedHosts

from ..conftest import ENVIRONMENTS, Api, connect


@pytest.mark.untraced
@pytest.mark.parametrize(
    "host", ["rebind.evil.example", "rebind.evil.example:8300", "localhost.evil.example", "", "a b"]
)
@pytest.mark.parametrize("path", [ENVIRONMENTS, "/_sandbox", "/", "/fabric/api/login"])
async def test_a_foreign_host_is_421(host: str, path: str) -> None:
    async with connect(create_app(control=True, seed=1)) as http:
        answer = await Api(http).answer("GET", path, headers={"Host": host})
        assert answer.status_code == 421
        assert "not served here" in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8300", "127.8.8.8", "[::1]:80", "localhost."])
async def test_loopback_is_answered(api: Api, host: str) -> None:
    await api("GET", ENVIRONMENTS, headers={"Host": host})


async def test_further_names_are_given() -> None:
    async with connect(create_app(hosts=["sandbox.test", "192.0.2.7"])) as http:
        api = Api(http)
        for host, status in (("Sandbox.Test:80", 200), ("192.0.2.7", 200), ("192.0.2.8", 421), ("other.test", 421)):
            await api("GET", ENVIRONMENTS, headers={"Host": host}, status=status)


def test_every_interface_is_any_address_and_the_name_of_the_machine() -> None:
    for address in ("0.0.0.0", "::"):
        hosts = AllowedHosts([address])
        for host in ("192.0.2.7:8300", "[2001:db8::1]:8300", socket.gethostname(), "[::ffff:127.0.0.1]"):
            assert hosts.allows([host]), host
        assert not hosts.allows(["evil.example"])


def test_two_hosts_are_none() -> None:
    assert not AllowedHosts().allows(["localhost", "evil.example"])
    assert not AllowedHosts().allows([])
