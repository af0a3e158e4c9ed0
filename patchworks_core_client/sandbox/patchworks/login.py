"""The two login endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..laravel.validation import validate
from .request_rules import LOGIN, OLDER_LOGIN
from .routes import OLDER_LOGIN_PATH

if TYPE_CHECKING:
    from .auth import Authenticator


def log_in(authenticator: Authenticator, path: str, body: dict[str, Any], now: float) -> dict[str, Any]:
    """Answer a login; the older form says nothing of how long its token lives.

    Raises:
        HttpError: 401 for wrong credentials.
        ValidationError: where one of them is missing.
    """
    if path == OLDER_LOGIN_PATH:
        fields = validate(body, OLDER_LOGIN, documented=False)
        return {"token": authenticator.log_in(fields["email"], fields["password"], now)}
    fields = validate(body, LOGIN, documented=False)
    return {
        "message": "Logged in successfully.",
        "token": authenticator.log_in(fields["username"], fields["password"], now),
        "expires_in": authenticator.token_ttl,
    }
