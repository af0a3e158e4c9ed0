"""The forms of the page: which are accepted, and what each does to a running sandbox.

A form is sent by any page that a browser shows, without being asked. So each carries a token that only the page of this
sandbox has, and a browser that says where a form comes from has to say that it comes from here.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from ...laravel.errors import HttpError, ValidationError
from .. import control_path
from ..request_body import media_type

if TYPE_CHECKING:
    from starlette.requests import Request

    from ...testing.sandbox_state import SandboxState

MAX_FORM_BYTES = 16 * 1024
MAX_FIELDS = 20
FORM = "application/x-www-form-urlencoded"
# What each form asks of the control path.
ACTIONS = {
    "faults": ("POST", "/faults"),
    "lift-faults": ("DELETE", "/faults"),
    "settings": ("PUT", "/settings"),
    "forget-requests": ("DELETE", "/requests"),
    "revoke-tokens": ("POST", "/revoke-tokens"),
    "reset": ("POST", "/reset"),
}


def fields(request: Request, body: bytes, token: str) -> dict[str, str]:
    """Return the fields of a form that was sent from the page itself.

    Raises:
        HttpError: 403 for a form from elsewhere, 413 and 415 for what is no form of the page.
    """
    if media_type(request) != FORM:
        raise HttpError(415, f"The request body must be {FORM}.")
    if len(body) > MAX_FORM_BYTES:
        raise HttpError(413, "The POST data is too large.")
    try:
        found = dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError:
        raise HttpError(400, "The form cannot be read.") from None
    from_here = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    if not from_here or not hmac.compare_digest(found.pop("token", "").encode(), token.encode()):
        raise HttpError(403, "This form was not sent from the page of this sandbox; load the page again.")
    return found


def carry_out(state: SandboxState, action: str, form: dict[str, str]) -> None:
    """Do what a form asks for.

    Raises:
        ValidationError: for values that cannot be understood.
    """
    method, path = ACTIONS[action]
    control_path.serve(state, method, control_path.PREFIX + path, dict(form))


def message(error: ValidationError) -> str:
    """Return what was wrong with a form, in one line."""
    return " ".join(text for messages in (error.errors or {}).values() for text in messages)
