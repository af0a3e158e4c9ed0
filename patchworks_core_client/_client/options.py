"""What `with_options` can change for a copy of a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._checks import count, flag, function
from .._defaults import MAX_RETRIES, TIMEOUT_S
from .._http.headers import default_headers, header_pairs
from .._http.value import Value
from .._models.mismatches import Reporter
from .._session.timeouts import CallLimits, call_limits
from .._types import NOT_GIVEN, NotGiven

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._errors import Mismatch
    from .._http.headers import HeaderPairs
    from .._types import Timeout


class Options(Value):
    """The options of a client, or of one copy of it.

    Attributes:
        limits: how long a call may take, and how often it is made again.
        headers: what is sent with each.
        reporter: what is told where a body differs from its description.
    """

    limits: CallLimits
    headers: HeaderPairs
    reporter: Reporter

    def changed(
        self,
        *,
        timeout: Timeout | NotGiven = NOT_GIVEN,
        max_retries: int | NotGiven = NOT_GIVEN,
        strict: bool | NotGiven = NOT_GIVEN,
        on_mismatch: Callable[[Mismatch], object] | NotGiven | None = NOT_GIVEN,
        headers: Mapping[str, str] | None = None,
    ) -> Options:
        limits, reporter = self.limits, self.reporter
        if timeout is not NOT_GIVEN:
            limits = call_limits(timeout, limits.max_retries)
        if max_retries is not NOT_GIVEN:
            retries = count(max_retries, "max_retries", least=0)
            limits = CallLimits(total=limits.total, steps=limits.steps, max_retries=retries)
        if strict is not NOT_GIVEN:
            reporter = reporter.having(strict=flag(strict, "strict"))
        if on_mismatch is not NOT_GIVEN:
            reporter = reporter.having(on_mismatch=function(on_mismatch, "on_mismatch", may_be_async=False))
        return Options(limits=limits, headers=header_pairs(headers, self.headers), reporter=reporter)


def default_options(http_client: Any) -> Options:
    """The options of a client that was given none, but an `http_client` perhaps, whose time-out holds then."""
    timeout = getattr(http_client, "timeout", TIMEOUT_S)
    return Options(limits=call_limits(timeout, MAX_RETRIES), headers=default_headers(), reporter=Reporter())
