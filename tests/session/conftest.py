"""The fixtures of the client's tests, for those of its calls."""

from tests.client.conftest import Open, _no_settings, clock, driver, kind, open_driver, server

__all__ = ["Open", "_no_settings", "clock", "driver", "kind", "open_driver", "server"]
