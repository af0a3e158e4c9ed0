"""Rates: what `rate=` takes, and how many requests a window of any beginning holds."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from patchworks_core_client import AsyncPatchworks, Patchworks
from patchworks_core_client._limits.budget import ClientBudget
from patchworks_core_client._limits.rate import Rate, parse_rate


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("240/min", Rate(240, 60.0)),
        ("4/s", Rate(4, 1.0)),
        ("1000/h", Rate(1000, 3600.0)),
        ("10/30s", Rate(10, 30.0)),
        (" 5/2min ", Rate(5, 120.0)),
        (None, None),
    ],
)
def test_a_rate_is_read(text: str | None, rate: Rate | None) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("client", [AsyncPatchworks, Patchworks])
@pytest.mark.parametrize(
    "text", ["", "240", "0/min", "240/m", "-1/s", "4/0s", "4 / s", "\u0664/s", "1" * 99 + "/s", "4/s\n4/s"]
)
def test_what_is_no_rate_says_what_to_write(client: Any, text: str) -> None:
    with pytest.raises(ValueError, match="write it as '240/min', '4/s', '1000/h' or '10/30s'"):
        client(api_key="k", rate=text)


@pytest.mark.parametrize("client", [AsyncPatchworks, Patchworks])
@pytest.mark.parametrize("value", [240, 4.0, b"4/s", ("4", "s"), False])
def test_another_type_says_what_to_write(client: Any, value: Any) -> None:
    with pytest.raises(TypeError, match=r"rate= takes a text, not an? .*: write it as '240/min'"):
        client(api_key="k", rate=value)


def test_the_documented_rate_loses_five_percent() -> None:
    rate = Rate(240, 60.0)
    assert 0.95 < 60 / rate.interval_s / 240 < 0.97
    assert (rate.burst, rate.jitter_s) == (7, 1.0)


rates = st.builds(Rate, st.integers(1, 1000), st.sampled_from([1.0, 7.0, 30.0, 60.0, 3600.0]))


def take(budget: ClientBudget, now: float, late: Callable[[], float]) -> float:
    """Take a request out of a budget, with waits that end late; returns when it goes out."""
    while (wait := budget.answer(None, math.inf, now).wait) > 0:
        now += wait + late()
    return now


@pytest.mark.untraced
@given(rates, st.integers(), st.floats(0, 1), st.floats(0, 1))
def test_no_window_holds_more_than_the_rate(rate: Rate, seed: int, eager: float, late: float) -> None:
    chance = random.Random(seed)
    budget, now, arrivals = ClientBudget(rate), 1000.0, []
    for _ in range(2 * rate.limit + 20):
        if chance.random() > eager:
            now += chance.random() * rate.window_s / 3
        now = take(budget, now, lambda: chance.random() * late)
        arrivals.append(now + chance.random() * rate.jitter_s / 2)
    arrivals.sort()
    for first, last in zip(arrivals, arrivals[rate.limit :], strict=False):
        assert last - first > rate.window_s * (1 - 1e-9)


@given(rates, st.floats(0, 1))
def test_waits_that_end_late_cost_nothing_of_the_rate(rate: Rate, late: float) -> None:
    budget, now, count = ClientBudget(rate), 1000.0, 100
    for _ in range(count):
        now = take(budget, now, lambda: late * min(rate.late_s, rate.interval_s))
    assert now - 1000.0 <= count * rate.interval_s + rate.late_s


@given(rates, st.integers(1, 1000))
def test_shares_are_together_the_whole(rate: Rate, parts: int) -> None:
    share = rate.share(parts)
    assert share.limit / share.window_s * parts == pytest.approx(rate.limit / rate.window_s)
