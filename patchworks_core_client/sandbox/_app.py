"""The ASGI app: what happens to a request between its arrival and its answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import _body, _login, _routing
from ._answers import CutResponse, fault_response, refusal_response
from ._auth import DEFAULT_API_KEY, DEFAULT_PASSWORD, DEFAULT_TOKEN_TTL_S, DEFAULT_USERNAME, Credentials
from ._documented import as_documented
from ._endpoints import Call
from ._errors import Refusal
from ._faults import Fault
from ._operations import LOGIN
from ._sandbox import Options, Sandbox, Seen, operations, timestamp
from ._throttle import Rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike

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
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """A local Patchworks as an ASGI app.

    Args:
        db: the SQLite file that keeps the state; by default it lives in memory.
        api_key: the key that is let in, with a manager's rights.
        username: the user of the login, an administrator.
        password: the user's password.
        token_ttl: how many seconds a token is good for.
        rate: how many requests a caller has, like `60/min`, `5/s` or `10/30s`; by default there is no limit.
        login_rate: the same for logins.
        faults: faults to order, like `5% 503` or `next 2 429 retry-after 1`; see `Fault.parse`.
        admin_only: operations that refuse a manager's key with 403, like `virtual_environments.delete`.
        as_documented: answer exactly as in the pages, also where the real one is believed to do otherwise.
        seed: fill an empty sandbox with example data, the same for the same number.
        control: serve the control path `/_sandbox`.
        clock: gives the time in seconds since the epoch.

    Returns:
        The app; its `state.sandbox` is the `Sandbox` behind it.

    Raises:
        ValueError: a rate, a fault or an operation that cannot be understood.
        StoreError: the database cannot be used.

    Example:
        ```python
        app = create_app(seed=1)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            pw = AsyncPatchworks(api_key="sandbox-api-key", http_client=http)
        ```
    """
    sandbox = Sandbox(
        Options(
            db=db,
            credentials=Credentials(api_key, username, password),
            token_ttl=token_ttl,
            rate=Rate.parse(rate) if rate else None,
            login_rate=Rate.parse(login_rate) if login_rate else None,
            faults=tuple(fault if isinstance(fault, Fault) else Fault.parse(fault) for fault in faults),
            admin_only=operations(admin_only),
            as_documented=as_documented,
            seed=seed,
            control=control,
            clock=clock,
        )
    )

    app = Starlette(routes=[Route("/{path:path}", Handler(sandbox))])
    app.state.sandbox = sandbox
    return app


@dataclass(slots=True)
class _Exchange:
    """What becomes known of a request on its way."""

    request: Request
    match: _routing.Match | None
    operation: str | None
    json: Any = None


class Handler:
    """Answers every request. It blocks while the database works: each request is one step of the state.

    Args:
        sandbox: the sandbox to answer from.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI interface."""
        started = time.perf_counter()
        request = Request(scope, receive)
        match = _routing.find(request.url.path)
        exchange = _Exchange(request, match, match.operation_name(request.method) if match else None)
        fault = self._sandbox.faults.take(exchange.operation)
        response = await self._answer(exchange, fault)
        try:
            await response(scope, receive, send)
        finally:
            self._sandbox.saw(
                Seen(
                    method=request.method,
                    path=request.url.path,
                    query=tuple(request.query_params.multi_items()),
                    json=exchange.json,
                    operation=exchange.operation,
                    status=response.status_code,
                    ms=(time.perf_counter() - started) * 1_000,
                    fault=fault.text if fault else None,
                )
            )

    async def _answer(self, exchange: _Exchange, fault: Fault | None) -> Response:
        if fault is None:
            return await self._serve(exchange)
        await anyio.sleep(fault.delay_s)
        if fault.status is not None and not fault.late:
            # The body is taken off the wire all the same: the client is still sending it.
            await exchange.request.body()
            return fault_response(fault)
        response = await self._serve(exchange)
        if fault.cut:
            return CutResponse(response)
        return fault_response(fault) if fault.status is not None else response

    async def _serve(self, exchange: _Exchange) -> Response:
        headers: dict[str, str] = {}
        try:
            status, content = await self._handle(exchange, headers)
        except Refusal as refusal:
            shown = refusal.as_documented() if self._sandbox.options.as_documented else refusal
            return refusal_response(shown, exchange.request, headers)
        return JSONResponse(content, status, headers)

    async def _handle(self, exchange: _Exchange, headers: dict[str, str]) -> tuple[int, Any]:
        """The status and the JSON of a success; headers that every answer has are added to those given."""
        sandbox, request, match = self._sandbox, exchange.request, exchange.match
        documented = sandbox.options.as_documented
        body = await _body.read(request)
        content_type = request.headers.get("content-type", "")
        now = sandbox.now()
        if match is None:
            raise Refusal(404, f"The route {request.url.path.strip('/')} could not be found.")
        if match.is_login:
            if request.method != "POST":
                raise _routing.not_allowed(request.method, {"POST": LOGIN})
            headers |= sandbox.login_throttle.hit(request.client.host if request.client else "", now)
            return 200, _login.log_in(
                sandbox, request.url.path, _body.decode(body, content_type, required=False), now
            )
        operation = match.operation(request.method)
        role = sandbox.gate.role(request.headers.get("authorization"), now)
        headers |= sandbox.throttle.hit(role, now)
        if operation.name in sandbox.options.admin_only and role != "administrator":
            raise Refusal(403, "This action is unauthorized.")
        if operation.takes_body:
            exchange.json = _body.decode(body, content_type, required=documented)
        with sandbox.store.transaction() as db:
            answer = operation.endpoint(
                Call(
                    db=db,
                    ids=match.ids(),
                    body=exchange.json or {},
                    pairs=request.query_params.multi_items(),
                    url=str(request.url.replace(query="", fragment="")),
                    now=timestamp(now),
                    documented=documented,
                )
            )
        if documented:
            return 200, as_documented(operation.name, answer)
        return (201 if operation.creates else 200), answer
