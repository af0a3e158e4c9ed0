"""The control path: there only when asked for, closed to strangers, out of reach of faults and throttling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from patchworks_core_client.sandbox import create_app

from ..conftest import ENVIRONMENTS, LOGIN, RIGHT, Api, connect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

SETTINGS = {"faults": [], "rate": None, "login_rate": None, "token_ttl": 86400}


@pytest.fixture
async def control() -> AsyncGenerator[Api]:
    async with connect(create_app(control=True, seed=1)) as http:
        yield Api(http)


async def test_it_is_not_there_unless_asked_for(api: Api) -> None:
    for path in ("/_sandbox", "/_sandbox/reset"):
        await api("GET", path, status=404)


async def test_it_wants_the_credentials(control: Api) -> None:
    await control("POST", "/_sandbox/reset", status=401, headers={"Authorization": "wrong"})
    token = (await control("POST", LOGIN, RIGHT))["token"]
    assert await control("GET", "/_sandbox", headers={"Authorization": f"Bearer {token}"}) == SETTINGS


async def test_faults_at_run_time(control: Api) -> None:
    assert (await control("POST", "/_sandbox/faults", {"fault": "100% 503"}))["faults"] == ["100% 503"]
    await control("GET", ENVIRONMENTS, status=503)
    assert (await control("GET", "/_sandbox"))["faults"] == ["100% 503"]
    assert await control("DELETE", "/_sandbox/faults") == SETTINGS
    await control("GET", ENVIRONMENTS)
    refused = await control("POST", "/_sandbox/faults", {"fault": "sometimes"}, status=422)
    assert "is no fault" in refused["errors"]["fault"][0]
    await control("POST", "/_sandbox/faults", {}, status=422)


async def test_rates_and_the_life_of_tokens_at_run_time(control: Api) -> None:
    changed = await control("PUT", "/_sandbox/settings", {"rate": "1/min", "login_rate": "9/s", "token_ttl": 5})
    assert changed == {"faults": [], "rate": "1/60s", "login_rate": "9/1s", "token_ttl": 5}
    await control("GET", ENVIRONMENTS)
    await control("GET", ENVIRONMENTS, status=429)
    assert (await control("POST", LOGIN, RIGHT))["expires_in"] == 5
    await control("PUT", "/_sandbox/settings", {"rate": None})
    await control("GET", ENVIRONMENTS)
    refused = await control("PUT", "/_sandbox/settings", {"rate": "often"}, status=422)
    assert "is no rate" in refused["errors"]["rate"][0]


async def test_tokens_can_be_revoked(control: Api) -> None:
    headers = {"Authorization": f"Bearer {(await control('POST', LOGIN, RIGHT))['token']}"}
    await control("GET", ENVIRONMENTS, headers=headers)
    await control("POST", "/_sandbox/revoke-tokens")
    await control("GET", ENVIRONMENTS, headers=headers, status=401)


async def test_the_state_of_the_start_can_be_had_again(control: Api) -> None:
    await control("POST", "/_sandbox/faults", {"fault": "100% 503 on virtual_environments.copy"})
    before = await control("GET", f"{ENVIRONMENTS}?include=versions")
    await control("DELETE", f"{ENVIRONMENTS}/1")
    await control.environment()
    assert await control("POST", "/_sandbox/reset") == SETTINGS
    assert await control("GET", f"{ENVIRONMENTS}?include=versions") == before
    async with connect(create_app(control=True)) as http:
        empty = Api(http)
        await empty.environment()
        await empty("POST", "/_sandbox/reset")
        assert (await empty("GET", ENVIRONMENTS))["data"] == []


async def test_the_requests_that_came_in(control: Api) -> None:
    await control("GET", f"{ENVIRONMENTS}/7")
    found = (await control("GET", "/_sandbox/requests"))["data"]
    assert [(row["method"], row["operation"], row["status"]) for row in found] == [
        ("GET", "virtual_environments.get", 200)
    ]
    assert await control("DELETE", "/_sandbox/requests") == {"data": []}
    assert (await control("GET", "/_sandbox/requests"))["data"] == []


async def test_what_it_does_not_have(control: Api) -> None:
    await control("GET", "/_sandbox/nothing", status=404)
    answer = await control.answer("GET", "/_sandbox/reset")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
