"""The part of a session that neither sends nor waits: what the copies of a client share, of either kind."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .._auth.authorization import authorization_header
from .._errors import ClientStateError
from .._limits.limiter import Limiter

if TYPE_CHECKING:
    from .._auth.credentials import Credentials
    from .._auth.token_renewal import TokenRenewal
    from .._http.headers import HeaderPairs
    from .timeouts import CallLimits

_FORKED = "the client was first used in another process, to which its connections belong; make one after the fork"


class SessionBase:
    """What a client and its copies work with, from their first call on.

    Attributes:
        limits: those that the client was made with: what a login goes by.
        limiter: of the calls to the API.
        login_limiter: of logins, which are counted by themselves.
        tokens: those of the account that logs in; `None` if none does.
        key_header: the header with the API key; empty if there is none.
        closed: whether the client was closed.
    """

    def __init__(self, credentials: Credentials, limits: CallLimits, limiter: Limiter) -> None:
        self.limits = limits
        self.limiter = limiter
        self.login_limiter = Limiter()
        self.tokens: TokenRenewal | None = None
        self.key_header: HeaderPairs = ()
        self.closed = False
        self._key = credentials.api_key
        if self._key is not None:
            self.key_header = authorization_header(self._key)
        elif credentials.account is not None:
            # A key needs none of this, and has its first answer sooner without it.
            from .._auth.token_renewal import TokenRenewal

            self.tokens = TokenRenewal(credentials.account, credentials.token_store)
        self._pid = os.getpid()

    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        if self.tokens is not None:
            return self.tokens.secrets
        return () if self._key is None else (self._key.reveal(),)

    def refuse_closed(self) -> None:
        """Raise an error if the client was closed while a call of it is under way."""
        if self.closed:
            raise ClientStateError("the client was closed during the call")

    def _refuse_other_process(self) -> None:
        if not self._is_own_process():
            raise ClientStateError(_FORKED)

    def _is_own_process(self) -> bool:
        # In a child process connections and locks are still those of the parent.
        return self._pid == os.getpid()
