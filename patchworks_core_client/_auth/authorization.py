"""The `Authorization` header of a request, and the step of a call that gets a new token for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._http.headers import header_value

if TYPE_CHECKING:
    from .._http.headers import HeaderPairs
    from .._http.secret import Secret


class ObtainToken:
    """Step: log in, or wait for a login that is under way; gives a new token."""


def bearer(token: str) -> str:
    """Return the value that sends a token."""
    return f"Bearer {token}"


def authorization_header(value: Secret[str]) -> HeaderPairs:
    """Return the header that proves who sends a request; none for an empty value."""
    return ((b"authorization", header_value(value, "the credential")),) if value else ()
