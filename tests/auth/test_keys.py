"""What a client proves itself with, from its settings."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from patchworks_core_client import MemoryTokenStore
from patchworks_core_client._auth import authorization
from patchworks_core_client._auth.credentials import Credentials
from patchworks_core_client._http.secret import Secret

from .support import FOREVER, PASSWORD, URL, Host


class Settings:
    """The part of a client's settings that matters here."""

    def __init__(self, store: Any = None, **credentials: Any) -> None:
        self.credentials = Credentials(**credentials)
        self.login_url, self.login_form, self.token_store = URL, "email", store


class EmptyStore(MemoryTokenStore):
    def __len__(self) -> int:
        return 0


def async_credential(settings: Any, host: Host) -> Any:
    return authorization.async_credential(settings, (), host.asend)


def sync_credential(settings: Any, host: Host) -> Any:
    return authorization.sync_credential(settings, (), host.send)


async def test_a_key_is_sent_as_it_is_and_cannot_be_replaced() -> None:
    host = Host()
    for make, call in ((async_credential, _awaited), (sync_credential, _called)):
        key = make(Settings(api_key=Secret("raw key")), host)
        assert await call(key.authorization) == Secret("raw key")
        assert await call(key.refused, Secret("raw key")) is False
        assert key.secrets == ("raw key",)
        assert "raw" not in repr(key)
    await async_credential(Settings(api_key=Secret("raw key")), host).aclose()
    assert host.logins == []


@pytest.mark.parametrize("shared", [False, True])
async def test_a_login_from_the_settings(shared: bool) -> None:
    host = Host()
    store = EmptyStore() if shared else None
    for make, call in ((async_credential, _awaited), (sync_credential, _called)):
        login = make(Settings(store, username="me", password=Secret(PASSWORD)), host)
        token = await call(login.authorization)
        assert token.reveal() == ("Bearer token-1" if shared else f"Bearer token-{len(host.logins)}")
    assert host.logins[0] == {"email": "me", "password": PASSWORD}
    assert len(host.logins) == (1 if shared else 2), "an empty store is a store, too"


def test_an_auth_of_the_users_needs_nothing_of_this() -> None:
    assert async_credential(Settings(auth=object()), Host()) is None
    assert sync_credential(Settings(auth=object()), Host()) is None


async def _awaited(method: Any, *arguments: Any) -> Any:
    return await asyncio.wait_for(method(*arguments), 5.0)


async def _called(method: Any, *arguments: Any) -> Any:
    return method(*arguments, FOREVER)


def test_a_traceback_that_prints_variables_shows_no_credential() -> None:
    class Auth:
        def __repr__(self) -> str:
            return f"Auth({PASSWORD!r})"

    assert PASSWORD not in repr(Credentials(username="me", password=Secret(PASSWORD)))
    assert repr(Credentials(auth=Auth())) == "<Credentials: auth>"
