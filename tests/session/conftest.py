"""The fixtures of the tests of calls."""

from tests.support.clients import _no_settings, clock, driver, kind, open_driver, server

__all__ = ["_no_settings", "clock", "driver", "kind", "open_driver", "server"]
