"""Which credential a client has, seen on what it sends."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from patchworks_core_client import AuthenticationError, MemoryTokenStore, Patchworks
from patchworks_core_client._auth.account import Account
from patchworks_core_client._auth.credentials import Credentials
from patchworks_core_client._http.secret import Secret

from .support import PASSWORD, URL


class EmptyStore(MemoryTokenStore):
    def __len__(self) -> int:
        return 0


def client(seen: list[httpx.Request], status: int = 200, **options: Any) -> Patchworks:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"token": f"token-{len(seen)}"})
        return httpx.Response(status, json={})

    return Patchworks(http_client=httpx.Client(transport=httpx.MockTransport(answer)), login_url=URL, **options)


def test_a_key_is_sent_as_it_is_and_cannot_be_replaced() -> None:
    seen: list[httpx.Request] = []
    with client(seen, 401, api_key="raw-key") as pw:
        with pytest.raises(AuthenticationError) as caught:
            pw.request("GET", "/x")
        assert "raw-key" not in repr(pw) + str(caught.value)
    assert [request.headers["authorization"] for request in seen] == ["raw-key"]


@pytest.mark.parametrize("shared", [False, True])
def test_a_login_from_the_settings(shared: bool) -> None:
    seen: list[httpx.Request] = []
    store = EmptyStore() if shared else None
    for _ in range(2):
        with client(seen, username="me", password=PASSWORD, login_form="email", token_store=store) as pw:
            pw.request("GET", "/x")
    logins = [request for request in seen if request.url == URL]
    assert len(logins) == (1 if shared else 2), "an empty store is a store, too"
    assert b'"email":"me"' in logins[0].content


def test_an_auth_of_the_users_needs_nothing_of_this() -> None:
    seen: list[httpx.Request] = []
    with client(seen, auth=httpx.BasicAuth("me", "mine")) as pw:
        pw.request("GET", "/x")
    assert seen[0].headers["authorization"].startswith("Basic ")


def test_a_traceback_that_prints_variables_shows_no_credential() -> None:
    class Auth:
        def __repr__(self) -> str:
            return f"Auth({PASSWORD!r})"

    assert PASSWORD not in repr(Account("me", Secret(PASSWORD), URL))
    assert repr(Credentials(auth=Auth())) == "<Credentials: auth>"
