"""Who is let in: the API key, the login, the life of a token, an administrator's operations."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from patchworks_core_client.sandbox import create_app
from patchworks_core_client.sandbox.patchworks.auth import Credentials

from ..conftest import ENVIRONMENTS, LOGIN, RIGHT, Api, Clock, connect

if TYPE_CHECKING:
    from pathlib import Path

    from patchworks_core_client.sandbox import Sandbox

OLDER_LOGIN = "/api/v1/login"


async def status(api: Api, authorization: str) -> int:
    return (await api.answer("GET", ENVIRONMENTS, headers={"Authorization": authorization})).status_code


@pytest.mark.parametrize(
    "authorization",
    ["", "wrong", "Bearer ", "Bearer a.b.c", "Basic c2FuZGJveA==", "Bearer \xe9.\xe9"],
)
async def test_who_is_not_known_is_401(api: Api, authorization: str) -> None:
    headers = {"Authorization": authorization.encode("latin-1")}
    refused = await api("GET", ENVIRONMENTS, headers=headers, status=401)
    assert refused == {"message": "Unauthenticated."}


async def test_a_key_sent_as_a_token_is_told_so(api: Api) -> None:
    answer = await api.answer("GET", ENVIRONMENTS, headers={"Authorization": "Bearer sandbox-api-key"})
    assert answer.status_code == 401
    assert "without Bearer" in answer.json()["message"]
    assert "www-authenticate" not in answer.headers, "no scheme is named, since a key has none"


async def test_without_any_credential_it_is_401(api: Api) -> None:
    del api.http.headers["Authorization"]
    await api("GET", ENVIRONMENTS, status=401)


async def test_the_login_gives_a_token_for_a_while() -> None:
    clock = Clock()
    async with connect(create_app(token_ttl=5, clock=clock)) as http:
        api = Api(http)
        answer = await api("POST", LOGIN, RIGHT)
        assert (answer["expires_in"], set(answer)) == (5, {"message", "token", "expires_in"})
        claims = json.loads(base64.urlsafe_b64decode(answer["token"].split(".")[1] + "=="))
        assert claims["exp"] == clock.now + 5
        bearer = f"Bearer {answer['token']}"
        assert await status(api, bearer) == 200
        assert await status(api, answer["token"]) == 401, "a token needs its scheme"
        assert await status(api, f"{bearer}x") == 401
        clock.now += 4.9
        assert await status(api, bearer) == 200
        clock.now += 0.1
        assert await status(api, bearer) == 401


async def test_the_older_login_says_nothing_of_the_end(api: Api) -> None:
    answer = await api("POST", OLDER_LOGIN, {"email": RIGHT["username"], "password": RIGHT["password"]})
    assert set(answer) == {"token"}
    assert await status(api, f"Bearer {answer['token']}") == 200


@pytest.mark.parametrize("path", [LOGIN, OLDER_LOGIN])
@pytest.mark.parametrize("wrong", [{"password": "x"}, {"username": "x", "email": "x"}])
async def test_a_wrong_login_does_not_say_what_is_wrong(api: Api, path: str, wrong: dict[str, str]) -> None:
    body = RIGHT | {"email": RIGHT["username"]} | wrong
    refused = await api("POST", path, body, status=401)
    assert refused == {"message": "These credentials do not match our records."}


async def test_half_a_login_is_422(api: Api) -> None:
    assert list((await api("POST", LOGIN, {"email": "x"}, status=422))["errors"]) == ["username", "password"]
    assert list((await api("POST", OLDER_LOGIN, RIGHT, status=422))["errors"]) == ["email"]


async def test_a_manager_is_kept_out_of_what_is_an_administrators() -> None:
    app = create_app(admin_only=["virtual_environments.delete, virtual_environments.list"])
    async with connect(app) as http:
        api = Api(http)
        environment = await api.environment()
        refused = await api("DELETE", f"{ENVIRONMENTS}/{environment}", status=403)
        assert refused == {"message": "This action is unauthorized."}
        await api("GET", ENVIRONMENTS, status=403)
        await api("GET", f"{ENVIRONMENTS}/{environment}")
        token = (await api("POST", LOGIN, RIGHT))["token"]
        headers = {"Authorization": f"Bearer {token}"}
        await api("DELETE", f"{ENVIRONMENTS}/{environment}", headers=headers)


def test_an_operation_that_is_none_cannot_be_an_administrators() -> None:
    with pytest.raises(ValueError, match=r"virtual_environments\.remove"):
        create_app(admin_only=["virtual_environments.remove"])


async def test_own_credentials() -> None:
    options: dict[str, Any] = {"api_key": "k", "username": "u", "password": "p"}
    async with connect(create_app(**options), Authorization="k") as http:
        api = Api(http)
        await api("GET", ENVIRONMENTS)
        await api("POST", LOGIN, {"username": "u", "password": "p"})
        await api("POST", LOGIN, RIGHT, status=401)


async def test_a_token_outlives_a_restart_on_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    async with connect(create_app(db=file)) as http:
        token = (await Api(http)("POST", LOGIN, RIGHT))["token"]
    async with connect(create_app(db=file)) as http:
        assert await status(Api(http), f"Bearer {token}") == 200
    async with connect(create_app()) as http:
        assert await status(Api(http), f"Bearer {token}") == 401


async def test_the_handle_has_the_credentials_and_revokes_tokens() -> None:
    app = create_app(api_key="k", username="u", password="p")
    sandbox: Sandbox = app.state.sandbox
    async with connect(app, Authorization=sandbox.api_key) as http:
        api = Api(http)
        body = {"username": sandbox.username, "password": sandbox.password}
        token = (await api("POST", LOGIN, body))["token"]
        assert await status(api, f"Bearer {token}") == 200
        sandbox.revoke_tokens()
        assert await status(api, f"Bearer {token}") == 401
        assert await status(api, sandbox.api_key) == 200
        await api.environment()
        assert repr(sandbox) == "<Sandbox, 5 requests recorded>"
        sandbox.reset()
        assert sandbox.requests == []
        assert (await api("GET", ENVIRONMENTS))["data"] == []


def test_credentials_do_not_show_in_a_repr() -> None:
    shown = repr(Credentials("the-key", "the-user", "the-password"))
    assert "the-key" not in shown
    assert "the-password" not in shown
