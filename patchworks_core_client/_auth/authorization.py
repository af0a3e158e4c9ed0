"""The `Authorization` header: an API key, or the token of a login that is renewed before it expires.

A session asks its credential for the value of the `Authorization` header before each attempt, and tells it when the
server has refused one. The synchronous credentials take the call's deadline, which bounds their waiting; those for
asyncio need none, since their caller cuts them off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .._http.request import header_value

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .._clock import Deadline
    from .._http.attempt_result import RawResponse
    from .._http.request import HeaderPairs, Prepared
    from .._http.secret import Secret
    from .credentials import AuthSettings
    from .tokens import TokenStore


def authorization_header(value: Secret[str]) -> HeaderPairs:
    """The header that proves who sends a request."""
    return ((b"authorization", header_value(value, "the credential")),) if value else ()


class AsyncCredential(Protocol):
    """A credential as the asynchronous session uses it."""

    async def authorization(self) -> Secret[str]:
        """The value of the `Authorization` header; logs in if there is none yet, or it is time for a new one.

        Raises:
            AuthenticationError: the login was refused.
            APIConnectionError: the login got no answer. Nothing of the call itself was sent.
            APIStatusError: the login failed otherwise.
        """
        ...

    async def refused(self, authorization: Secret[str], /) -> bool:
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

    def authorization(self, deadline: Deadline, /) -> Secret[str]:
        """As `AsyncCredential.authorization`."""
        ...

    def refused(self, authorization: Secret[str], deadline: Deadline, /) -> bool:
        """As `AsyncCredential.refused`."""
        ...

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        ...


class _Key:
    def __init__(self, key: Secret[str]) -> None:
        self._key = key

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self._key.reveal(),)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class AsyncApiKey(_Key):
    """An API key: sent as it is, and not replaceable."""

    async def authorization(self) -> Secret[str]:
        """The key."""
        return self._key

    async def refused(self, _: Secret[str], /) -> bool:
        """There is no other key."""
        return False

    async def aclose(self) -> None:
        """Nothing is under way."""


class ApiKey(_Key):
    """An API key: sent as it is, and not replaceable."""

    def authorization(self, _: Deadline, /) -> Secret[str]:
        """The key."""
        return self._key

    def refused(self, _: Secret[str], __: Deadline, /) -> bool:
        """There is no other key."""
        return False


def async_credential(
    settings: AuthSettings, headers: HeaderPairs, send: Callable[[Prepared], Awaitable[RawResponse]]
) -> AsyncCredential | None:
    """The credential of an asynchronous client; `None` if that is an `httpx.Auth` of the user's.

    Args:
        settings: the credentials, and how they log in.
        headers: what each request of the client is sent with.
        send: as `AsyncLogin` takes it.
    """
    if settings.credentials.api_key is not None:
        return AsyncApiKey(settings.credentials.api_key)
    # A key needs none of this: 4 ms less until its first answer.
    from .account import account_of
    from .async_login import AsyncLogin

    account = account_of(settings, headers)
    return None if account is None else AsyncLogin(account, _store(settings), send)


def sync_credential(
    settings: AuthSettings, headers: HeaderPairs, send: Callable[[Prepared, Deadline], RawResponse]
) -> Credential | None:
    """The credential of a synchronous client; `None` if that is an `httpx.Auth` of the user's.

    Args:
        settings: the credentials, and how they log in.
        headers: what each request of the client is sent with.
        send: as `SyncLogin` takes it.
    """
    if settings.credentials.api_key is not None:
        return ApiKey(settings.credentials.api_key)
    from .account import account_of
    from .sync_login import SyncLogin

    account = account_of(settings, headers)
    return None if account is None else SyncLogin(account, _store(settings), send)


def _store(settings: AuthSettings) -> TokenStore:
    from .tokens import MemoryTokenStore

    # An empty store is a store, too.
    return MemoryTokenStore() if settings.token_store is None else settings.token_store
