"""One call from its first attempt to its last, as a flow: what is sent, retried and waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from .. import _clock
from .._generator_flow import DeadlineExceeded, Wait
from .._http.attempt_result import AttemptProgress, Failure, RawResponse, TransportFailure
from .._http.masking import shown_text
from .._http.secret import Secret
from .._limits.headers import rate_limit
from .._limits.limiter import MAX_PAUSES_S, NoRoom
from .._limits.steps import AskFleet, AwaitTurn
from . import logs, tracing
from .call_errors import budget_error, call_error
from .retry import MAX_RETRY_AFTER_S, may_have_acted, retry_after, retry_failure, retry_status

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from .._clock import Deadline
    from .._http.request import Prepared
    from .._limits.limiter import Limiter
    from .._limits.steps import Waiting


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


Step: TypeAlias = Wait | AwaitTurn | AskFleet | Authorize | Renew | Send


class Rules(NamedTuple):
    """What a call goes by.

    Attributes:
        timeouts: the seconds for each step of an attempt.
        deadline: when the call has to be over.
        max_retries: how many more attempts than one it may make.
        limiter: says when its requests may go out; shared with the other calls of its client.
        secrets: gives what no text may show.
        authorized: whether the client has a credential to send with it.
        login: whether it is a login.
    """

    timeouts: Mapping[str, float | None]
    deadline: Deadline
    max_retries: int
    limiter: Limiter
    secrets: Callable[[], tuple[str, ...]]
    authorized: bool
    login: bool


def call_flow(request: Prepared, rules: Rules) -> Generator[Step, Any, RawResponse]:
    """The steps of a call; returns its response, a success.

    Raises:
        APIStatusError: the last response was no success.
        APIConnectionError: there was no response.
    """
    course = _Course(request, rules)
    try:
        result, asked = yield from course.attempts()
        if isinstance(result, RawResponse) and 200 <= result.status <= 299:
            return result
    except NoRoom as no_room:
        waiting = no_room.waiting
        if waiting.reason == "budget":
            raise budget_error(request, waiting.seconds, acted=course.acted) from None
        result = _last(course.progress, waiting.cause or rules.limiter.cause)
        asked = waiting.seconds if waiting.reason == "pause" else None
    except DeadlineExceeded:
        result = _last(course.progress, rules.limiter.cause if course.place.sent_at is None else None)
        asked = _asked(result)
        course.acted = course.acted or _may_have_acted(result, course.progress)
    finally:
        rules.limiter.end(course.place)
    raise call_error(
        request,
        result,
        sent=course.progress.request,
        attempts=course.number,
        acted=course.acted,
        retry_after=asked,
        secrets=rules.secrets(),
    )


class _Course:
    """The attempts of a call, and what is known of them.

    Attributes:
        place: in the queue of the client's requests.
        number: how many attempts were made.
        acted: whether the server may have acted on one of them.
        progress: of the last one.
    """

    def __init__(self, request: Prepared, rules: Rules) -> None:
        self._request = request
        self._rules = rules
        # How many attempts were refused with a 429 that said how long to wait: no failures of the call.
        self._put_off = 0
        self._waited = False
        self.place = rules.limiter.place()
        self.number = 0
        self.acted = False
        self.progress = AttemptProgress()

    def attempts(self) -> Generator[Step, Any, tuple[RawResponse | TransportFailure, float | None]]:
        """Make attempts until one succeeds or none follows; returns the last result, and the wait that it asks for."""
        rules, request = self._rules, self._request
        renewed = False
        while True:
            authorization: Secret[str] = yield from self._turn()
            self.number += 1
            self.progress = AttemptProgress()
            result: RawResponse | TransportFailure = yield Send(
                request, authorization, rules.timeouts, self.number, self.progress, rules.login
            )
            sent_at = self._tell_limiter(result)
            if isinstance(result, RawResponse):
                if 200 <= result.status <= 299:
                    return result, None
                if result.status == 401 and rules.authorized and not renewed:
                    renewed = True
                    if (yield Renew(authorization)):
                        # With another credential it begins anew: the attempt that was refused does not count.
                        self.number -= 1
                        continue
            asked = _asked(result)
            self.acted = self.acted or _may_have_acted(result, self.progress)
            wait = yield from self._wait_before_next(result, asked, sent_at)
            if wait is None:
                return result, asked
            logs.retry(request, result, self.number, wait, self._shown)
            yield Wait(wait)

    def _turn(self) -> Generator[Step, Any, Secret[str]]:
        """Wait until the next attempt may go out; returns what it is authorized with."""
        rules = self._rules
        authorization = Secret("")
        if rules.authorized:
            # Before its turn comes, since a login takes time.
            authorization = yield Authorize()
        self._waited = False
        yield from rules.limiter.admit(self.place, rules.deadline, self._tell_wait)
        if self._waited and rules.authorized:
            authorization = yield Authorize()
        return authorization

    def _tell_wait(self, waiting: Waiting) -> None:
        self._waited = True
        logs.waits(self._request, waiting, self.number + 1, self._shown)
        tracing.waits(waiting)

    def _tell_limiter(self, result: RawResponse | TransportFailure) -> float:
        """Tell of a result; returns when the request had been sent."""
        limiter, sent_at = self._rules.limiter, self.place.sent_at or 0.0
        if isinstance(result, TransportFailure) or result.status == 429:
            limiter.end(self.place)
        else:
            limiter.answered(self.place, *rate_limit(result.raw_headers))
        return sent_at

    def _wait_before_next(
        self, result: RawResponse | TransportFailure, asked: float | None, sent_at: float
    ) -> Generator[Step, Any, float | None]:
        """The seconds until the next attempt; `None` if there is none. A 429 makes all other calls wait as well."""
        rules, method, attempt = self._rules, self._request.method, self.number - self._put_off
        if isinstance(result, TransportFailure):
            wait = retry_failure(method, result.failure, attempt, rules.max_retries, _clock.jitter())
        else:
            wait = retry_status(method, result.status, asked, attempt, rules.max_retries, _clock.jitter())
            if result.status == 429:
                self._put_off += bool(asked)
                pause = asked if wait is None else wait
                if pause is not None and pause <= MAX_RETRY_AFTER_S:
                    yield from rules.limiter.pause(self.place, sent_at, pause, result)
        too_late = wait is not None and not rules.deadline.allows(wait)
        too_often = rules.deadline.at is None and self.place.paused > MAX_PAUSES_S
        return None if too_late or too_often else wait

    def _shown(self, text: str) -> str:
        return shown_text(self._request, self._rules.secrets(), text)


def _last(progress: AttemptProgress, cause: object) -> RawResponse | TransportFailure:
    """The result of a call whose time ran out: what came of its last attempt, or else the 429 for which it waits."""
    response = progress.error_response()
    if response is None and isinstance(cause, RawResponse):
        response = cause
    return response or TransportFailure(Failure.BROKEN, "the call took longer than its timeout", timed_out=True)


def _may_have_acted(result: RawResponse | TransportFailure, progress: AttemptProgress) -> bool:
    return progress.sent is not False if isinstance(result, TransportFailure) else may_have_acted(result.status)


def _asked(result: RawResponse | TransportFailure) -> float | None:
    """The seconds that a response asks to wait."""
    values = [] if isinstance(result, TransportFailure) else result.headers.get_list("retry-after")
    return retry_after(values, _clock.wall()) if values else None
