"""Profiles, the lag, and the bounds of what can be set."""

from __future__ import annotations

from typing import Any

import pytest

from patchworks_core_client.sandbox import Fault, StoreError, create_app

from ..conftest import ENVIRONMENTS, VERSIONS, Api, Clock, connect


async def test_a_plan_limits_requests_and_environments() -> None:
    async with connect(create_app(profile="growth", seed=1, clock=Clock())) as http:
        api = Api(http)
        answer = await api.answer("GET", f"{ENVIRONMENTS}/1")
        assert answer.headers["x-ratelimit-limit"] == "240"
        await api("POST", f"{ENVIRONMENTS}/1/copy", status=201)
        created = await api.environment("IT live")
        for path, body in ((ENVIRONMENTS, {"name": "x", "labels": []}), (f"{ENVIRONMENTS}/1/copy", None)):
            refused = await api("POST", path, body, status=403)
            assert refused == {"message": "Your plan allows 2 virtual environments."}
        await api("DELETE", f"{ENVIRONMENTS}/1")
        await api("POST", ENVIRONMENTS, {"name": "x", "labels": []}, status=403)
        await api("DELETE", f"{ENVIRONMENTS}/{created}")
        await api.environment("PT live")


async def test_a_rate_takes_the_place_of_the_plans() -> None:
    async with connect(create_app(profile="enterprise", rate="9/s")) as http:
        answer = await Api(http).answer("GET", ENVIRONMENTS)
        assert answer.headers["x-ratelimit-limit"] == "9"


async def test_what_was_created_is_seen_a_little_later() -> None:
    clock = Clock()
    async with connect(create_app(lag=0.5, clock=clock)) as http:
        api = Api(http)
        created = (await api("POST", ENVIRONMENTS, {"name": "UK", "labels": []}, status=201))["data"]
        one = f"{ENVIRONMENTS}/{created['id']}"
        assert created["name"] == "UK"
        await api("GET", one, status=404)
        await api("GET", f"{VERSIONS}/1/variables", status=404)
        assert (await api("GET", ENVIRONMENTS))["meta"]["total"] == 0
        clock.now += 0.5
        draft = await api.draft(created["id"])
        path = f"{VERSIONS}/{draft}/variables"
        variable = (await api("POST", path, {"type": "s", "key": "k"}, status=201))["data"]["id"]
        assert (await api("GET", path))["data"] == []
        await api("PUT", f"{path}/{variable}", {"value": "v"}, status=404)
        await api("POST", path, {"type": "s", "key": "k"}, status=422)
        clock.now += 0.5
        assert (await api("PUT", f"{path}/{variable}", {"value": "v"}))["data"]["value"] == "v"
        # What a deployment makes is there at once: it is not answered with 201.
        await api.deploy(created["id"])
        assert (await api("GET", f"{one}/versions"))["meta"]["total"] == 2
        await api("DELETE", f"{one}/versions/{await api.draft(created['id'])}")
        for path, body in ((f"{one}/versions/{draft}/copy", None), (f"{one}/versions", {})):
            made = (await api("POST", path, body, status=201))["data"]["id"]
            assert (await api("GET", f"{one}/versions"))["meta"]["total"] == 1
            assert len((await api("GET", f"{one}?include=versions"))["data"]["versions"]) == 1
            clock.now += 0.5
            await api("DELETE", f"{one}/versions/{made}")
        twin = (await api("POST", f"{one}/copy", status=201))["data"]["id"]
        await api("GET", f"{ENVIRONMENTS}/{twin}/versions", status=404)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"profile": "free"}, "no profile 'free'; known are growth"),
        ({"profile": ""}, "no profile ''"),
        ({"lag": -1}, "lag is -1; it goes from 0 to 3600"),
        ({"lag": float("nan")}, "lag is nan"),
        ({"token_ttl": 10**12}, "token_ttl is"),
        ({"seed": 2**63}, "seed is"),
        ({"keep_requests": -1}, "keep_requests is -1"),
        ({"api_key": "two\nlines"}, "api_key is no line of text"),
        ({"username": " padded"}, "username is no line of text"),
        ({"faults": ["next delay 1e9"]}, "is no fault"),
        ({"faults": ["next delay 3601"]}, "is no fault"),
        ({"faults": ["next 503 retry-after 12345678"]}, "is no fault"),
        ({"faults": [Fault.parse("next 503")] * 1_001}, "1000 faults are in force already"),
    ],
)
def test_what_is_out_of_bounds_is_said(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        create_app(**options)


async def test_settings_are_changed_all_or_none() -> None:
    async with connect(create_app(control=True)) as http:
        api = Api(http)
        before = await api("GET", "/_sandbox")
        for body in (
            {"rate": "1/s", "token_ttl": -1},
            {"rate": "1/s", "token_ttl": 2**31 - 1},
            {"token_ttl": 5, "rate": "x"},
        ):
            await api("PUT", "/_sandbox/settings", body, status=422)
            assert await api("GET", "/_sandbox") == before


async def test_the_control_path_takes_json_only() -> None:
    async with connect(create_app(control=True)) as http:
        for content_type in ("text/plain", "application/vnd.api+json", ""):
            headers = {"Content-Type": content_type}
            await Api(http)("POST", "/_sandbox/reset", content=b"{}", headers=headers, status=415)


def test_a_folder_is_no_database(tmp_path: Any) -> None:
    with pytest.raises(StoreError, match="unable to open"):
        create_app(db=tmp_path)
