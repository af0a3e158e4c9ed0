"""How long a call may take, and each of its steps: what `timeout=` means."""

from __future__ import annotations

import sys
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from .._checks import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._types import Timeout

CONNECT_TIMEOUT_S = 5.0
LARGEST = sys.float_info.max


class CallLimits(NamedTuple):
    """How long a call may take, as a whole or each of its steps, and how often it is made again.

    Attributes:
        total: the seconds for the whole call; `None` where only its steps are bounded.
        steps: the seconds for connecting, reading, writing and waiting for a connection, as httpx takes them.
        max_retries: how many more attempts than one it may make.
    """

    total: float | None
    steps: Mapping[str, float | None]
    max_retries: int


def call_limits(timeout: Timeout, max_retries: int) -> CallLimits:
    """Read a `timeout=` argument.

    Raises:
        TypeError: it is neither seconds nor an `httpx.Timeout` nor `None`.
        ValueError: it is not above 0.
    """
    if timeout is None:
        return CallLimits(None, {"connect": None, "read": None, "write": None, "pool": None}, max_retries)
    if isinstance(timeout, (int, float)) and not isinstance(timeout, bool):
        total = _seconds(timeout, "timeout=")
        # Reading and writing have no time-out of their own: the deadline of the call covers them.
        steps = {"connect": min(CONNECT_TIMEOUT_S, total), "read": None, "write": None, "pool": None}
        return CallLimits(None if total == inf else total, steps, max_retries)
    as_dict: Callable[[], dict[str, float | None]] | None = getattr(timeout, "as_dict", None)
    if as_dict is not None and not isinstance(timeout, type):
        steps = as_dict()
        for step, seconds in steps.items():
            if seconds is not None:
                _seconds(seconds, f"{step}= of timeout=")
        return CallLimits(None, steps, max_retries)
    raise TypeError(f"timeout= takes seconds, an httpx.Timeout or None, not {kind_of(timeout)}")


def _seconds(value: float, name: str) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} takes seconds or None, not {kind_of(value)}")
    if not value > 0:
        raise ValueError(f"{name} must be above 0 seconds, not {value}; None is no limit")
    # An int that no float can hold is as good as no limit.
    return float(value) if value <= LARGEST else inf
