"""The part of a session that neither sends nor waits: what the copies of a client share, of either kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._auth.credentials import SecretBytes
from .._http.request import header_value
from .flow import Rules, call_flow
from .throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from .._client.config import Config, Options, TimeLimits
    from .._clock import Deadline
    from .._http.attempt_result import RawResponse
    from .._http.request import HeaderPairs, Prepared
    from .flow import Step

CLOSED_MEANWHILE = "the client was closed during the call"
OTHER_LOOP = "the client was first used in another event loop, to which its connections belong; make one for each loop"
OTHER_PROCESS = "the client was first used in another process, to which its connections belong; make one after the fork"


class SessionBase:
    """What a client and its copies work with, from their first call on.

    Attributes:
        config: the set-up.
        options: those that the client was made with: what a login goes by.
        closed: whether the client was closed.
        throttle: of the calls to the API.
        login_throttle: of logins, which are counted by themselves.
    """

    def __init__(self, config: Config, options: Options) -> None:
        self.config = config
        self.options = options
        self.closed = False
        self.throttle = Throttle()
        self.login_throttle = Throttle()

    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        return self.config.credentials.secrets

    def flow(
        self,
        request: Prepared,
        options: Options,
        limits: TimeLimits,
        deadline: Deadline,
        *,
        authorized: bool,
        login: bool = False,
    ) -> Generator[Step, Any, RawResponse]:
        """The steps of a call."""
        throttle = self.login_throttle if login else self.throttle
        rules = Rules(limits.steps, deadline, options.max_retries, throttle, self.secrets, authorized, login)
        return call_flow(request, rules)


def authorization_header(value: str) -> HeaderPairs:
    """The header that proves who sends a request."""
    if not value:
        return ()
    return ((b"authorization", SecretBytes(header_value(value, "the credential"))),)
