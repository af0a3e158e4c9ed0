"""The documented subscription plans, as far as they limit what an account may do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan allows.

    Attributes:
        rate: how many requests the account has, like `240/min`.
        max_environments: how many virtual environments may be created; `None` where that is by arrangement.
    """

    rate: str
    max_environments: int | None


# 240 requests a minute are documented for all three, "from 240" for the last; two environments "on smaller plans".
PLANS = {
    "growth": Plan("240/min", 2),
    "professional": Plan("240/min", 2),
    "enterprise": Plan("240/min", None),
}


def plan(name: str) -> Plan:
    """Return the plan of that name.

    Raises:
        ValueError: there is none.
    """
    if name not in PLANS:
        raise ValueError(f"there is no profile {name!r}; known are {', '.join(PLANS)}")
    return PLANS[name]
