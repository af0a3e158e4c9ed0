"""One call from its first attempt to its last: what happens after each of them, decided without sending anything.

Both clients ask an `Attempts` and do what it says; they differ only in how they send and how they wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _clock
from .._client.results import status_error
from .._errors import APIConnectionError, APIStatusError, APITimeoutError
from .._http.attempt_result import Flight, Lost, Raw
from .._http.redact import redact
from .retry import MAX_RETRY_AFTER_S, Failure, may_have_acted, retry_after, retry_failure, retry_status

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from .._clock import Deadline
    from .._http.request import Prepared


class Hold:
    """Holds back the calls of a client while the server takes none, so that they do not each run into a 429."""

    __slots__ = ("_refusal", "_until")

    def __init__(self) -> None:
        self._until = 0.0
        self._refusal: Raw | None = None

    def set(self, seconds: float, refusal: Raw) -> None:
        """Hold all calls back for so many seconds, because of this answer."""
        until = _clock.now() + seconds
        if until > self._until:
            self._until, self._refusal = until, refusal

    def check(self) -> tuple[float, Raw] | None:
        """How long a call has to wait, and because of which answer; `None` if it may go."""
        refusal = self._refusal
        if refusal is None:
            return None
        seconds = self._until - _clock.now()
        if seconds > 0:
            return seconds, refusal
        self._refusal = None
        return None


class Attempts:
    """The attempts of one call.

    Attributes:
        flight: how far the attempt under way has come.
        number: how many attempts were begun.
    """

    __slots__ = (
        "_acted",
        "_deadline",
        "_hide",
        "_hold",
        "_max_retries",
        "_prepared",
        "flight",
        "number",
    )

    def __init__(
        self,
        prepared: Prepared,
        *,
        max_retries: int,
        deadline: Deadline,
        hold: Hold,
        hide: Callable[[str], str],
    ) -> None:
        self._prepared = prepared
        self._max_retries = max_retries
        self._deadline = deadline
        self._hold = hold
        self._hide = hide
        self._acted = False
        self.flight = Flight()
        self.number = 0

    @property
    def label(self) -> str:
        """The call, for error messages."""
        return f"{self._prepared.method} {self._prepared.path}"

    def held_back(self) -> float:
        """The seconds to wait before the next attempt, since another call was told to; 0 for none.

        Raises:
            RateLimitError: they do not fit into what is left of the call's time.
        """
        held = self._hold.check()
        if held is None:
            return 0.0
        seconds, refusal = held
        if not self._deadline.allows(seconds):
            raise self._status_error(refusal, seconds)
        return seconds

    def begin(self) -> Flight:
        """Begin an attempt."""
        self.number += 1
        self.flight = Flight()
        return self.flight

    def renew(self) -> None:
        """Begin anew with another credential: the attempt that was refused does not count."""
        self.number -= 1

    def after(self, outcome: Raw | Lost) -> float:
        """The seconds to wait before the next attempt, after one that was no success.

        Raises:
            APIStatusError: there is no next one.
            APIConnectionError: there is no next one, and there was no answer.
        """
        return self._after_loss(outcome) if isinstance(outcome, Lost) else self._after_status(outcome)

    def _after_loss(self, lost: Lost) -> float:
        self._acted = self._acted or self.flight.sent is not False
        wait = retry_failure(self._prepared.method, lost.failure, self.number, self._max_retries, _clock.jitter())
        if wait is None or not self._deadline.allows(wait):
            raise self._connection_error(lost)
        return wait

    def _after_status(self, raw: Raw) -> float:
        self._acted = self._acted or may_have_acted(raw.status)
        asked = _asked(raw)
        wait = retry_status(self._prepared.method, raw.status, asked, self.number, self._max_retries, _clock.jitter())
        if raw.status == 429:
            hold = wait if wait is not None else asked
            if hold is not None and hold <= MAX_RETRY_AFTER_S:
                self._hold.set(hold, raw)
        if wait is None or not self._deadline.allows(wait):
            raise self._status_error(raw, asked)
        return wait

    def timed_out(self) -> APIConnectionError | APIStatusError:
        """The error for a call whose time is over, wherever it stands."""
        refusal = self.flight.refusal()
        if refusal is not None:
            return self._status_error(refusal, _asked(refusal))
        self._acted = self._acted or self.flight.sent is not False
        return self._connection_error(Lost(Failure.BROKEN, "the call took longer than its timeout", timed_out=True))

    def _status_error(self, raw: Raw, asked: float | None) -> APIStatusError:
        return status_error(raw, self.label, lambda text: self._hidden(text, raw.request), asked)

    def _connection_error(self, lost: Lost) -> APIConnectionError:
        kind = APITimeoutError if lost.timed_out else APIConnectionError
        request = self.flight.request
        after = f", in {self.number} attempts" if self.number > 1 else ""
        text = self._hidden(f"{self.label}: {lost.reason}{after}", request)
        if request is not None:
            from .._http.messages import shown_request

            request = shown_request(request)
        return kind(text, request=request, may_have_taken_effect=self._acted)

    def _hidden(self, text: str, request: httpx.Request | None) -> str:
        # What was really sent as a credential may be none of the client's: an `httpx.Auth` or the call brought it.
        sent: str = "" if request is None else request.headers.get("authorization", "")
        return redact(self._hide(text), (sent.rpartition(" ")[2],))


def _asked(raw: Raw) -> float | None:
    values = raw.headers.get_list("retry-after")
    return retry_after(values, _clock.wall()) if values else None
