"""How long a call may take, and each of its steps: what `timeout=` means."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._types import Timeout

CONNECT_TIMEOUT_S = 5.0


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
        if not timeout > 0:
            raise ValueError(f"timeout= must be above 0 seconds, not {timeout}; None is no limit")
        connect = min(CONNECT_TIMEOUT_S, timeout)
        # Reading and writing have no time-out of their own: the deadline of the call covers them.
        steps = {"connect": connect, "read": None, "write": None, "pool": None}
        return CallLimits(None if timeout == float("inf") else float(timeout), steps, max_retries)
    as_dict: Callable[[], dict[str, float | None]] | None = getattr(timeout, "as_dict", None)
    if as_dict is not None and not isinstance(timeout, type):
        return CallLimits(None, as_dict(), max_retries)
    raise TypeError(f"timeout= takes seconds, an httpx.Timeout or None, not a {type(timeout).__name__}")
