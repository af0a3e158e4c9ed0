"""The limits of a client, as it was given them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .limiter import Limiter

if TYPE_CHECKING:
    from .rate import Rate
    from .redis_fleet import RedisFleet


class LimitSettings(NamedTuple):
    """The budget of a client, and the fleet that shares it.

    Attributes:
        rate: the budget; `None` for none.
        fleet: shares it, besides the login and the pause; `None` for none.
    """

    rate: Rate | None = None
    fleet: RedisFleet | None = None

    def limiter(self) -> Limiter:
        """A limiter for a client and its copies."""
        if self.fleet is not None:
            return Limiter(self.fleet.budget(self.rate))
        if self.rate is None:
            return Limiter()
        from .budget import ClientBudget

        return Limiter(ClientBudget(self.rate))
