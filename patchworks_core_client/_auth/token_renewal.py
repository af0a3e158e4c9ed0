"""When a token is renewed: before it expires, and after a 401."""

from __future__ import annotations

import logging
from threading import Lock
from typing import TYPE_CHECKING

from .. import _clock
from .._errors import ClientStateError, PatchworksError
from .._http.secret import Secret
from .authorization import ObtainToken

if TYPE_CHECKING:
    from collections.abc import Generator

    from .account import Account
    from .tokens import Token, TokenStore

# A token is renewed so long before it expires, or a tenth of its life where that is less: long enough for a call to
# arrive with it, and for another try where the login fails.
RENEWAL_MARGIN_S = 60.0
RENEWAL_MARGIN_PART = 0.1

_log = logging.getLogger("patchworks_core_client.login")


def is_due(token: Token, now: float) -> bool:
    """Whether it is time to renew a token."""
    if token.expires_at is None:
        return False
    margin = RENEWAL_MARGIN_S
    if token.obtained_at is not None:
        margin = min(margin, RENEWAL_MARGIN_PART * max(0.0, token.expires_at - token.obtained_at))
    return now >= token.expires_at - margin


class TokenRenewal:
    """The token of one account, from its login to the next one.

    Attributes:
        account: who logs in.
        store: where tokens are kept.
        token: the one in use.
        refused: the value of an `Authorization` header that was refused last: a store that still has it has no token.
    """

    def __init__(self, account: Account, store: TokenStore) -> None:
        self.account = account
        self.store = store
        self.token: Token | None = None
        self.refused: Secret[str] | None = None
        self._not_before = 0.0
        self._lock = Lock()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        token = self.token
        return (self.account.password.reveal(), *(() if token is None else (token.value,)))

    def usable(self, now: float) -> Token | None:
        """The token, if no new one is needed."""
        token = self.token
        if token is None or (is_due(token, now) and now >= self._not_before):
            return None
        return token

    def use(self, token: Token) -> None:
        """Use that token from now on."""
        with self._lock:
            self.token, self._not_before = token, 0.0

    def authorize(self) -> Generator[ObtainToken, Token, Secret[str]]:
        """The steps to the value of the `Authorization` header; none where no new token is needed.

        Raises:
            AuthenticationError: the login was refused.
            APIConnectionError: the login got no answer. Nothing of the call itself was sent.
            APIStatusError: the login failed otherwise.
        """
        token = self.usable(_clock.wall())
        if token is None:
            try:
                token = yield ObtainToken()
            except PatchworksError as error:
                token = None if isinstance(error, ClientStateError) else self._after_failure(_clock.wall())
                if token is None:
                    raise
        return Secret(token.authorization)

    def reauthorize(self, refused: Secret[str]) -> Generator[ObtainToken, Token, bool]:
        """The steps after the server has answered a value with 401; returns whether there is another value now.

        To be taken once in each call: a new value that is refused too is the server's last word.
        """
        if self._discard(refused):
            return True
        token = yield ObtainToken()
        return Secret(token.authorization) != refused

    def _after_failure(self, now: float) -> Token | None:
        """The token to go on with after a login that failed, if it has not expired yet.

        It is tried again after half of the time that is left.
        """
        token = self.token
        if token is None or token.expires_at is None or token.is_expired(now):
            return None
        if now >= self._not_before:
            _log.warning("Renewing the token failed; the old one is used as long as it lasts.")
        self._not_before = now + (token.expires_at - now) / 2
        return token

    def _discard(self, refused: Secret[str]) -> bool:
        """Use this value no more; returns whether another has taken its place meanwhile."""
        with self._lock:
            if self.token is not None and Secret(self.token.authorization) != refused:
                return True
            # Whoever asks from now on has to wait for a new one, too.
            self.token, self.refused = None, refused
            return False
