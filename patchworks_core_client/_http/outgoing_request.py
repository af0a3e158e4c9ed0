"""A request on its way out: plain values, or an object of httpx where somebody asks for one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx

    from .headers import HeaderPairs
    from .request import Prepared

Timeouts = Mapping[str, "float | None"]
"""The seconds for each step of an attempt, as httpx takes them in `extensions["timeout"]`."""

# As in httpx, so that the transports agree.
MAX_URL_CHARS = 65_536


class RequestParts:
    """What goes out: all that a transport needs. No tuple, since tools that print variables would walk through it."""

    __slots__ = ("content", "headers", "method", "url")

    def __init__(self, method: str, url: str, headers: HeaderPairs, content: bytes) -> None:
        self.method = method
        self.url = url
        self.headers = headers
        self.content = content


class OutgoingRequest:
    """A request, as plain values until its `message` is asked for.

    Objects of httpx cost more than a call of aiohttp; hooks, authentication and errors are what needs them.

    Attributes:
        timeouts: the seconds for each step.
    """

    __slots__ = ("_message", "_parts", "timeouts")

    _message: Any

    def __init__(self, parts: RequestParts | None, timeouts: Timeouts, message: Any = None) -> None:
        self._parts = parts
        self._message = message
        self.timeouts = timeouts

    @property
    def message(self) -> httpx.Request:
        """The request of httpx; from then on that is what is sent, with all changes that somebody makes to it."""
        if self._message is None:
            self._message = _message_of(self.parts, self.timeouts)
        message: httpx.Request = self._message
        return message

    @property
    def url(self) -> str:
        return str(self._message.url) if self._parts is None else self._parts.url

    @property
    def parts(self) -> RequestParts:
        """What is sent, as plain values."""
        if self._message is None:
            return cast("RequestParts", self._parts)
        message = self.message
        headers = tuple((k, v) for k, v in message.headers.raw if k.lower() != b"host")
        return RequestParts(message.method, str(message.url), headers, message.read())


def outgoing(prepared: Prepared, extra: HeaderPairs, timeouts: Timeouts, client: Any) -> OutgoingRequest:
    """Return what one attempt sends, with `extra` headers besides its own.

    The caller's own `client`, if there is one, may have headers and cookies to add.

    Raises:
        ValueError: the URL is too long.
    """
    if len(prepared.url) > MAX_URL_CHARS:
        raise ValueError("the URL cannot be sent: it is too long")
    headers = prepared.headers + extra
    if client is None:
        return OutgoingRequest(RequestParts(prepared.method, prepared.url, headers, prepared.content), timeouts)
    options: dict[str, Any] = {"content": prepared.content or None, "extensions": {"timeout": timeouts}}
    if client.params:
        # Those that the client adds would take the place of the whole query.
        options["params"] = urlsplit(prepared.url).query
    message = client.build_request(prepared.method, prepared.url, headers=list(headers), **options)
    return OutgoingRequest(None, timeouts, message)


def _message_of(parts: RequestParts, timeouts: Timeouts) -> httpx.Request:
    """The request of httpx, put together once: its client would merge URL, headers and query again at each call."""
    import httpx

    url = _url(parts.url)
    headers = ((b"host", url.netloc), *parts.headers)
    stream = httpx.ByteStream(parts.content)
    return httpx.Request(parts.method, url, headers=headers, stream=stream, extensions={"timeout": timeouts})


@lru_cache(maxsize=512)
def _url(url: str) -> httpx.URL:
    # Parsing takes longer than the rest of a request, and the same few are called again and again.
    import httpx

    return httpx.URL(url)
