"""`create_app`: the sandbox as an ASGI app."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from os import PathLike
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Match

from .http.allowed_hosts import AllowedHosts
from .http.handler import Handler
from .laravel.throttle import Rate
from .patchworks.auth import DEFAULT_API_KEY, DEFAULT_PASSWORD, DEFAULT_TOKEN_TTL_S, DEFAULT_USERNAME, Credentials
from .patchworks.subscription_plans import plan
from .testing.faults import Fault
from .testing.recorded_requests import DEFAULT_KEEP_REQUESTS
from .testing.sandbox import Sandbox
from .testing.sandbox_options import SandboxOptions, operation_names
from .testing.sandbox_state import SandboxState

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


def create_app(
    *,
    db: str | PathLike[str] | None = None,
    api_key: str = DEFAULT_API_KEY,
    username: str = DEFAULT_USERNAME,
    password: str = DEFAULT_PASSWORD,
    token_ttl: int = DEFAULT_TOKEN_TTL_S,
    rate: str | None = None,
    login_rate: str | None = None,
    faults: Iterable[str | Fault] = (),
    admin_only: Iterable[str] = (),
    as_documented: bool = False,
    seed: int | None = None,
    control: bool = False,
    keep_requests: int = DEFAULT_KEEP_REQUESTS,
    profile: str | None = None,
    lag: float = 0.0,
    hosts: Iterable[str] = (),
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """Make a local Patchworks, an ASGI app.

    Args:
        db: the SQLite file that keeps the state; by default it lives in memory.
        api_key: the key that is let in, with a manager's rights.
        username: the user of the login, an administrator.
        password: the user's password.
        token_ttl: how many seconds a token is good for.
        rate: how many requests the company has, like `60/min`, `5/s` or `10/30s`; by default there is no limit.
        login_rate: the same for logins.
        faults: faults to inject, like `5% 503` or `next 2 429 retry-after 1`; see `Fault.parse`.
        admin_only: operations that refuse a manager's key with 403, like `virtual_environments.delete`.
        as_documented: answer exactly as in the pages, also where the real API is believed to do otherwise.
        seed: fill an empty sandbox with example data, the same for the same number.
        control: serve the control path `/_sandbox`.
        keep_requests: how many requests are recorded, at most a million; 0 records none.
        profile: the limits of a documented plan: `growth`, `professional` or `enterprise`. A `rate` given besides it
            takes the place of the plan's.
        lag: how many seconds pass before what was created can be read.
        hosts: names that requests may be addressed to, besides those of loopback.
        clock: gives the time in seconds since the epoch.

    Returns:
        The app; its `state.sandbox` is the `Sandbox` behind it.

    Raises:
        ValueError: a rate, a fault, a profile or an operation that cannot be understood, a credential that is
            empty or no line of text, or a number out of its bounds.
        StoreError: the database cannot be used.

    Example:
        ```python
        import httpx

        transport = httpx.ASGITransport(app=create_app(seed=1, api_key="mine"))
        async with httpx.AsyncClient(transport=transport) as http:
            pw = AsyncPatchworks(base_url="http://127.0.0.1", api_key="mine", http_client=http)
            print(await pw.virtual_environments.get(1))
        ```
    """
    limits = plan(profile) if profile is not None else None
    allowed = rate or (limits.rate if limits else None)
    state = SandboxState(
        SandboxOptions(
            db=db,
            credentials=Credentials(api_key, username, password),
            token_ttl=token_ttl,
            rate=Rate.parse(allowed) if allowed else None,
            login_rate=Rate.parse(login_rate) if login_rate else None,
            faults=tuple(fault if isinstance(fault, Fault) else Fault.parse(fault) for fault in faults),
            admin_only=operation_names(admin_only),
            as_documented=as_documented,
            seed=seed,
            control=control,
            keep_requests=keep_requests,
            max_environments=limits.max_environments if limits else None,
            lag=lag,
            clock=clock,
        )
    )

    allowed_hosts = AllowedHosts(hosts)
    app = Starlette(routes=[_CatchAll(Handler(state, allowed_hosts))])
    app.state.hosts = allowed_hosts
    app.state.sandbox_state = state
    app.state.sandbox = Sandbox(app, state)
    return app


class _CatchAll(BaseRoute):
    """Lead every request to one handler; the patterns of Starlette's own routes do not match a line break."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.FULL if scope["type"] == "http" else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._handler(scope, receive, send)
