"""Serving in a thread: addresses, and an end without leftovers."""

from __future__ import annotations

import threading

import httpx
import pytest

from patchworks_core_client.sandbox import _server, create_app

from .conftest import ENVIRONMENTS, KEY


def has_ipv6() -> bool:
    """Whether this machine has an IPv6 loopback."""
    try:
        _server.listen("::1", 0).close()
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback")


@needs_ipv6
def test_ipv6_loopback() -> None:
    with _server.listen("::1", 0) as listener:
        assert _server.url_of(listener).startswith("http://[::1]:")


def test_served_in_a_thread_it_stops_with_the_block() -> None:
    app = create_app()
    before = threading.active_count()
    for _ in range(2):
        with _server.serve(app) as served, httpx.Client(base_url=served.url, headers=KEY) as http:
            assert http.get(ENVIRONMENTS).status_code == 200
            assert served.sandbox is app.state.sandbox
    assert threading.active_count() == before
    with pytest.raises(httpx.ConnectError):
        httpx.get(served.url)
    with _server.serve(app):
        pass
