"""Recorded requests: bodies with their secrets marked, and the id of each answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from patchworks_core_client.sandbox import create_app

from ..conftest import ENVIRONMENTS, LOGIN, RIGHT, VERSIONS, Api, connect

if TYPE_CHECKING:
    from starlette.applications import Starlette


async def test_every_answer_has_an_id_of_its_own() -> None:
    app = create_app(control=True, faults=["next 502 on virtual_environments.list", "next 503 late on login"])
    async with connect(app) as http:
        api = Api(http)
        answers = [
            await api.answer(method, path)
            for method, path in (
                ("GET", ENVIRONMENTS),
                ("GET", ENVIRONMENTS),
                ("POST", LOGIN),
                ("GET", "/nowhere"),
                ("PATCH", ENVIRONMENTS),
                ("GET", "/_sandbox"),
                ("GET", f"{ENVIRONMENTS}/7"),
            )
        ]
        answers.append(await api.answer("GET", ENVIRONMENTS, headers={"Host": "x.example"}))
        ids = [answer.headers["x-request-id"] for answer in answers]
        assert len(set(ids)) == len(ids)
        recorded = [request.request_id for request in app.state.sandbox.requests]
        assert recorded == [found for found, answer in zip(ids, answers, strict=True) if answer is not answers[5]]


@pytest.mark.parametrize("refused", [False, True])
async def test_secrets_are_marked(app: Starlette, api: Api, *, refused: bool) -> None:
    draft = await api.draft(await api.environment())
    path = f"{VERSIONS}/{draft}/variables"
    wrong = {"type": 5} if refused else {}
    secret = {"type": "s", "key": "token", "value": "hunter2", "fallback": "hunter3", "secret": "1"}
    plain = {"type": "s", "key": "host", "value": "a", "secret": False}
    await api("POST", path, secret | wrong, status=422 if refused else 201)
    await api("POST", path, plain | wrong, status=422 if refused else 201)
    records = app.state.sandbox.requests[-2:]
    assert records[0].json == secret | wrong, "a test can still compare it"
    assert "hunter" not in f"{records[0].json!r} {records[0].json['value']} {records[0].json['fallback']:>9}" + str(
        records[0].json["value"]
    )
    assert repr(records[1].json) == repr(plain | wrong)


async def test_an_update_of_a_secret_is_marked_too(app: Starlette, api: Api) -> None:
    draft = await api.draft(await api.environment())
    path = f"{VERSIONS}/{draft}/variables"
    token = {"type": "s", "key": "token", "value": "a", "secret": True}
    row = (await api("POST", path, token, status=201))["data"]["id"]
    for body, status in (
        ({"value": "hunter2"}, 200),
        ({"value": "hunter2", "key": ""}, 422),
        ({"value": "hunter2", "secret": True}, 200),
    ):
        await api("PUT", f"{path}/{row}", body, status=status)
        assert app.state.sandbox.requests[-1].json == body
        assert "hunter2" not in repr(app.state.sandbox.requests[-1].json)


async def test_the_password_of_a_login_is_marked(app: Starlette, api: Api) -> None:
    await api("POST", LOGIN, RIGHT)
    assert app.state.sandbox.requests[-1].json == RIGHT
    assert "sandbox-password" not in repr(app.state.sandbox.requests[-1].json)
    await api("POST", LOGIN, RIGHT | {"password": " sandbox-password"}, status=401)


async def test_a_body_that_is_no_object_is_not_kept(app: Starlette, api: Api) -> None:
    for body in ([], "x", 5):
        headers = {"Content-Type": "application/json"}
        await api("POST", ENVIRONMENTS, content=json.dumps(body).encode(), headers=headers, status=422)
        assert app.state.sandbox.requests[-1].json is None
