"""One attempt: what is sent, how far it has come, and the failure of one that brought no response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .response import RawResponse
from .response_body import Body

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

    from .._clock import Deadline
    from .headers import HeaderPairs
    from .outgoing_request import OutgoingRequest, Timeouts
    from .request import Prepared
    from .response import RawHeaders


Failure: TypeAlias = Literal["not sent", "broken", "final"]
"""How an attempt failed that got no answer.

- `not sent`: the connection could not be made, so the server knows nothing of it.
- `broken`: a time-out or a broken connection after the request was, perhaps, sent.
- `final`: sending it again would fail in the same way.
"""


class TransportFailure:
    """The end of an attempt without a whole response.

    Attributes:
        failure: what that means for another attempt.
        timed_out: whether time was the reason.
        reason: for the error message, without values.
    """

    __slots__ = ("failure", "reason", "timed_out")

    def __init__(self, failure: Failure, reason: str, *, timed_out: bool = False) -> None:
        self.failure: Failure = failure
        self.reason = reason
        self.timed_out = timed_out

    @property
    def kind(self) -> str:
        """One word for logs and traces."""
        return "timeout" if self.timed_out else "connection_error"


NO_CONNECTION = TransportFailure("not sent", "no connection of the pool became free in time", timed_out=True)
TOO_LATE = TransportFailure("broken", "the answer took too long", timed_out=True)


class Attempt:
    """One attempt of a call: what is to be sent, and how far that has come, which is known also when it is cut off.

    Attributes:
        prepared: the request.
        headers: sent with it, besides its own, the credential among them.
        timeouts: the seconds for each step.
        deadline: when the call has to be over.
        login: whether it is a login: at another origin perhaps, and unseen by hooks.
        sent: whether the request began to go out; `None` while it cannot be told.
        outgoing: what is being sent.
        body: what collects the response, once its head came.
        cancelled: whether nobody wants its result any more.
        interrupt_connection: ends what a thread waits for, while there is something to end.
    """

    __slots__ = (
        *("prepared", "headers", "timeouts", "deadline", "login"),
        *("sent", "outgoing", "body", "cancelled", "interrupt_connection"),
    )

    def __init__(self, prepared: Prepared, timeouts: Timeouts, deadline: Deadline, *, login: bool) -> None:
        self.prepared = prepared
        self.headers: HeaderPairs = ()
        self.timeouts = timeouts
        self.deadline = deadline
        self.login = login
        self.sent: bool | None = False
        self.outgoing: OutgoingRequest | None = None
        self.body: Body | None = None
        self.cancelled = False
        self.interrupt_connection: Callable[[], None] | None = None

    @property
    def request(self) -> httpx.Request | None:
        """What is being sent, as httpx has it."""
        return None if self.outgoing is None else self.outgoing.message

    def interrupt(self) -> None:
        """Break the attempt off, from another thread."""
        # In this order: whoever can be interrupted looks at `cancelled` afterwards.
        self.cancelled = True
        interrupt_connection = self.interrupt_connection
        if interrupt_connection is not None:
            interrupt_connection()

    def launch(self, outgoing: OutgoingRequest) -> None:
        self.outgoing = outgoing
        # What was sent before in this attempt stays sent: an `httpx.Auth` makes several requests of one.
        self.sent = self.sent or None
        self.body = None

    def observe(self) -> None:
        """Take note that the transport tells what it does: what it does not tell of has not happened."""
        if self.sent is None:
            self.sent = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of what httpcore says that it does: the `trace` extension of a request."""
        self.observe()
        # The request by which a proxy is asked for a tunnel is none of the call's.
        if event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            self.sent = True

    async def trace_async(self, event: str, info: Mapping[str, Any]) -> None:
        self.trace(event, info)

    def begin_body(self, status: int, raw_headers: RawHeaders, max_bytes: int) -> Body:
        """Take note of the head of the response; return what collects its body."""
        self.sent = True
        body = self.body = Body(status, raw_headers, max_bytes)
        # The length in the answer to a HEAD is that of a body which is not sent.
        if self.prepared.method != "HEAD":
            body.check_length()
        return body

    def partial_response(self) -> RawResponse | None:
        """The response as far as it came, from its head on."""
        if self.body is None or self.outgoing is None:
            return None
        return RawResponse(self.body.status, self.body.raw_headers, self.body.content(), self.outgoing)

    def error_response(self) -> RawResponse | None:
        """The same where its status alone says that the call failed."""
        response = self.partial_response()
        return None if response is None or 200 <= response.status <= 299 else response
