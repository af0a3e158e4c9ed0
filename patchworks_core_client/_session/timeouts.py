"""How long a call may take, and each of its steps: what `timeout=` means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._checks import kind_of
from .._defaults import CONNECT_TIMEOUT_S
from .._http.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._types import Timeout

# Some 31 years. What is longer, a socket or a lock cannot be told, and nobody means.
LARGEST_S = 1e9


class CallLimits(Value):
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
        return CallLimits(total=None, steps=_steps(None), max_retries=max_retries)
    if isinstance(timeout, (int, float)) and not isinstance(timeout, bool):
        total = _seconds(timeout, "timeout=")
        # Reading and writing have no time-out of their own: the deadline of the call covers them.
        connect = CONNECT_TIMEOUT_S if total is None else min(CONNECT_TIMEOUT_S, total)
        return CallLimits(total=total, steps=_steps(connect), max_retries=max_retries)
    as_dict: Callable[[], dict[str, float | None]] | None = getattr(timeout, "as_dict", None)
    if as_dict is not None and not isinstance(timeout, type):
        given = as_dict().items()
        steps = {step: None if value is None else _seconds(value, f"{step}= of timeout=") for step, value in given}
        return CallLimits(total=None, steps=steps, max_retries=max_retries)
    raise TypeError(f"timeout= takes seconds, an httpx.Timeout or None, not {kind_of(timeout)}")


def _steps(connect: float | None) -> dict[str, float | None]:
    return {"connect": connect, "read": None, "write": None, "pool": None}


def _seconds(value: float, name: str) -> float | None:
    """The seconds of a time-out; `None` for one that is as good as no limit."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} takes seconds or None, not {kind_of(value)}")
    if not value > 0:
        raise ValueError(f"{name} must be above 0 seconds, not {value}; None is no limit")
    return float(value) if value <= LARGEST_S else None
