"""What one attempt brought: an answer, or the loss of one."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx


class Failure(Enum):
    """How an attempt failed that got no answer."""

    NOT_SENT = "not sent"
    """The connection could not be made, so the server knows nothing of it."""

    BROKEN = "broken"
    """A time-out or a broken connection after the request was, perhaps, sent."""

    FINAL = "final"
    """Sending it again would fail in the same way."""


class RawResponse:
    """An answer, read to its end.

    Attributes:
        status: the HTTP status.
        headers: all of them; what they say of encoding and length is about the bytes that were sent.
        content: the body, decompressed.
        request: what was sent, credential included: never to be shown.
    """

    __slots__ = ("content", "headers", "request", "status")

    def __init__(self, status: int, headers: httpx.Headers, content: bytes, request: httpx.Request) -> None:
        self.status = status
        self.headers = headers
        self.content = content
        self.request = request


class TransportFailure:
    """The end of an attempt that got no whole answer.

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


class AttemptProgress:
    """How far an attempt has come: kept outside of it, so that it is known also when it is cut off.

    Attributes:
        sent: whether the request began to go out; `None` while it cannot be told.
        request: what is being sent.
        status: the status, once it came.
        headers: the headers, once they came.
        body: what collects the body, once there is one.
    """

    __slots__ = ("body", "headers", "request", "sent", "status")

    sent: bool | None
    request: httpx.Request | None
    status: int | None
    headers: httpx.Headers | None
    body: Any

    def __init__(self) -> None:
        self.sent = False
        self.request = None
        self.status = None
        self.headers = None
        self.body = None

    def launch(self, request: httpx.Request, *, warm: bool, own: bool) -> None:
        """Begin to send, on a connection that is open (`warm`) or has to be made first, and is our `own` or not."""
        self.request = request
        # Of a connection that is our own, httpcore tells when it is made. Tracing costs 20 us, so only new ones are.
        self.sent = warm if own else None
        self.status = self.headers = self.body = None

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of what httpcore says that it does: the `trace` extension of a request."""
        if self.sent is None:
            self.sent = False
        # The request by which a proxy is asked for a tunnel is none of the call's.
        if event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            self.sent = True

    async def atrace(self, event: str, info: Mapping[str, Any]) -> None:
        """As `trace`, for an asynchronous client."""
        self.trace(event, info)

    def partial_response(self) -> RawResponse | None:
        """The answer as far as it came, from its head on."""
        if self.status is None or self.headers is None or self.request is None:
            return None
        return RawResponse(self.status, self.headers, b"" if self.body is None else self.body.content(), self.request)

    def error_response(self) -> RawResponse | None:
        """The same where its status alone says that the call failed."""
        answer = self.partial_response()
        return None if answer is None or 200 <= answer.status <= 299 else answer
