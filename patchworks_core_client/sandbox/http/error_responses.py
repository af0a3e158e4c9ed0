"""Responses that are no success: errors in Laravel's form, and injected faults."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false
import json
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from starlette.responses import HTMLResponse, JSONResponse, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from ..laravel.errors import HttpError
    from ..testing.faults import Fault

# Statuses that Python's list does not have.
REASONS = {419: "Page Expired", 520: "Web server is returning an unknown error"}
# From here on it is the proxy in front that answers, with a page of its own.
PROXY_STATUSES = frozenset({419, 502, 504, *range(520, 531)})
PAGE = "<!DOCTYPE html>\n<html><head><title>{text}</title></head><body>{status} | {text}</body></html>\n"


class CutShortError(Exception):
    """The connection ends in the middle of a response, as a fault wants it."""


class CutResponse(Response):
    """The first half of another response, after which the connection ends.

    Args:
        response: the response to spoil.
    """

    def __init__(self, response: Response) -> None:
        super().__init__(status_code=response.status_code)
        self.raw_headers = response.raw_headers
        self.body = response.body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send half of it and fail, so that the server hangs up."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body[: len(self.body) // 2], "more_body": True})
        raise CutShortError


def error_response(error: HttpError, request: Request, headers: Mapping[str, str]) -> Response:
    """Return the response to a refused request: JSON, and a page for a browser that asks for no JSON."""
    everything = {**headers, **(error.headers or {})}
    accept = request.headers.get("accept", "")
    if "text/html" in accept and "json" not in accept:
        return _page(error.status, everything)
    return JSONResponse(error.body(), error.status, everything)


def fault_response(fault: Fault) -> Response:
    """Return the response of a fault with a status: Laravel's JSON, or the page of a proxy."""
    status = fault.status or 500
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    if status in PROXY_STATUSES:
        return _page(status, headers)
    return JSONResponse({"message": _reason(status)}, status, headers)


def mistyped_response(response: Response) -> Response:
    """Return a success with text for whole numbers in what it holds; how a list is divided into pages stays true."""
    body = json.loads(bytes(response.body))
    if "data" in body:
        body["data"] = _mistyped(body["data"])
    headers = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
    return JSONResponse(body, response.status_code, headers)


def _mistyped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _mistyped(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_mistyped(item) for item in cast("list[object]", value)]
    return str(value) if type(value) is int else value


def _page(status: int, headers: Mapping[str, str]) -> Response:
    return HTMLResponse(PAGE.format(status=status, text=escape(_reason(status))), status, headers)


def _reason(status: int) -> str:
    try:
        return "Server Error" if status == 500 else HTTPStatus(status).phrase
    except ValueError:
        return REASONS.get(status, "Unknown Error")
