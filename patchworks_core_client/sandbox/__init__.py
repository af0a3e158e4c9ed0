"""A local Patchworks to try the SDK out on and to test against.

`python -m patchworks_core_client.sandbox` serves it, `create_app()` gives the ASGI app for in-process use,
and the pytest plugin brings fixtures. Needs the extra `sandbox`.

Each name is imported when it is first used: the pytest plugin lives in this package, and pytest imports it in every
project in which the SDK is installed, also where Starlette is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .app import create_app as create_app
    from .http.server import RunningSandbox as RunningSandbox, serve as serve
    from .storage.database import StoreError as StoreError
    from .testing.faults import Fault as Fault, Faults as Faults
    from .testing.recorded_requests import RecordedRequest as RecordedRequest, Secret as Secret
    from .testing.sandbox import Sandbox as Sandbox
else:
    from .._lazy import lazy_exports

    __getattr__, __dir__, __all__ = lazy_exports(
        __name__,
        {
            ".app": ("create_app",),
            ".http.server": ("RunningSandbox", "serve"),
            ".storage.database": ("StoreError",),
            ".testing.faults": ("Fault", "Faults"),
            ".testing.recorded_requests": ("RecordedRequest", "Secret"),
            ".testing.sandbox": ("Sandbox",),
        },
    )
