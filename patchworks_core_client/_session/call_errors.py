"""The error of a call that ended without a success; nothing secret is in its text."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from .._errors import APIConnectionError, APITimeoutError, RateLimitError
from .._http.masking import credentials_in, shown_request, shown_text
from .._http.response import RawResponse
from .status_errors import status_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .. import _types  # pyright: ignore[reportPrivateUsage] - it is private to the package
    from .._errors import APIStatusError
    from .._http.attempt import TransportFailure
    from .._http.request import Prepared
    from .._limits.queue import Waiting


def call_error(
    request: Prepared,
    result: RawResponse | TransportFailure,
    *,
    sent: _types.httpx.Request | None,
    attempts: int,
    acted: bool,
    retry_after: float | None,
    secrets: Iterable[str],
) -> APIStatusError | APIConnectionError:
    """The error for the last result of a call.

    Args:
        request: the call.
        result: a response that is no success, or the loss of one.
        sent: the request of the last attempt; `None` if none was made.
        attempts: how many were made.
        acted: whether the server may have acted on one of them.
        retry_after: the seconds that the response asks to wait.
        secrets: what no text may show, besides what this very call sent.
    """
    label = f"{request.method} {request.path}"
    answered = result.request if isinstance(result, RawResponse) else sent
    # What was really sent as a credential may be none of the client's: an `httpx.Auth` brought it.
    brought = [] if answered is None else credentials_in(answered.headers.raw)
    shown = partial(shown_text, request, [*secrets, *brought])
    if isinstance(result, RawResponse):
        return status_error(result, label, shown, retry_after=retry_after, acted=acted)
    kind = APITimeoutError if result.timed_out else APIConnectionError
    after = f", in {attempts} attempts" if attempts > 1 else ""
    request_sent = None if sent is None else shown_request(sent)
    return kind(f"{label}: {shown(result.reason)}{after}", request=request_sent, may_have_taken_effect=acted)


def limit_error(request: Prepared, waiting: Waiting, *, acted: bool) -> RateLimitError:
    """The error of a call that may not be sent in time: by the client's own budget, or by a pause of its fleet."""
    reason = "another process of the fleet met a 429" if waiting.reason == "pause" else "the budget of rate= is used up"
    return RateLimitError(
        f"{request.method} {request.path}: {reason}: the call would have to wait for {waiting.seconds:.1f} s, "
        "which is longer than its timeout allows. Nothing was sent",
        status_code=429,
        message=reason,
        retry_after=waiting.seconds,
        may_have_taken_effect=acted,
    )
