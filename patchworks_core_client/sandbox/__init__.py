"""A local Patchworks to try the SDK out on and to test against.

`python -m patchworks_core_client.sandbox` serves it, `create_app()` gives the ASGI app for in-process use,
and the pytest plugin brings fixtures. Needs the extra `sandbox`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._app import create_app
    from ._faults import Fault, Faults
    from ._sandbox import Sandbox
    from ._seen import Seen
    from ._server import Served, serve
    from ._store import StoreError

__all__ = ["Fault", "Faults", "Sandbox", "Seen", "Served", "StoreError", "create_app", "serve"]

# Loaded when first used: the pytest plugin lives in this package, and pytest imports it in every project in
# which the SDK is installed, also where Starlette is not.
_HOMES = {
    "Fault": "_faults",
    "Faults": "_faults",
    "Sandbox": "_sandbox",
    "Seen": "_seen",
    "Served": "_server",
    "StoreError": "_store",
    "create_app": "_app",
    "serve": "_server",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return __all__
