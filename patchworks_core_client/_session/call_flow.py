"""One call from its first attempt to its last, as a flow: what is sent, retried and waited for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, TypeAlias

from .. import _clock
from .._auth.authorization import ObtainToken, authorization_header
from .._http.attempt import Attempt, TransportFailure
from .._http.generator_flow import DeadlineExceeded, Wait
from .._http.response import RawResponse
from .._http.secret import Secret
from .._limits.limiter import MAX_PAUSES_S
from .._limits.queue import AwaitTurn, NoRoom
from .._limits.rate_limit_headers import rate_limit
from . import log_records, tracing

if TYPE_CHECKING:
    from collections.abc import Generator

    from .._clock import Deadline
    from .._http.headers import HeaderPairs
    from .._http.request import Prepared
    from .._limits.queue import Waiting
    from .base import SessionBase
    from .timeouts import CallLimits


Step: TypeAlias = Wait | AwaitTurn | ObtainToken | Attempt


def call_flow(
    session: SessionBase, request: Prepared, limits: CallLimits, deadline: Deadline, *, login: bool = False
) -> Generator[Step, Any, RawResponse]:
    """The steps of a call or a login; returns its response, a success.

    Raises:
        APIStatusError: the last response was no success.
        APIConnectionError: there was no response.
        ClientStateError: the client was closed meanwhile.
    """
    attempts = _Attempts(session, request, limits, deadline, login)
    limiter = attempts.limiter
    try:
        result, asked = yield from attempts.make()
        if isinstance(result, RawResponse) and 200 <= result.status <= 299:
            return result
    except NoRoom as no_room:
        waiting = no_room.waiting
        if waiting.reason == "budget" or (waiting.reason == "pause" and waiting.cause is None):
            from .call_errors import limit_error

            raise limit_error(request, waiting, acted=attempts.acted) from None
        result = _last_result(attempts.attempt, waiting.cause or limiter.cause)
        asked = waiting.seconds if waiting.reason == "pause" else None
    except DeadlineExceeded:
        result = _last_result(attempts.attempt, limiter.cause if attempts.place.sent_at is None else None)
        asked = _requested_wait(result)
        attempts.acted = attempts.acted or _may_have_acted(result, attempts.attempt)
    finally:
        limiter.end(attempts.place)
    from .call_errors import call_error

    raise call_error(
        request,
        result,
        sent=attempts.attempt.request,
        attempts=attempts.number,
        acted=attempts.acted,
        retry_after=asked,
        secrets=session.secrets(),
    )


_NOBODY = Secret("")


class _Attempts:
    """The attempts of a call, and what is known of them.

    Attributes:
        limiter: says when they may go out; shared with the other calls of the client.
        place: in the queue of the client's requests.
        number: how many were made.
        acted: whether the server may have acted on one of them.
        attempt: the last one, or the first one before it is made.
    """

    def __init__(
        self, session: SessionBase, request: Prepared, limits: CallLimits, deadline: Deadline, login: bool
    ) -> None:
        self._session = session
        self._request = request
        self._limits = limits
        self._deadline = deadline
        self._login = login
        own = login or request.has_authorization
        self._tokens = None if own else session.tokens
        self._key_header: HeaderPairs = () if own else session.key_header
        # How many attempts were refused with a 429 that said how long to wait: no failures of the call.
        self._throttled = 0
        self._waited = False
        self.limiter = session.login_limiter if login else session.limiter
        self.place = self.limiter.place()
        self.number = 0
        self.acted = False
        self.attempt = self._new_attempt()

    def make(self) -> Generator[Step, Any, tuple[RawResponse | TransportFailure, float | None]]:
        """Make attempts until one succeeds or none follows; returns the last result, and the wait that it asks for."""
        request, tokens = self._request, self._tokens
        renewed = False
        while True:
            authorization: Secret[str] = yield from self._turn()
            if self.number:
                self.attempt = self._new_attempt()
            self.number += 1
            result: RawResponse | TransportFailure = yield from self._attempt(authorization)
            sent_at = self._tell_limiter(result)
            if isinstance(result, RawResponse):
                if 200 <= result.status <= 299:
                    return result, None
                if result.status == 401 and tokens is not None and not renewed:
                    renewed = True
                    if (yield from tokens.reauthorize(authorization)):
                        # With another token it begins anew: the attempt that was refused does not count.
                        self.number -= 1
                        continue
            asked = _requested_wait(result)
            self.acted = self.acted or _may_have_acted(result, self.attempt)
            wait = self._wait_before_next(result, asked, sent_at)
            if wait is None:
                return result, asked
            log_records.retry(request, result, self.number, wait, self._shown)
            yield Wait(wait)

    def _turn(self) -> Generator[Step, Any, Secret[str]]:
        """Wait until the next attempt may go out; returns what a login authorizes it with."""
        tokens, authorization = self._tokens, _NOBODY
        if tokens is not None:
            # Before its turn comes, since a login takes time.
            authorization = yield from tokens.authorize()
        self._waited = False
        yield from self.limiter.admit(self.place, self._deadline, self._tell_wait)
        if self._waited and tokens is not None:
            authorization = yield from tokens.authorize()
        return authorization

    def _new_attempt(self) -> Attempt:
        return Attempt(self._request, self._limits.steps, self._deadline, login=self._login)

    def _attempt(self, authorization: Secret[str]) -> Generator[Step, Any, RawResponse | TransportFailure]:
        attempt = self.attempt
        attempt.headers = self._key_header or authorization_header(authorization)
        self._session.refuse_closed()
        result: RawResponse | TransportFailure
        if log_records.attempts.isEnabledFor(logging.DEBUG) or tracing.enabled():
            result = yield from self._observed(attempt)
        else:
            result = yield attempt
        if isinstance(result, TransportFailure):
            self._session.refuse_closed()
        return result

    def _observed(self, attempt: Attempt) -> Generator[Step, Any, RawResponse | TransportFailure]:
        """Make an attempt for those who asked for log lines or spans; without a result it was broken off."""
        result: RawResponse | TransportFailure | None = None
        began = _clock.now()
        span = tracing.AttemptSpan(self._request, self.number) if tracing.enabled() else None
        try:
            if span is not None:
                attempt.headers += span.headers
            answer: RawResponse | TransportFailure = yield attempt
            result = answer
            return answer
        finally:
            if span is not None:
                span.end(result)
            log_records.attempt(self._request, result, _clock.now() - began, self.number, self._shown)

    def _tell_wait(self, waiting: Waiting) -> None:
        self._waited = True
        log_records.waits(self._request, waiting, self.number + 1, self._shown)
        tracing.waits(waiting)

    def _tell_limiter(self, result: RawResponse | TransportFailure) -> float:
        """Tell of a result; returns when the request had been sent."""
        sent_at = self.place.sent_at or 0.0
        if isinstance(result, TransportFailure) or result.status == 429:
            self.limiter.end(self.place)
        else:
            self.limiter.answered(self.place, *rate_limit(result.raw_headers))
        return sent_at

    def _wait_before_next(
        self, result: RawResponse | TransportFailure, asked: float | None, sent_at: float
    ) -> float | None:
        """The seconds until the next attempt; `None` if there is none. A 429 makes all other calls wait as well."""
        from .retry import MAX_RETRY_AFTER_S, retry_failure, retry_status

        method, attempt, max_retries = self._request.method, self.number - self._throttled, self._limits.max_retries
        if isinstance(result, TransportFailure):
            wait = retry_failure(method, result.failure, attempt, max_retries, _clock.jitter())
        else:
            wait = retry_status(method, result.status, asked, attempt, max_retries, _clock.jitter())
            if result.status == 429:
                self._throttled += bool(asked)
                pause = asked if wait is None else wait
                if pause is not None and pause <= MAX_RETRY_AFTER_S:
                    self.limiter.pause(self.place, sent_at, pause, result)
        too_late = wait is not None and not self._deadline.allows(wait)
        too_often = self._deadline.at is None and self.place.paused > MAX_PAUSES_S
        return None if too_late or too_often else wait

    def _shown(self, text: str) -> str:
        from .._http.masking import shown_text

        return shown_text(self._request, self._session.secrets(), text)


def _last_result(attempt: Attempt, cause: object) -> RawResponse | TransportFailure:
    """The result of a call whose time ran out: what came of its last attempt, or else the 429 for which it waits."""
    response = attempt.error_response()
    if response is None and isinstance(cause, RawResponse):
        response = cause
    return response or TransportFailure("broken", "the call took longer than its timeout", timed_out=True)


def _may_have_acted(result: RawResponse | TransportFailure, attempt: Attempt) -> bool:
    from .retry import may_have_acted

    return attempt.sent is not False if isinstance(result, TransportFailure) else may_have_acted(result.status)


def _requested_wait(result: RawResponse | TransportFailure) -> float | None:
    from .retry import retry_after

    values = [] if isinstance(result, TransportFailure) else result.headers.get_list("retry-after")
    return retry_after(values, _clock.wall()) if values else None
