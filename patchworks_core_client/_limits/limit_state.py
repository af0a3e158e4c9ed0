"""What `pw.limits` tells."""

from __future__ import annotations

from typing import NamedTuple


class LimitState(NamedTuple):
    """What the limits of a client are at, as `pw.limits` tells it.

    Attributes:
        remaining: how many requests may go out at once, by the budget of `rate=` (of a fleet, as Redis last said), or
            else by the server's last answer; `None` if neither says.
        pause: the seconds for which no request goes out because of a 429; 0 if there is no pause.
        rate: the requests a second that go out at most; `None` if nothing is held back.
        read_ahead: how many pages of a list are fetched ahead at most; `None` if nothing is held back.
        under_way: how many requests are.
        waiting: how many requests wait for their turn.
        fleet: whether the fleet's Redis is in use; `None` without a fleet.
    """

    remaining: int | None
    pause: float
    rate: float | None
    read_ahead: int | None
    under_way: int
    waiting: int
    fleet: bool | None
