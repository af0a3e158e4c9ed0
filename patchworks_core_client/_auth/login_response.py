"""What the response to a login says: a token, or why there is none."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

from .. import _clock
from .._errors import APIConnectionError, APIStatusError, AuthenticationError, PatchworksError
from .._http.masking import shown
from .tokens import Token

if TYPE_CHECKING:
    from .._http.response import RawResponse
    from .account import Account

# Statuses of a login that say nothing of the user and the password.
_PASSING = frozenset({408, 425, 429})


def read_token(raw: RawResponse, account: Account) -> Token:
    """The token in the answer to a login.

    Raises:
        AuthenticationError: there is none that could be sent.
    """
    token = _token(_body(raw))
    if token is not None:
        return token
    message = _body(raw).get("message")
    message = shown(message, (account.password.reveal(),)) if isinstance(message, str) else ""
    # The body stays out, also of this frame: it may hold the token under another name.
    raise AuthenticationError(
        f"The login of {account.who} was answered with {raw.status}, but without a token"
        f"{message and f': {message}'}. Check login_url= and login_form={account.form!r}.",
        status_code=raw.status,
    )


def _body(raw: RawResponse) -> dict[str, Any]:
    body = raw.json()
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def _token(body: dict[str, Any]) -> Token | None:
    now = _clock.wall()
    lifetime = _seconds(body.get("expires_in"))
    try:
        return Token(body.get("token", ""), None if lifetime is None else now + lifetime, now)
    except ValueError:
        return None


def login_error(error: PatchworksError, account: Account) -> PatchworksError:
    """What the failure of a login is for the call that needed it.

    A login that was refused is an `AuthenticationError`, whatever its status was. Of what the call itself wanted
    nothing was sent, so it cannot have taken effect.
    """
    if isinstance(error, APIConnectionError):
        return type(error)(f"The login of {account.who} failed: {error.args[0]}", request=error.request)
    if not isinstance(error, APIStatusError):
        return error
    if error.status_code >= 500 or error.status_code in _PASSING:
        error.may_have_taken_effect = False
        return error
    return AuthenticationError(
        f"The login of {account.who} was refused with {error.status_code}: {error.message}",
        status_code=error.status_code,
        message=error.message,
        errors=error.errors,
        body=error.body,
        response=error.response,
        request_id=error.request_id,
    )


def _seconds(value: object) -> float | None:
    """`expires_in` as a number of seconds, if it is one that a token could live."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) and 0 < seconds < _LONGEST_LIFE_S else None


# A hundred years; what says more means for ever.
_LONGEST_LIFE_S = 100 * 365 * 86_400.0
