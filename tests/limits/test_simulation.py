"""An hour in virtual time: the budget is kept and used, and a client without one finds its pace."""

from __future__ import annotations

import pytest

from patchworks_core_client._limits.rate import Rate

from .simulation import with_budget, with_pace

RATE = Rate(240, 60.0)


@pytest.mark.parametrize("workers", [50, 500])
def test_a_budget_is_kept_and_used(workers: int) -> None:
    result = with_budget(workers, RATE, 3600.0)
    assert result.refused == 0
    assert result.fullest <= 240 * 1.01
    assert result.used >= 0.95


@pytest.mark.parametrize(("workers", "refused"), [(1, 10), (50, 40), (500, 250)])
def test_without_a_budget_refusals_are_few(workers: int, refused: int) -> None:
    result = with_pace(workers, RATE, 3600.0)
    assert result.refused <= refused
    assert result.used >= 0.9
