"""What a call goes by: how long it may take, how often it is made again, and what is sent with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._http.request import HeaderPairs
    from .._types import Timeout

CONNECT_TIMEOUT_S = 5.0


class TimeLimits(NamedTuple):
    """How long a call may take: as a whole, or each of its steps.

    Attributes:
        total: the seconds for the whole call; `None` where only its steps are bounded.
        steps: the seconds for connecting, reading, writing and waiting for a connection, as httpx takes them.
    """

    total: float | None
    steps: Mapping[str, float | None]


class CallSettings(NamedTuple):
    """The settings of a client, or of one copy of it, that its calls go by.

    Attributes:
        limits: how long a call may take.
        max_retries: how many more attempts than one it may make.
        headers: what is sent with each.
    """

    limits: TimeLimits
    max_retries: int
    headers: HeaderPairs


def time_limits(timeout: Timeout) -> TimeLimits:
    """Read a `timeout=` argument.

    Raises:
        TypeError: it is neither seconds nor an `httpx.Timeout` nor `None`.
        ValueError: it is not above 0.
    """
    if timeout is None:
        return TimeLimits(None, {"connect": None, "read": None, "write": None, "pool": None})
    if isinstance(timeout, (int, float)) and not isinstance(timeout, bool):
        if not timeout > 0:
            raise ValueError(f"timeout= must be above 0 seconds, not {timeout}; None is no limit")
        connect = min(CONNECT_TIMEOUT_S, timeout)
        # Reading and writing have no time-out of their own: the deadline of the call covers them.
        steps = {"connect": connect, "read": None, "write": None, "pool": None}
        return TimeLimits(None if timeout == float("inf") else float(timeout), steps)
    as_dict: Callable[[], dict[str, float | None]] | None = getattr(timeout, "as_dict", None)
    if as_dict is not None and not isinstance(timeout, type):
        return TimeLimits(None, as_dict())
    raise TypeError(f"timeout= takes seconds, an httpx.Timeout or None, not a {type(timeout).__name__}")
