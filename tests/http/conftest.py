"""The fixtures of the transports' tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.clients import _no_settings, clock, driver, kind, open_driver, server, transport
from tests.support.fault_server import FaultServer

__all__ = ["_no_settings", "clock", "driver", "kind", "open_driver", "secure", "server", "transport"]


@pytest.fixture
def secure() -> Iterator[FaultServer]:
    """A server with TLS, and a certificate that nobody trusts unless told to."""
    with FaultServer(tls=True) as running:
        yield running
