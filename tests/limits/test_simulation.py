"""Workers in virtual time: the budget is kept and used, nobody starves, and a client without one finds its pace."""

from __future__ import annotations

from typing import Any

import pytest

from .simulation import RATE, fleet, one_client, simulate

pytestmark = pytest.mark.soak


@pytest.fixture
def seconds(*, soak: bool) -> float:
    """An hour takes seconds, which is too long for each run."""
    return 3600.0 if soak else 300.0


@pytest.mark.parametrize("limiters", [fleet(500, 50), one_client(RATE)], ids=["fleet", "one client"])
def test_a_budget_is_kept_and_used_and_nobody_starves(limiters: Any, seconds: float) -> None:
    result = simulate(limiters, 500, seconds)
    assert result.refused == 0
    assert result.fullest <= 240 * 1.01
    assert result.used >= 0.95
    assert result.longest <= 3 * result.median


@pytest.mark.untraced
def test_machines_without_redis_keep_to_their_share(seconds: float) -> None:
    result = simulate(fleet(500, 50, 5, (seconds / 6, seconds / 2)), 500, seconds)
    assert result.refused <= 0.01 * result.taken
    assert result.used >= 0.95


@pytest.mark.untraced
@pytest.mark.parametrize(("workers", "refused"), [(50, 40), (500, 250)])
def test_without_a_budget_refusals_are_few(workers: int, refused: int, seconds: float) -> None:
    result = simulate(one_client(None), workers, seconds)
    assert result.refused <= refused
    assert result.used >= 0.9
