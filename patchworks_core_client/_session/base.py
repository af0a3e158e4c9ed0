"""What the copies of a client share, of either kind: the set-up, the hold of a 429, and what must not be shown."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
import json
from typing import TYPE_CHECKING, Any

from .._auth.credentials import SecretBytes
from .._http.redact import redact
from .._http.request import header_value
from .attempts import Attempts, Hold

if TYPE_CHECKING:
    from .._client.config import Config, Options
    from .._clock import Deadline
    from .._http.request import HeaderPairs, Prepared

CLOSED = "the client is closed; make a new one"
CLOSED_MEANWHILE = "the client was closed during the call"
OTHER_LOOP = "the client was first used in another event loop, to which its connections belong; make one for each loop"
OTHER_PROCESS = "the client was first used in another process, to which its connections belong; make one after the fork"

# The fields of a body whose values are nobody's business.
_SENSITIVE_FIELDS = frozenset({"value", "password", "token"})


class SessionBase:
    """The part of a session that neither sends nor waits.

    Attributes:
        config: the set-up.
        options: those that the client was made with: what a login goes by.
        closed: whether the client was closed.
        hold: holds calls to the API back after a 429.
        login_hold: the same for logins, which are counted by themselves.
    """

    def __init__(self, config: Config, options: Options) -> None:
        self.config = config
        self.options = options
        self.closed = False
        self.hold = Hold()
        self.login_hold = Hold()

    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        return self.config.credentials.secrets

    def attempts(self, prepared: Prepared, options: Options, deadline: Deadline, *, login: bool = False) -> Attempts:
        """The attempts of a call."""
        return Attempts(
            prepared,
            max_retries=options.max_retries,
            deadline=deadline,
            hold=self.login_hold if login else self.hold,
            hide=lambda text: redact(text, (*self.secrets(), *_sensitive_values(prepared.content))),
        )


def authorization_header(value: str) -> HeaderPairs:
    """The header that proves who sends a request."""
    return ((b"authorization", SecretBytes(header_value(value, "the credential"))),)


def _sensitive_values(content: bytes) -> list[str]:
    """The texts in a JSON body that no message may repeat."""
    found: list[str] = []
    try:
        todo: list[Any] = [json.loads(content)] if content else []
    except ValueError:
        # A form or a file, in which no variable is stored.
        return found
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo += value
        elif isinstance(value, dict):
            fields: dict[str, Any] = value
            found += [text for name, text in fields.items() if name in _SENSITIVE_FIELDS and isinstance(text, str)]
            todo += fields.values()
    return found
