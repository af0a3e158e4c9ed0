"""Routes of the page, who may see it, and its security headers."""

from __future__ import annotations

import base64
import re
import secrets
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ...laravel.errors import HttpError, ValidationError
from ..allowed_hosts import is_loopback
from ..routing import no_route, not_allowed
from . import actions, overview

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from ...testing.sandbox_state import SandboxState

ROOT = "/"
PREFIX = "/_page/"
FILES = Path(__file__).with_name("files")
MEDIA_TYPES = {"style.css": "text/css; charset=utf-8", "script.js": "text/javascript; charset=utf-8"}
ONE_ENVIRONMENT = re.compile(r"environments/([1-9][0-9]{0,17})", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
# Nothing from elsewhere, nothing written into the page, and the page in no frame.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
REALM = 'Basic realm="Patchworks sandbox", charset="UTF-8"'


def is_page(path: str, accept: str) -> bool:
    """Tell whether a request is for the page; at the root, a client that asks for JSON gets the response of the API."""
    if path.startswith(PREFIX):
        return True
    return path == ROOT and not ("json" in accept and "html" not in accept)


class Page:
    """The page of one sandbox.

    Args:
        state: what it shows.
    """

    def __init__(self, state: SandboxState) -> None:
        self._state = state
        self._token = secrets.token_urlsafe(24)

    def respond(self, request: Request, path: str, body: bytes) -> Response:
        """Return the response.

        Raises:
            HttpError: 401 for a stranger, 403 for a form from elsewhere, 404 and 405.
        """
        self._admit(request)
        response = self._route(request, path.removeprefix(PREFIX), body)
        response.headers.update(HEADERS)
        return response

    def _admit(self, request: Request) -> None:
        """Let in who is on this machine, and who has the login.

        Raises:
            HttpError: 401.
        """
        if request.client and is_loopback(request.client.host):
            return
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except ValueError:
            user = password = ""
        if scheme.lower() != "basic" or not self._state.authenticator.matches(user, password):
            raise HttpError(401, "The page asks for the login of the sandbox.", headers={"WWW-Authenticate": REALM})

    def _route(self, request: Request, path: str, body: bytes) -> Response:
        if self._state.options.control and path in actions.ACTIONS:
            return self._act(request, path, body)
        show = self._view(request, path)
        if show is None:
            raise no_route(request.url.path)
        if request.method not in {"GET", "HEAD"}:
            raise not_allowed(request.method, {"GET": None, "HEAD": None})
        return show()

    def _view(self, request: Request, path: str) -> Callable[[], Response] | None:
        if path == ROOT:
            number = request.query_params.get("page", "")
            return lambda: self._index(int(number) if NUMBER.fullmatch(number) else 1)
        if path in MEDIA_TYPES:
            return lambda: Response((FILES / path).read_bytes(), media_type=MEDIA_TYPES[path])
        found = ONE_ENVIRONMENT.fullmatch(path)
        if found is None:
            return None
        return lambda: self._render("environment.html", environment=overview.environment(self._state, int(found[1])))

    def _act(self, request: Request, action: str, body: bytes) -> Response:
        if request.method != "POST":
            raise not_allowed(request.method, {"POST": None})
        form = actions.fields(request, body, self._token)
        try:
            actions.carry_out(self._state, action, form)
        except ValidationError as error:
            return self._index(1, error=actions.message(error), sent=form, status=422)
        # So that loading the page again sends nothing again.
        return RedirectResponse(ROOT, 303)

    def _index(
        self, number: int, *, error: str = "", sent: dict[str, str] | None = None, status: int = 200
    ) -> Response:
        return self._render(
            "index.html",
            status,
            overview=overview.overview(self._state, number),
            requests=overview.recorded(self._state),
            settings=overview.settings(self._state),
            faults=self._state.faults.in_force(),
            control=self._state.options.control,
            token=self._token,
            error=error,
            sent={"fault": "", "rate": ""} | (sent or {}),
        )

    def _render(self, template: str, status: int = 200, **values: Any) -> Response:
        return HTMLResponse(_templates().get_template(template).render(**values), status)


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(FILES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
