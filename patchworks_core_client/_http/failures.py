"""What an exception of httpx means for the call, in words without values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from .attempt_result import Failure, TransportFailure

if TYPE_CHECKING:
    from .attempt_result import AttemptProgress

# After these no byte of the request has left.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_FINAL = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.DecodingError, httpx.TooManyRedirects)

# "{route}" stands for the origin, and the proxy if there is one.
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.ConnectTimeout, "connecting to {route} took too long"),
    (httpx.PoolTimeout, "no connection of the pool became free in time"),
    (httpx.WriteTimeout, "sending took too long"),
    (httpx.TimeoutException, "the answer took too long"),
    (httpx.ProxyError, "the proxy refused"),
    (httpx.ConnectError, "could not connect to {route}"),
    (httpx.UnsupportedProtocol, "the URL has a scheme that cannot be used"),
    (httpx.LocalProtocolError, "the request is not valid HTTP"),
    (httpx.RemoteProtocolError, "the answer is not valid HTTP, or stops in the middle"),
)

# How many exceptions may be wrapped round the one that says why.
_DEPTH = 8

# What OpenSSL calls an answer that is no TLS.
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")

_AIOHTTP_WORDS = {
    (Failure.NOT_SENT, False): "could not connect to {route}",
    (Failure.NOT_SENT, True): "connecting to {route} took too long",
    (Failure.BROKEN, False): "the connection broke",
    (Failure.BROKEN, True): "the answer took too long",
}


def is_transport_error(error: Exception) -> bool:
    """Whether an exception says that an attempt got lost; others, like those of an app under test, are let through."""
    return isinstance(error, (httpx.HTTPError, OSError)) or type(error).__module__.startswith("aiohttp")


def transport_failure(error: Exception, progress: AttemptProgress, route: str) -> TransportFailure:
    """What `error`, raised during `progress`, means for the call; `route` says where the request went."""
    words = next((words for kind, words in _WORDS if isinstance(error, kind)), "the connection broke")
    failure, timed_out = Failure.BROKEN, isinstance(error, httpx.TimeoutException)
    known = _failure_of(error)
    if known is not None:
        failure, timed_out = known
        words = _AIOHTTP_WORDS[known]
    elif isinstance(error, _FINAL):
        failure = Failure.FINAL
    elif isinstance(error, _NOT_SENT) or progress.sent is False:
        failure = Failure.NOT_SENT
    if failure is Failure.NOT_SENT or isinstance(error, httpx.UnsupportedProtocol):
        progress.sent = False
    words = words.format(route=route)
    # The texts come from the operating system, TLS or HTTP's grammar. Those of a LocalProtocolError repeat header
    # values, and some of aiohttp's the URL.
    detail = "" if isinstance(error, httpx.LocalProtocolError) else _detail(error)
    return TransportFailure(failure, f"{words}: {detail}" if detail else words, timed_out=timed_out)


# Stands here and not in _aiohttp, which a synchronous program does not import: asyncio takes 14 ms.
def _failure_of(error: Exception) -> tuple[Failure, bool] | None:
    """What an exception that comes from aiohttp means, and whether time was the reason; `None` for any other.

    httpx-aiohttp calls a connection that the server closed a `ConnectTimeout`. Taken by its word, that would send a
    POST twice; so the exception of aiohttp behind it decides.
    """
    origin = error if type(error).__module__.startswith("aiohttp") else error.__cause__
    if origin is None or not type(origin).__module__.startswith("aiohttp"):
        return None
    names = {kind.__name__ for kind in type(origin).__mro__}
    not_sent = names & {"ClientConnectorError", "ConnectionTimeoutError", "ClientHttpProxyError", "InvalidURL"}
    return Failure.NOT_SENT if not_sent else Failure.BROKEN, "ServerTimeoutError" in names


def _detail(error: BaseException) -> str:
    """What the operating system says, if it is behind this, or else the error itself."""
    origin: BaseException | None = error
    for _ in range(_DEPTH):
        if isinstance(origin, OSError) and origin.strerror:
            text = _one_line(origin.strerror)
            return f"{text}; is the server plain http?" if any(sign in text for sign in _NO_TLS) else text
        origin = None if origin is None else origin.__cause__ or origin.__context__
    text = _one_line(str(error))
    return "" if "://" in text else text


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
