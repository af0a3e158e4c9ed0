"""What comes of one attempt: a response, or the failure of the transport."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from .response_body import Body

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from .outgoing import OutgoingRequest
    from .response_body import RawHeaders


class Failure(Enum):
    """How an attempt failed that got no answer."""

    NOT_SENT = "not sent"
    """The connection could not be made, so the server knows nothing of it."""

    BROKEN = "broken"
    """A time-out or a broken connection after the request was, perhaps, sent."""

    FINAL = "final"
    """Sending it again would fail in the same way."""


class RawResponse:
    """A response, read to its end.

    Attributes:
        status: the HTTP status.
        raw_headers: names and values as they came; what they say of encoding and length is about the bytes sent.
        content: the body, decompressed.
        whole: whether it was read to its end, so that the connection can be used again.
    """

    __slots__ = ("_headers", "_sent", "content", "raw_headers", "status", "whole")

    def __init__(
        self, status: int, raw_headers: RawHeaders, content: bytes, sent: OutgoingRequest, *, whole: bool = False
    ) -> None:
        self.status = status
        self.raw_headers = raw_headers
        self.content = content
        self.whole = whole
        self._sent = sent
        self._headers: httpx.Headers | None = None

    @property
    def headers(self) -> httpx.Headers:
        """The headers as httpx gives them, made when they are first asked for."""
        if self._headers is None:
            import httpx

            self._headers = httpx.Headers(list(self.raw_headers))
        return self._headers

    @property
    def request(self) -> httpx.Request:
        """What was sent, credential included: never to be shown."""
        return self._sent.message


class TransportFailure:
    """The end of an attempt without a whole response.

    Attributes:
        failure: what that means for another attempt.
        timed_out: whether time was the reason.
        reason: for the error message, without values.
    """

    __slots__ = ("failure", "reason", "timed_out")

    def __init__(self, failure: Failure, reason: str, *, timed_out: bool = False) -> None:
        self.failure = failure
        self.reason = reason
        self.timed_out = timed_out

    @property
    def kind(self) -> str:
        """One word for logs and traces."""
        return "timeout" if self.timed_out else "connection_error"


class Interruptible(Protocol):
    """A connection that a thread may be waiting for."""

    def interrupt(self) -> None:
        """End the waiting."""
        ...


class AttemptProgress:
    """How far an attempt has come: kept outside of it, so that it is known also when it is cut off.

    Attributes:
        sent: whether the request began to go out; `None` while it cannot be told.
        outgoing: what is being sent.
        status: the status, once it came.
        raw_headers: the headers, once they came.
        body: what collects the body, once there is one.
        cancelled: whether nobody wants its result any more.
        connection: what it is sent on, while that can be interrupted.
    """

    __slots__ = ("body", "cancelled", "connection", "outgoing", "raw_headers", "sent", "status")

    sent: bool | None
    outgoing: OutgoingRequest | None
    status: int | None
    raw_headers: RawHeaders
    body: Body | None
    connection: Interruptible | None

    def __init__(self) -> None:
        self.cancelled = False
        self.connection = None
        self.sent = False
        self.outgoing = None
        self.status = None
        self.raw_headers = ()
        self.body = None

    @property
    def request(self) -> httpx.Request | None:
        """What is being sent, as httpx has it."""
        return None if self.outgoing is None else self.outgoing.message

    def interrupt(self) -> None:
        """Break the attempt off, from another thread."""
        # In this order: whoever sets the connection looks at `cancelled` afterwards.
        self.cancelled = True
        connection = self.connection
        if connection is not None:
            connection.interrupt()

    def launch(self, outgoing: OutgoingRequest) -> None:
        """Begin to send."""
        self.outgoing = outgoing
        # What was sent before in this attempt stays sent: an `httpx.Auth` makes several requests of one.
        self.sent = self.sent or None
        self.status = None
        self.raw_headers = ()
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
        """As `trace`, for an asynchronous client."""
        self.trace(event, info)

    def begin_body(self, status: int, raw_headers: RawHeaders, max_bytes: int) -> Body:
        """Take note of the head of the response; return what collects its body."""
        self.sent, self.status, self.raw_headers = True, status, raw_headers
        method = "" if self.outgoing is None else self.outgoing.method
        self.body = Body(status, raw_headers, max_bytes, method=method)
        return self.body

    def partial_response(self) -> RawResponse | None:
        """The response as far as it came, from its head on."""
        if self.status is None or self.outgoing is None:
            return None
        return RawResponse(
            self.status, self.raw_headers, b"" if self.body is None else self.body.content(), self.outgoing
        )

    def error_response(self) -> RawResponse | None:
        """The same where its status alone says that the call failed."""
        response = self.partial_response()
        return None if response is None or 200 <= response.status <= 299 else response
