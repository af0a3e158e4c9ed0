"""The throttle of a client: while the server takes no requests, its calls wait instead of each running into a 429."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _clock

if TYPE_CHECKING:
    from collections.abc import Generator

    from .._clock import Deadline
    from .._http.attempt_result import RawResponse


class Paused(Exception):
    """A pause that does not fit into what is left of a call's time.

    Attributes:
        response: the 429 that began it.
        seconds: how long it still lasts.
    """

    def __init__(self, response: RawResponse, seconds: float) -> None:
        super().__init__()
        self.response = response
        self.seconds = seconds


class Throttle:
    """Shared by all calls of a client. The flow of a call asks it before each attempt and tells it of each response."""

    __slots__ = ("_response", "_until")

    def __init__(self) -> None:
        self._until = 0.0
        self._response: RawResponse | None = None

    def admit(self, deadline: Deadline) -> Generator[tuple[float, RawResponse], object, None]:
        """The waits until an attempt may go out, each in seconds and with the response because of which it is.

        Raises:
            Paused: they do not fit into the call's time.
        """
        waited: RawResponse | None = None
        while (response := self._response) is not None and response is not waited:
            seconds = self._until - _clock.now()
            if seconds <= 0:
                self._response = None
                return
            if not deadline.allows(seconds):
                raise Paused(response, seconds)
            yield seconds, response
            # Each pause is waited for once: by a clock that stands still it would never be over.
            waited = response

    def pause(self, seconds: float, response: RawResponse) -> None:
        """Let no attempt out for so many seconds, because of this 429."""
        until = _clock.now() + seconds
        if until > self._until:
            self._until, self._response = until, response
