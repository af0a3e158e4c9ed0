"""What an exception of an HTTP library means for the call, in words without values.

Exceptions are told apart by the names of their classes: those of httpx and httpx2 are called alike, and none of the
libraries has to be imported to recognise its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .attempt import TransportFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .attempt import Attempt, Failure

_LIBRARIES = frozenset({"httpx", "httpx2", "aiohttp", __name__.partition(".")[0]})
_PARSERS = frozenset({"h11", "h2"})

# After these no byte of the request has left.
_NOT_SENT = frozenset(
    {
        *("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"),
        *("ClientConnectorError", "ConnectionTimeoutError", "ClientHttpProxyError", "InvalidURL"),
    }
)
_FINAL = frozenset({"UnsupportedProtocol", "LocalProtocolError", "DecodingError", "TooManyRedirects"})
_TIMED_OUT = frozenset({"TimeoutException", "ServerTimeoutError"})

_NO_HTTP = "the answer is not valid HTTP"
_NO_ANSWER = "the server closed the connection before it answered"
_HALF_AN_ANSWER = "the answer stops in the middle"

# The first that fits. "{route}" stands for the origin, and the proxy if there is one.
_WORDS = (
    ("ConnectTimeout", "connecting to {route} took too long"),
    ("ConnectionTimeoutError", "connecting to {route} took too long"),
    ("PoolTimeout", "no connection of the pool became free in time"),
    ("WriteTimeout", "sending took too long"),
    ("TimeoutException", "the answer took too long"),
    ("ServerTimeoutError", "the answer took too long"),
    ("ProxyError", "the proxy refused"),
    ("ClientHttpProxyError", "the proxy refused"),
    ("ConnectError", "could not connect to {route}"),
    ("ClientConnectorError", "could not connect to {route}"),
    ("UnsupportedProtocol", "the URL has a scheme that cannot be used"),
    ("LocalProtocolError", "the request is not valid HTTP"),
    ("ServerDisconnectedError", _NO_ANSWER),
    ("ClientPayloadError", _HALF_AN_ANSWER),
    ("ClientResponseError", _NO_HTTP),
    ("InvalidResponse", _NO_HTTP),
)

# How many exceptions may be wrapped round the one that says why.
_DEPTH = 8

# Parsers quote the bytes that they refuse, which may be those of a body.
_QUOTED = r"""(?s):?\s*(bytearray\()?\bb['"].*"""

# The number of an error of the operating system.
_NUMBER = r"\[Errno -?\d+\] "

# What OpenSSL calls an answer that is no TLS.
_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")


class Carried(Exception):
    """Carries an exception past those who would take it for another one than it is.

    What a hook of the caller's own client raised is no failure of the transport, and aiohttp sends again by itself
    after some of those that it raises.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


def is_transport_error(error: BaseException) -> bool:
    """Whether an exception says that a request or its answer got lost; others are let through."""
    return isinstance(error, OSError) or not names(error).isdisjoint({"HTTPError", "ClientError"})


def names(error: BaseException) -> frozenset[str]:
    """The names of an exception's classes, as far as they are those of an HTTP library."""
    kinds = type(error).__mro__
    return frozenset(kind.__name__ for kind in kinds if kind.__module__.partition(".")[0] in _LIBRARIES)


def transport_failure(error: BaseException, attempt: Attempt, route: str) -> TransportFailure:
    """Return what `error`, raised during `attempt`, means for the call; `route` says where the request went."""
    known = names(error)
    words = next((words for name, words in _WORDS if name in known), "the connection broke")
    failure: Failure = "broken"
    if "RemoteProtocolError" in known:
        words = _words_of_protocol(error)
    if attempt.body is not None and not known & (_FINAL | _TIMED_OUT):
        words = _HALF_AN_ANSWER
    if not attempt.sent and known & _NOT_SENT:
        # Unless there was a sign that it was: then this is the failure of something else, such as a second request.
        attempt.sent = False
    if known & _FINAL or words == _NO_HTTP:
        # A server that answers, but not in HTTP, would answer the same again, and may have done what it was asked to.
        failure = "final"
    elif attempt.sent is False:
        failure = "not sent"
    # The texts come from the operating system, TLS or HTTP's grammar. Those of a LocalProtocolError repeat header
    # values, and some of aiohttp's the URL or the bytes of the answer; where ours say all, libraries differ in theirs.
    plain = known & {"LocalProtocolError", *_TIMED_OUT} or words in (_NO_ANSWER, _HALF_AN_ANSWER)
    detail = "" if plain else _detail(error)
    words = words.format(route=route)
    text = f"{words}: {detail}" if detail else words
    return TransportFailure(failure, text, timed_out=isinstance(error, TimeoutError) or bool(known & _TIMED_OUT))


def _words_of_protocol(error: BaseException) -> str:
    is_parsers = any(type(cause).__module__.partition(".")[0] in _PARSERS for cause in _causes(error))
    return _NO_HTTP if is_parsers else _NO_ANSWER


def _detail(error: BaseException) -> str:
    """What the operating system says, if it is behind this, or else the error itself."""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.strerror:
            text = _one_line(cause.strerror)
            return f"{text}; is the server plain http?" if any(sign in text for sign in _NO_TLS) else text
    status, message = getattr(error, "status", None), getattr(error, "message", None)
    if isinstance(message, str):
        # An aiohttp error of a response; its own text repeats the URL.
        return _one_line(f"{status} {message}" if "ClientHttpProxyError" in names(error) else message)
    text = _one_line(str(error))
    return "" if "://" in text else text


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception and those that are behind it."""
    for _ in range(_DEPTH):
        if error is not None:
            yield error
            error = error.__cause__ or error.__context__


def _one_line(text: str) -> str:
    return " ".join(re.sub(_NUMBER, "", re.sub(_QUOTED, "", text)).split())[:200]
