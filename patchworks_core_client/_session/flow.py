"""One call from its first attempt to its last, as a flow: what is sent, retried and waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from .. import _clock
from .._auth.flow import DeadlineExceeded, Wait
from .._http.attempt_result import AttemptProgress, Failure, RawResponse, TransportFailure
from .._http.secret import Secret
from . import logs
from .call_errors import call_error, shown_text
from .retry import MAX_RETRY_AFTER_S, may_have_acted, retry_after, retry_failure, retry_status
from .throttle import Paused

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from .._clock import Deadline
    from .._http.request import Prepared
    from .throttle import Throttle


class Authorize(NamedTuple):
    """Step: get the value of the `Authorization` header."""


class Renew(NamedTuple):
    """Step: get another credential than the one that was refused; gives whether there is one."""

    refused: Secret[str]


class Send(NamedTuple):
    """Step: make an attempt; gives its result.

    Attributes:
        request: what is sent.
        authorization: the value of the `Authorization` header; empty for none.
        timeouts: the seconds for each step of the attempt.
        number: of the attempt, from 1.
        progress: is kept up to date while the attempt is under way.
        login: whether this is a login.
    """

    request: Prepared
    authorization: Secret[str]
    timeouts: Mapping[str, float | None]
    number: int
    progress: AttemptProgress
    login: bool


Step: TypeAlias = Wait | Authorize | Renew | Send


class Rules(NamedTuple):
    """What a call goes by.

    Attributes:
        timeouts: the seconds for each step of an attempt.
        deadline: when the call has to be over.
        max_retries: how many more attempts than one it may make.
        throttle: what it shares with the other calls of its client.
        secrets: gives what no text may show.
        authorized: whether the client has a credential to send with it.
        login: whether it is a login.
    """

    timeouts: Mapping[str, float | None]
    deadline: Deadline
    max_retries: int
    throttle: Throttle
    secrets: Callable[[], tuple[str, ...]]
    authorized: bool
    login: bool


def call_flow(request: Prepared, rules: Rules) -> Generator[Step, Any, RawResponse]:
    """The steps of a call; returns its response, a success.

    Raises:
        APIStatusError: the last response was no success.
        APIConnectionError: there was no response.
    """

    def shown(text: str) -> str:
        return shown_text(request, rules.secrets(), text)

    authorization, renewed = Secret(""), False
    number, acted = 0, False
    result: RawResponse | TransportFailure
    progress = AttemptProgress()
    try:
        while True:
            for pause, response in rules.throttle.admit(rules.deadline):
                logs.pause(request, response, number + 1, pause, shown)
                yield Wait(pause)
            if rules.authorized:
                authorization = yield Authorize()
            number += 1
            progress = AttemptProgress()
            result = yield Send(request, authorization, rules.timeouts, number, progress, rules.login)
            if isinstance(result, RawResponse):
                if 200 <= result.status <= 299:
                    return result
                if result.status == 401 and rules.authorized and not renewed:
                    renewed = True
                    if (yield Renew(authorization)):
                        # With another credential it begins anew: the attempt that was refused does not count.
                        number -= 1
                        continue
            asked = _asked(result)
            acted = acted or _may_have_acted(result, progress)
            wait = _wait_before_next(request.method, result, asked, number, rules)
            if wait is None or not rules.deadline.allows(wait):
                break
            logs.retry(request, result, number, wait, shown)
            yield Wait(wait)
    except Paused as pause:
        result, asked = pause.response, pause.seconds
    except DeadlineExceeded:
        result = progress.error_response() or TransportFailure(
            Failure.BROKEN, "the call took longer than its timeout", timed_out=True
        )
        asked = _asked(result)
        acted = acted or _may_have_acted(result, progress)
    raise call_error(
        request, result, sent=progress.request, attempts=number, acted=acted, retry_after=asked, secrets=rules.secrets()
    )


def _wait_before_next(
    method: str, result: RawResponse | TransportFailure, asked: float | None, number: int, rules: Rules
) -> float | None:
    """The seconds until the next attempt; `None` if there is none. A 429 makes all other calls wait as well."""
    if isinstance(result, TransportFailure):
        return retry_failure(method, result.failure, number, rules.max_retries, _clock.jitter())
    wait = retry_status(method, result.status, asked, number, rules.max_retries, _clock.jitter())
    if result.status == 429:
        pause = asked if wait is None else wait
        if pause is not None and pause <= MAX_RETRY_AFTER_S:
            rules.throttle.pause(pause, result)
    return wait


def _may_have_acted(result: RawResponse | TransportFailure, progress: AttemptProgress) -> bool:
    return progress.sent is not False if isinstance(result, TransportFailure) else may_have_acted(result.status)


def _asked(result: RawResponse | TransportFailure) -> float | None:
    """The seconds that a response asks to wait."""
    values = [] if isinstance(result, TransportFailure) else result.headers.get_list("retry-after")
    return retry_after(values, _clock.wall()) if values else None
