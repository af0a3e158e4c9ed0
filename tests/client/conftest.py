"""The fixtures of the client's tests."""

from tests.support.clients import _no_settings, clock, driver, kind, open_driver, server, transport

__all__ = ["_no_settings", "clock", "driver", "kind", "open_driver", "server", "transport"]
