"""The part of a session that neither sends nor waits: what the copies of a client share, of either kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._http.masking import shown_text
from .._limits.limiter import Limiter
from .call_flow import Rules, call_flow

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from .._auth.credentials import AuthSettings
    from .._clock import Deadline
    from .._http.attempt_result import RawResponse
    from .._http.request import Prepared
    from .call_flow import Step
    from .timeouts import CallSettings, TimeLimits

CLOSED_MEANWHILE = "the client was closed during the call"
OTHER_LOOP = "the client was first used in another event loop, to which its connections belong; make one for each loop"
OTHER_PROCESS = "the client was first used in another process, to which its connections belong; make one after the fork"


class SessionBase:
    """What a client and its copies work with, from their first call on.

    Attributes:
        auth: how the client proves who it is.
        settings: those that the client was made with: what a login goes by.
        closed: whether the client was closed.
        limiter: of the calls to the API.
        login_limiter: of logins, which are counted by themselves.
    """

    def __init__(self, auth: AuthSettings, settings: CallSettings, limiter: Limiter) -> None:
        self.auth = auth
        self.settings = settings
        self.closed = False
        self.limiter = limiter
        self.login_limiter = Limiter()

    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        return self.auth.credentials.secrets

    def flow(
        self,
        request: Prepared,
        settings: CallSettings,
        limits: TimeLimits,
        deadline: Deadline,
        *,
        authorized: bool,
        login: bool = False,
    ) -> Generator[Step, Any, RawResponse]:
        """The steps of a call."""
        limiter = self.login_limiter if login else self.limiter
        rules = Rules(limits.steps, deadline, settings.max_retries, limiter, self.secrets, authorized, login)
        return call_flow(request, rules)

    def shown(self, request: Prepared, text: str) -> str:
        """Text from outside as it may be shown."""
        return shown_text(request, self.secrets(), text)
