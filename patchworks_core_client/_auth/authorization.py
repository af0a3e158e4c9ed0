"""The `Authorization` header: an API key, or the token of a login, which is renewed before it expires."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .. import _clock
from .._errors import ClientStateError, PatchworksError
from .._http.headers import header_value
from .._http.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Generator

    from .._http.headers import HeaderPairs
    from .token_renewal import TokenRenewal
    from .tokens import Token


class ObtainToken(NamedTuple):
    """Step: log in, or wait for a login that is under way; gives a new token."""


def authorization_header(value: Secret[str]) -> HeaderPairs:
    """Return the header that proves who sends a request; none for an empty value."""
    return ((b"authorization", header_value(value, "the credential")),) if value else ()


def authorize(tokens: TokenRenewal) -> Generator[ObtainToken, Token, Secret[str]]:
    """The steps to the value of the header; none where there is a token, and it is not time for a new one.

    Raises:
        AuthenticationError: the login was refused.
        APIConnectionError: the login got no answer. Nothing of the call itself was sent.
        APIStatusError: the login failed otherwise.
    """
    token = tokens.usable(_clock.wall())
    if token is None:
        try:
            token = yield ObtainToken()
        except PatchworksError as error:
            token = None if isinstance(error, ClientStateError) else tokens.after_failure(_clock.wall())
            if token is None:
                raise
    return Secret(token.authorization)


def reauthorize(tokens: TokenRenewal, refused: Secret[str]) -> Generator[ObtainToken, Token, bool]:
    """The steps after the server has answered a value with 401; returns whether there is another value now.

    To be taken once in each call: a new value that is refused too is the server's last word.
    """
    if tokens.discard(refused):
        return True
    token = yield ObtainToken()
    return Secret(token.authorization) != refused
