"""Handle a request from its arrival to its response, in the order of a Laravel application."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..laravel.errors import HttpError
from ..laravel.timestamps import timestamp
from ..patchworks import login
from ..patchworks.documented_responses import as_documented
from ..patchworks.endpoints.call import Call
from ..patchworks.routes import LOGIN
from ..testing.recorded_requests import MAX_RECORDED_BODY_BYTES, RecordedRequest, mask_secrets
from . import control_path, request_body, routing
from .error_responses import CutResponse, error_response, fault_response, mistyped_response
from .html_page.router import Page, is_page

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Receive, Scope, Send

    from ..patchworks.routes import Operation
    from ..testing.faults import Fault
    from ..testing.sandbox_state import SandboxState
    from .allowed_hosts import AllowedHosts

    _Handle = Callable[["_Exchange", bytes, dict[str, str]], Awaitable[Response]]

COMPANY = "company"


@dataclass(slots=True)
class _Exchange:
    """One request, and what becomes known of it on its way."""

    request: Request
    request_id: str
    path: str
    match: routing.Match | None
    operation: str | None
    json: dict[str, Any] | None = None
    payload: dict[str, Any] | None = None


class Handler:
    """Answers every request; each is one step of the state.

    Args:
        state: what to answer from.
        hosts: the names that are answered to.
    """

    def __init__(self, state: SandboxState, hosts: AllowedHosts) -> None:
        self._state = state
        self._hosts = hosts
        self._page = Page(state)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request through the ASGI interface."""
        request = Request(scope, receive)
        # Without where this app is mounted in another one, if it is.
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        match = routing.find(path)
        operation = match.operation_name(request.method) if match else None
        exchange = _Exchange(request, str(uuid.uuid4()), path, match, operation)
        beside = self._outside_api(exchange)
        if beside is None:
            await self._answer(exchange, scope, receive, send)
        else:
            response = await self._respond(exchange, beside)
            response.headers["X-Request-Id"] = exchange.request_id
            await response(scope, receive, send)

    def _outside_api(self, exchange: _Exchange) -> _Handle | None:
        """Return what answers beside the API, where nothing is recorded, throttled or struck by a fault."""
        if is_page(exchange.path, exchange.request.headers.get("accept", "")):
            return self._show_page
        if self._state.options.control and control_path.is_control(exchange.path):
            return self._control
        return None

    async def _answer(self, exchange: _Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        started, at = time.perf_counter(), time.time()
        fault = self._state.faults.take(exchange.operation)
        response = await self._respond_with_fault(exchange, fault)
        response.headers["X-Request-Id"] = exchange.request_id
        request = exchange.request
        recorded = RecordedRequest(
            method=request.method,
            path=request.url.path,
            query=tuple(request.query_params.multi_items()),
            json=mask_secrets(exchange.operation, exchange.json, exchange.payload),
            operation=exchange.operation,
            status=response.status_code,
            ms=(time.perf_counter() - started) * 1_000,
            fault=fault.text if fault else None,
            request_id=exchange.request_id,
            at=at,
        )
        # Before it is sent: whoever has the response finds the request among those that were recorded.
        self._state.requests.add(recorded)
        try:
            await response(scope, receive, send)
        finally:
            self._state.notify(recorded)

    async def _respond_with_fault(self, exchange: _Exchange, fault: Fault | None) -> Response:
        """Return the response, with the fault that was injected."""
        if fault is None:
            return await self._respond(exchange, self._handle)
        await anyio.sleep(fault.delay_s)
        if fault.status is not None and not fault.late:
            # The body is taken off the wire all the same: the client is still sending it.
            await request_body.drain(exchange.request)
            return fault_response(fault)
        response = await self._respond(exchange, self._handle)
        if fault.cut:
            return CutResponse(response)
        if fault.mistyped and response.status_code < 300:
            return mistyped_response(response)
        return fault_response(fault) if fault.status is not None else response

    async def _respond(self, exchange: _Exchange, handle: _Handle) -> Response:
        """Return the response of a function that gives that of a success, or raises an error."""
        headers: dict[str, str] = {}
        try:
            body = await request_body.read(exchange.request)
            if not self._hosts.allows(exchange.request.headers.getlist("host")):
                raise routing.wrong_host(exchange.request.headers.get("host"))
            return await handle(exchange, body, headers)
        except HttpError as error:
            shown = error.as_documented() if self._state.options.as_documented else error
            return error_response(shown, exchange.request, headers)

    async def _handle(self, exchange: _Exchange, body: bytes, headers: dict[str, str]) -> Response:
        if exchange.match is None:
            raise routing.no_route(exchange.path)
        if exchange.match.is_login:
            payload = self._log_in(exchange, body, headers)
            return JSONResponse(payload, headers=headers)
        operation = exchange.match.operation(exchange.request.method)
        self._admit(exchange.request, operation, headers)
        options = self._state.options
        fields: dict[str, Any] = {}
        if operation.takes_body:
            fields = request_body.decode(body, exchange.request, required=options.as_documented)
            exchange.json = fields if len(body) <= MAX_RECORDED_BODY_BYTES else None
        payload = await self._with_database(lambda: self._execute(exchange, operation, fields))
        exchange.payload = payload
        if options.as_documented:
            return JSONResponse(as_documented(payload), headers=headers)
        return JSONResponse(payload, 201 if operation.creates else 200, headers)

    def _execute(self, exchange: _Exchange, operation: Operation, fields: dict[str, Any]) -> dict[str, Any]:
        """Run an operation in a transaction of its own."""
        assert exchange.match is not None  # noqa: S101 - for the type checkers
        options = self._state.options
        now = self._state.now()
        with self._state.database.transaction() as db:
            return operation.endpoint(
                Call(
                    db=db,
                    ids=exchange.match.ids(),
                    body=fields,
                    pairs=exchange.request.query_params.multi_items(),
                    url=str(exchange.request.url.replace(query="", fragment="")),
                    now=timestamp(now),
                    visible_at=now + options.lag if options.lag else 0.0,
                    max_environments=options.max_environments,
                    documented=options.as_documented,
                )
            )

    async def _with_database(self, work: Callable[[], Any]) -> Any:
        """Do what needs the database: off the event loop where it has to wait for a disk or another process."""
        if self._state.database.in_memory:
            return work()
        return await anyio.to_thread.run_sync(work)

    def _admit(self, request: Request, operation: Operation, headers: dict[str, str]) -> None:
        """Let a caller in, count the request, and keep a manager out of what is an administrator's."""
        now = self._state.now()
        role = self._state.authenticator.role(request.headers.get("authorization"), now)
        # One budget for the company, whichever way its callers authenticate.
        headers |= self._state.throttle.hit(COMPANY, now)
        if operation.name in self._state.options.admin_only and role != "administrator":
            raise HttpError(403, "This action is unauthorized.")

    def _log_in(self, exchange: _Exchange, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        request = exchange.request
        if request.method != "POST":
            raise routing.not_allowed(request.method, {"POST": LOGIN})
        now = self._state.now()
        headers |= self._state.login_throttle.hit(request.client.host if request.client else "", now)
        credentials = exchange.json = request_body.decode(body, request, required=False)
        return login.log_in(self._state.authenticator, exchange.path, credentials, now)

    async def _control(self, exchange: _Exchange, body: bytes, headers: dict[str, str]) -> Response:
        request = exchange.request
        self._state.authenticator.role(request.headers.get("authorization"), self._state.now())
        order = request_body.decode_control(body, request)
        payload = await self._with_database(
            lambda: control_path.serve(self._state, request.method, exchange.path, order)
        )
        return JSONResponse(payload, headers=headers)

    async def _show_page(self, exchange: _Exchange, body: bytes, headers: dict[str, str]) -> Response:
        del headers
        response: Response = await self._with_database(
            lambda: self._page.respond(exchange.request, exchange.path, body)
        )
        return response
