"""The fixtures of the client's tests."""

from __future__ import annotations

import pytest

from tests.support.clients import _no_settings, clock, driver, kind, open_driver, server, transport

from .support import CLIENTS, Client

__all__ = ["_no_settings", "client", "clock", "driver", "kind", "open_driver", "server", "transport"]


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> Client:
    """The class of either client."""
    chosen: Client = request.param
    return chosen
