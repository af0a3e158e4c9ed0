"""The token of a login from when it came to when it is refused."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from .._http.secret import Secret

if TYPE_CHECKING:
    from .tokens import Token

_log = logging.getLogger("patchworks_core_client.login")


class TokenState:
    """The token in use, and what becomes of it: shared by both logins.

    Attributes:
        token: the one in use.
        stale: the value of the header that was refused last: the token of a store that gives it is no token.
    """

    def __init__(self) -> None:
        self.token: Token | None = None
        self.stale: Secret[str] | None = None
        self._not_before = 0.0

    def usable(self, now: float) -> Token | None:
        """The token, if no new one is needed."""
        token = self.token
        if token is None or (token.is_due(now) and now >= self._not_before):
            return None
        return token

    def renewed(self, token: Token) -> Token:
        """A new token has come."""
        self.token, self._not_before = token, 0.0
        return token

    def after_failure(self, now: float) -> Token | None:
        """The token to go on with after a renewal that failed, if it has not expired yet.

        It is tried again after half of the time that is left.
        """
        token = self.token
        if token is None or token.expires_at is None or token.is_expired(now):
            return None
        if now >= self._not_before:
            _log.warning("Renewing the token failed; the old one is used as long as it lasts.")
        self._not_before = now + (token.expires_at - now) / 2
        return token

    def refuse(self, authorization: Secret[str]) -> bool:
        """This value was refused; whether another has taken its place meanwhile."""
        token = self.token
        if token is not None and Secret(token.authorization) != authorization:
            return True
        # Whoever asks from now on has to wait for a new one, too; and a store may still have this one.
        self.token, self.stale = None, authorization
        return False

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        return () if self.token is None else (self.token.value,)
