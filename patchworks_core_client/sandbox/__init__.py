"""A local Patchworks to try the SDK out on and to test against.

`python -m patchworks_core_client.sandbox` serves it, `create_app()` gives the ASGI app for in-process use,
and the pytest plugin brings fixtures. Needs the extra `sandbox`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app import create_app
    from .http.server import RunningSandbox, serve
    from .storage.database import StoreError
    from .testing.faults import Fault, Faults
    from .testing.recorded_requests import RecordedRequest
    from .testing.sandbox import Sandbox

__all__ = ["Fault", "Faults", "RecordedRequest", "RunningSandbox", "Sandbox", "StoreError", "create_app", "serve"]

# Loaded when first used: the pytest plugin lives in this package, and pytest imports it in every project in
# which the SDK is installed, also where Starlette is not.
_HOMES = {
    "Fault": "testing.faults",
    "Faults": "testing.faults",
    "Sandbox": "testing.sandbox",
    "RecordedRequest": "testing.recorded_requests",
    "RunningSandbox": "http.server",
    "StoreError": "storage.database",
    "create_app": "app",
    "serve": "http.server",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return __all__
