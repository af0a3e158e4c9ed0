"""The scripts in Redis decide as the pure budget does."""

from __future__ import annotations

from concurrent.futures import wait
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from patchworks_core_client._limits.budget import Answer, Ask, Budget
from patchworks_core_client._limits.rate import Rate
from patchworks_core_client._limits.redis_budget import PAUSE, REQUEST
from patchworks_core_client._limits.redis_connection import RedisConnection

from .conftest import RedisServer

# The time is told, in the place of the server's own.
TOLD_TIME = "local now = tonumber(ARGV[#ARGV])\n"

seconds = st.floats(0, 90) | st.sampled_from([0.0, 1e-7, 0.25, 1.0, 60.0])
# Who asks, whether with its slot, what it has seen how long ago, and how long it can wait.
seen = st.integers(-1, 3) | st.integers(20, 300)
ages = st.floats(0, 3) | seconds
requests = st.tuples(st.integers(0, 2), st.booleans(), seen, ages, st.just(1e9) | st.floats(0, 30))
histories = st.lists(st.tuples(ages, requests | requests | seconds), min_size=10, max_size=60)
rates = st.sampled_from([Rate(240, 60.0), Rate(4, 1.0), Rate(1, 3600.0), Rate(1000, 3600.0), None])


@pytest.mark.untraced
def test_the_answers_are_the_same_for_every_history(redis_server: RedisServer) -> None:
    client = redis_server.client()
    link = RedisConnection(client, 5.0)

    def run(script: str, keys: list[str], args: list[Any]) -> Any:
        asked = link.submit(TOLD_TIME + script, keys, args)
        assert asked is not None
        wait([asked])
        return asked.result()

    @settings(max_examples=60, deadline=None)
    @given(
        rates, st.lists(st.tuples(st.floats(0, 2) | seconds, requests | requests | seconds), min_size=10, max_size=60)
    )
    def check(rate: Rate | None, history: list[Any]) -> None:
        client.flushall()
        budget, now, slots = Budget(rate), 1795662144.25, [0.0, 0.0, 0.0]
        parameters: list[Any] = [0, 0, 0, 0, 0]
        if rate is not None:
            parameters = [rate.interval_s, rate.slack_s, rate.late_s, rate.limit, rate.seen_window_s]
        for later, event in history:
            now += later
            if isinstance(event, float):
                budget.paused_until = max(budget.paused_until, now + event)
                run(PAUSE, ["limits"], [event, 600, now])
                continue
            member, with_slot, seen, age, longest = event
            ask = Ask(slots[member] if with_slot else 0.0, seen, age, longest)
            values = run(REQUEST, ["limits", "members"], [*parameters, *ask, 600, 60, str(member), now])
            answer = Answer(*(float(value) for value in values[:4]))
            assert answer == budget.request(now, ask)
            slots[member] = answer.slot

    check()
    client.close()
