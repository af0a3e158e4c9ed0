"""Throttling: so many requests in a window, and what the headers say of it."""

from __future__ import annotations

import pytest

from patchworks_core_client.sandbox import create_app
from patchworks_core_client.sandbox.laravel.throttle import Rate

from ..conftest import ENVIRONMENTS, LOGIN, RIGHT, Api, Clock, connect


async def test_past_the_rate_it_is_429_until_the_window_is_over() -> None:
    clock = Clock()
    async with connect(create_app(rate="2/min", clock=clock)) as http:
        api = Api(http)
        for left in ("1", "0"):
            answer = await api.answer("GET", ENVIRONMENTS)
            assert answer.status_code == 200
            assert answer.headers["x-ratelimit-limit"] == "2"
            assert answer.headers["x-ratelimit-remaining"] == left
            assert "x-ratelimit-reset" not in answer.headers
        clock.now += 17.5
        refused = await api.answer("GET", ENVIRONMENTS)
        assert refused.status_code == 429
        assert refused.json() == {"message": "Too Many Attempts."}
        assert refused.headers["retry-after"] == "43"
        assert refused.headers["x-ratelimit-remaining"] == "0"
        assert refused.headers["x-ratelimit-reset"] == str(int(clock.now + 42.5))
        clock.now += 43
        assert (await api.answer("GET", ENVIRONMENTS)).headers["x-ratelimit-remaining"] == "1"


async def test_refusals_are_counted_and_carry_the_headers_too() -> None:
    async with connect(create_app(rate="5/s", clock=Clock())) as http:
        answer = await Api(http).answer("GET", f"{ENVIRONMENTS}/1")
        assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (404, "4")


async def test_the_company_has_one_rate_whichever_way_it_authenticates() -> None:
    async with connect(create_app(rate="1/h")) as http:
        api = Api(http)
        token = (await api("POST", LOGIN, RIGHT))["token"]
        await api("GET", ENVIRONMENTS)
        await api("GET", ENVIRONMENTS, headers={"Authorization": f"Bearer {token}"}, status=429)
        await api("GET", ENVIRONMENTS, status=429)
        await api("GET", ENVIRONMENTS, headers={"Authorization": "wrong"}, status=401)


async def test_logins_have_a_rate_of_their_own() -> None:
    async with connect(create_app(login_rate="1/30s")) as http:
        api = Api(http)
        await api("POST", LOGIN, RIGHT)
        refused = await api.answer("POST", LOGIN, RIGHT)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
        assert "x-ratelimit-limit" not in (await api.answer("GET", ENVIRONMENTS)).headers


@pytest.mark.parametrize(
    ("text", "rate"),
    [("60/min", Rate(60, 60)), (" 5/s ", Rate(5, 1)), ("1000/h", Rate(1000, 3600)), ("10/30s", Rate(10, 30))],
)
def test_rates(text: str, rate: Rate) -> None:
    assert Rate.parse(text) == rate


@pytest.mark.parametrize("text", ["", "60", "0/min", "60/day", "-1/s", "1.5/s", "٣/s", "60/min/x"])
def test_what_is_no_rate(text: str) -> None:
    with pytest.raises(ValueError, match="is no rate"):
        Rate.parse(text)
