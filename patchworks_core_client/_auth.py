"""What a client proves itself with: a key, or the token of a login that is renewed when it has to be.

A session asks its credential for the value of the `Authorization` header before each attempt, and tells it when the
server has refused one. The synchronous credentials take the call's deadline, which bounds their waiting; those for
asyncio need none, since their caller cuts them off.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ._clock import Deadline
    from ._config import Config
    from ._outcome import Raw
    from ._request import HeaderPairs, Prepared
    from ._token import Token, TokenStore


_log = logging.getLogger("patchworks_core_client.login")


class AsyncCredential(Protocol):
    """A credential as the asynchronous session uses it."""

    async def authorization(self) -> str:
        """The value of the `Authorization` header; logs in if there is none yet, or it is time for a new one.

        Raises:
            AuthenticationError: the login was refused.
            APIConnectionError: the login got no answer. Nothing of the call itself was sent.
            APIStatusError: the login failed otherwise.
        """
        ...

    async def refused(self, authorization: str, /) -> bool:
        """The server answered this value with 401: get a new one if possible; whether there is one.

        To be asked once in each call: a new value that is refused too is the server's last word.
        """
        ...

    async def aclose(self) -> None:
        """Break off what is under way."""
        ...

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        ...


class Credential(Protocol):
    """A credential as the synchronous session uses it; its methods are those of `AsyncCredential`."""

    def authorization(self, deadline: Deadline, /) -> str:
        """As `AsyncCredential.authorization`."""
        ...

    def refused(self, authorization: str, deadline: Deadline, /) -> bool:
        """As `AsyncCredential.refused`."""
        ...

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        ...


class _Key:
    def __init__(self, key: str) -> None:
        self._key = key

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self._key,)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class AsyncApiKey(_Key):
    """An API key: sent as it is, and not replaceable."""

    async def authorization(self) -> str:
        """The key."""
        return self._key

    async def refused(self, _: str, /) -> bool:
        """There is no other key."""
        return False

    async def aclose(self) -> None:
        """Nothing is under way."""


class ApiKey(_Key):
    """An API key: sent as it is, and not replaceable."""

    def authorization(self, _: Deadline, /) -> str:
        """The key."""
        return self._key

    def refused(self, _: str, __: Deadline, /) -> bool:
        """There is no other key."""
        return False


class TokenState:
    """The token in use, and what becomes of it: shared by both logins.

    Attributes:
        token: the one in use.
        stale: the value of the header that was refused last: the token of a store that gives it is no token.
    """

    def __init__(self) -> None:
        self.token: Token | None = None
        self.stale: str | None = None
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

    def refuse(self, authorization: str) -> bool:
        """This value was refused; whether another has taken its place meanwhile."""
        token = self.token
        if token is not None and token.authorization != authorization:
            return True
        # Whoever asks from now on has to wait for a new one, too; and a store may still have this one.
        self.token, self.stale = None, authorization
        return False

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        return () if self.token is None else (self.token.value,)


def async_credential(
    config: Config, headers: HeaderPairs, send: Callable[[Prepared], Awaitable[Raw]]
) -> AsyncCredential | None:
    """What an asynchronous client proves itself with; `None` if that is an `httpx.Auth` of the user's.

    Args:
        config: the settings.
        headers: what each request of the client is sent with.
        send: as `AsyncLogin` takes it.
    """
    if config.credentials.api_key is not None:
        return AsyncApiKey(config.credentials.api_key)
    # A key needs none of this: 4 ms less until its first answer.
    from ._login import account_of
    from ._login_async import AsyncLogin

    account = account_of(config, headers)
    return None if account is None else AsyncLogin(account, _store(config), send)


def sync_credential(
    config: Config, headers: HeaderPairs, send: Callable[[Prepared, Deadline], Raw]
) -> Credential | None:
    """What a synchronous client proves itself with; `None` if that is an `httpx.Auth` of the user's.

    Args:
        config: the settings.
        headers: what each request of the client is sent with.
        send: as `SyncLogin` takes it.
    """
    if config.credentials.api_key is not None:
        return ApiKey(config.credentials.api_key)
    from ._login import account_of
    from ._login_sync import SyncLogin

    account = account_of(config, headers)
    return None if account is None else SyncLogin(account, _store(config), send)


def _store(config: Config) -> TokenStore:
    from ._token import MemoryTokenStore

    # An empty store is a store, too.
    return MemoryTokenStore() if config.token_store is None else config.token_store
