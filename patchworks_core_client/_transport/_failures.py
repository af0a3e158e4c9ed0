"""What an exception of httpx means for the call, in words without values."""

from __future__ import annotations

import httpx

from .._outcome import Flight, Lost
from .._retry import Failure

# After these no byte of the request has left.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_FINAL = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.DecodingError, httpx.TooManyRedirects)

_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectTimeout, "connecting took too long"),
    (httpx.PoolTimeout, "no connection of the pool became free in time"),
    (httpx.WriteTimeout, "sending took too long"),
    (httpx.TimeoutException, "the answer took too long"),
    (httpx.ProxyError, "the proxy refused"),
    (httpx.ConnectError, "could not connect"),
    (httpx.UnsupportedProtocol, "the URL has a scheme that cannot be used"),
    (httpx.LocalProtocolError, "the request is not valid HTTP"),
    (httpx.RemoteProtocolError, "the answer is not valid HTTP, or stops in the middle"),
)


def lost(error: Exception, flight: Flight) -> Lost:
    """The loss that `error`, raised by httpx during `flight`, amounts to."""
    words = next((words for kind, words in _WORDS if isinstance(error, kind)), "the connection broke")
    # The texts of these come from the operating system, TLS or HTTP's grammar. Those of a LocalProtocolError repeat
    # header values, so they stay out.
    detail = "" if isinstance(error, httpx.LocalProtocolError) else _one_line(str(error))
    reason = f"{words}: {detail}" if detail else words
    timed_out = isinstance(error, httpx.TimeoutException)
    if isinstance(error, _FINAL):
        if isinstance(error, httpx.UnsupportedProtocol):
            flight.sent = False
        return Lost(Failure.FINAL, reason, timed_out=timed_out)
    if isinstance(error, _NOT_SENT):
        flight.sent = False
    failure = Failure.NOT_SENT if flight.sent is False else Failure.BROKEN
    return Lost(failure, reason, timed_out=timed_out)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
