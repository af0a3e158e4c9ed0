"""Whether a call is sent again, and after how long: decisions as pure functions of numbers.

What kind of failure an exception is, is decided in `_http.failures`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._http.attempt import Failure

MAX_RETRY_AFTER_S = 60.0
FIRST_BACKOFF_S = 0.5
MAX_BACKOFF_S = 8.0

# Sending these twice has the effect of sending them once.
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_TRANSIENT = frozenset({408, 500, 502, 503, 504})
# These say that the server has not done what it was asked to; after any other 5xx it may have.
_REFUSED = frozenset({501, 505})
_SECONDS = r"[0-9]+(\.[0-9]+)?|\.[0-9]+"


def back_off(attempt: int, jitter: float) -> float:
    """The seconds to wait after attempt `attempt` (from 1): exponential, of which the part `jitter` is waited."""
    # The exponent is bounded so that a large max_retries cannot overflow.
    return min(MAX_BACKOFF_S, FIRST_BACKOFF_S * 2.0 ** min(attempt - 1, 16)) * jitter


def retry_after(values: Sequence[str], now: float) -> float | None:
    """The seconds that headers `Retry-After` ask for, in either form; `None` if they say nothing that is understood."""
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    for value in values:
        text = value.strip()
        if re.fullmatch(_SECONDS, text):
            return float(text)
        try:
            date = parsedate_to_datetime(text)
            # One without a zone is in that of HTTP, not in that of this machine.
            moment = (date if date.tzinfo is not None else date.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        # A date that is over says that the server takes requests now.
        return max(0.0, moment - now)
    return None


def retry_status(
    method: str, status: int, asked: float | None, attempt: int, max_retries: int, jitter: float
) -> float | None:
    """The seconds after which to send again what was answered with `status`; `None` for not at all.

    Args:
        method: the HTTP method.
        status: no success.
        asked: what `Retry-After` asks for.
        attempt: the number of attempts made so far.
        max_retries: how many more attempts than one are allowed.
        jitter: a random number from 0 to 1.
    """
    # A 429 that says how long to wait is no failure of the call.
    patient = status == 429 and bool(asked) and max_retries > 0
    if attempt > max_retries and not patient:
        return None
    refused = status == 429 or (status == 503 and asked is not None)
    if not refused and not (status in _TRANSIENT and method in _REPEATABLE):
        return None
    if asked is None:
        return back_off(attempt, jitter)
    return asked if asked <= MAX_RETRY_AFTER_S else None


def retry_failure(method: str, failure: Failure, attempt: int, max_retries: int, jitter: float) -> float | None:
    """The seconds after which to send again what got no answer; `None` for not at all."""
    if attempt > max_retries or failure == "final":
        return None
    if failure == "broken" and method not in _REPEATABLE:
        return None
    return back_off(attempt, jitter)


def may_have_acted(status: int) -> bool:
    """Whether the server may have done what it was asked to, although it answered with this status."""
    return status >= 500 and status not in _REFUSED
