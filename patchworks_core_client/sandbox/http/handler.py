"""What happens to a request between its arrival and its answer, in the order of a Laravel application."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..laravel.errors import HttpError
from ..laravel.timestamps import timestamp
from ..patchworks import login
from ..patchworks.as_documented import as_documented
from ..patchworks.endpoints import Call
from ..patchworks.operations import LOGIN
from ..testing.recorded_requests import MAX_RECORDED_BODY_BYTES, RecordedRequest
from . import control, requests, routing
from .responses import CutResponse, error_response, fault_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from ..patchworks.operations import SandboxOperation
    from ..testing.engine import Engine
    from ..testing.faults import Fault

    _Handle = Callable[["_Exchange", bytes, dict[str, str]], tuple[int, Any]]


@dataclass(slots=True)
class _Exchange:
    """One request, and what becomes known of it on its way."""

    request: Request
    path: str
    match: routing.Match | None
    operation: str | None
    json: Any = None


class Handler:
    """Answers every request. It blocks while the database works: each request is one step of the state.

    Args:
        engine: what to answer from.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI interface."""
        request = Request(scope, receive)
        # Without where this app is mounted in another one, if it is.
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        match = routing.find(path)
        exchange = _Exchange(request, path, match, match.operation_name(request.method) if match else None)
        if self._engine.options.control and control.is_control(path):
            response = await self._respond(exchange, self._control)
            await response(scope, receive, send)
        else:
            await self._answer(exchange, scope, receive, send)

    async def _answer(self, exchange: _Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        fault = self._engine.faults.take(exchange.operation)
        response = await self._respond_with_fault(exchange, fault)
        request = exchange.request
        seen = RecordedRequest(
            method=request.method,
            path=request.url.path,
            query=tuple(request.query_params.multi_items()),
            json=exchange.json,
            operation=exchange.operation,
            status=response.status_code,
            ms=(time.perf_counter() - started) * 1_000,
            fault=fault.text if fault else None,
        )
        # Before it is sent: whoever has the answer finds the request among those that were seen.
        self._engine.requests.add(seen)
        try:
            await response(scope, receive, send)
        finally:
            self._engine.notify(seen)

    async def _respond_with_fault(self, exchange: _Exchange, fault: Fault | None) -> Response:
        """The answer, with the fault that befalls the request."""
        if fault is None:
            return await self._respond(exchange, self._handle)
        await anyio.sleep(fault.delay_s)
        if fault.status is not None and not fault.late:
            # The body is taken off the wire all the same: the client is still sending it.
            await requests.drain(exchange.request)
            return fault_response(fault)
        response = await self._respond(exchange, self._handle)
        if fault.cut:
            return CutResponse(response)
        return fault_response(fault) if fault.status is not None else response

    async def _respond(self, exchange: _Exchange, handle: _Handle) -> Response:
        """The answer of a function that gives the status and the JSON of a success, or raises a error."""
        headers: dict[str, str] = {}
        try:
            status, content = handle(exchange, await requests.read(exchange.request), headers)
        except HttpError as error:
            shown = error.as_documented() if self._engine.options.as_documented else error
            return error_response(shown, exchange.request, headers)
        return JSONResponse(content, status, headers)

    def _handle(self, exchange: _Exchange, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        if exchange.match is None:
            raise routing.no_route(exchange.path)
        if exchange.match.is_login:
            return 200, self._log_in(exchange, body, headers)
        operation = exchange.match.operation(exchange.request.method)
        self._admit(exchange.request, operation, headers)
        documented = self._engine.options.as_documented
        fields: dict[str, Any] = {}
        if operation.takes_body:
            fields = requests.decode(body, exchange.request, required=documented)
            exchange.json = fields if len(body) <= MAX_RECORDED_BODY_BYTES else None
        with self._engine.database.transaction() as db:
            answer = operation.endpoint(
                Call(
                    db=db,
                    ids=exchange.match.ids(),
                    body=fields,
                    pairs=exchange.request.query_params.multi_items(),
                    url=str(exchange.request.url.replace(query="", fragment="")),
                    now=timestamp(self._engine.now()),
                    documented=documented,
                )
            )
        if documented:
            return 200, as_documented(answer)
        return (201 if operation.creates else 200), answer

    def _admit(self, request: Request, operation: SandboxOperation, headers: dict[str, str]) -> None:
        """Lets a caller in, counts the request, and keeps a manager out of what is an administrator's."""
        now = self._engine.now()
        role = self._engine.authenticator.role(request.headers.get("authorization"), now)
        headers |= self._engine.throttle.hit(role, now)
        if operation.name in self._engine.options.admin_only and role != "administrator":
            raise HttpError(403, "This action is unauthorized.")

    def _log_in(self, exchange: _Exchange, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        request = exchange.request
        if request.method != "POST":
            raise routing.not_allowed(request.method, {"POST": LOGIN})
        now = self._engine.now()
        headers |= self._engine.login_throttle.hit(request.client.host if request.client else "", now)
        credentials = requests.decode(body, request, required=False)
        return login.log_in(self._engine, exchange.path, credentials, now)

    def _control(self, exchange: _Exchange, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        del headers
        request = exchange.request
        self._engine.authenticator.role(request.headers.get("authorization"), self._engine.now())
        order = requests.decode(body, request, required=False)
        return 200, control.serve(self._engine, request.method, exchange.path, order)
