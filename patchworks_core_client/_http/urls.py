"""Where the API is: the base URL, what belongs to its origin, and which hosts are this machine.

The path of an operation, with its ids, is made in `path`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote, urlsplit

from .._checks import is_utf8
from .value import Value

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}
# Everything that RFC 3986 lets stand in a path or a query as it is, with "%", since what is escaped stays so.
_SAFE = "%/:@!$&'()*+,;=~-._"
_MAX_HOST_CHARS = 253
_MAX_LABEL_CHARS = 63
_OF_LABELS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
_OF_ADDRESSES = frozenset("0123456789abcdef:.")
_IN_BRACKETS = r"\[[^]]*\](:[0-9]*)?"
_CONTROLS = frozenset({*map(chr, range(0x20)), "\x7f"})


class BaseURL(Value):
    """The origin of a server, and the path below which its API stands.

    Attributes:
        scheme: `http` or `https`.
        host: in lower case and ASCII.
        port: never empty.
        origin: `https://host`, with the port where it is not the usual one.
        prefix: the path, without a slash at its end.
    """

    scheme: str
    host: str
    port: int
    origin: str
    prefix: str

    @property
    def is_loopback(self) -> bool:
        """Whether what is sent there stays on this machine."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host, in lower case, is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def _address(host: str) -> IPv4Address | IPv6Address | None:
    import ipaddress

    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_address(host: str) -> bool:
    """Whether a host is an address, which nobody has to look up."""
    return ":" in host or host.replace(".", "").isdigit()


@lru_cache(maxsize=32)
def parse_base_url(url: str, name: str = "base_url") -> BaseURL:
    """Read a base URL; `name` is what the error message calls it.

    Raises:
        ValueError: it is empty, or no `http://` or `https://` URL, or holds a credential, a query or a fragment. The
            message does not repeat it, since it may hold a secret.
    """
    parts = _split(url, name)
    if not url.strip():
        raise ValueError(f"{name}= is empty; leave it out, or give a URL like https://core.example.com")
    scheme, host, port = origin_parts(parts, name)
    if "@" in parts.netloc:
        raise ValueError(f"{name} must not hold a user name or password; use api_key=, or username= and password=")
    if parts.query or parts.fragment:
        raise ValueError(f"{name} must not hold a query or a fragment")
    if not scheme or not host:
        raise ValueError(f"{name} must be a URL like https://core.example.com")
    bracketed = f"[{host}]" if ":" in host else host
    origin = f"{scheme}://{bracketed}" + ("" if port == DEFAULT_PORTS[scheme] else f":{port}")
    prefix = quote(parts.path.rstrip("/"), safe=_SAFE)
    refuse_dots(prefix, name)
    return BaseURL(scheme=scheme, host=host, port=port, origin=origin, prefix=prefix)


def origin_of(url: str) -> BaseURL:
    """Return the origin of an absolute URL, whatever else is in it.

    Raises:
        ValueError: it is no URL of HTTP.
    """
    parts = _split(url, "the URL")
    return parse_base_url(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", "the URL")


def absolute_url(base: BaseURL, url: str, *, below_prefix: bool = True) -> str:
    """The absolute form of a path, or of a URL of the same origin.

    Args:
        base: the server that it has to be of.
        url: `/api/v1/flows`, with a query if there is one, or a whole URL.
        below_prefix: whether a path starts at the prefix of `base`, rather than at the root of its host.

    Raises:
        ValueError: it is on another origin, or its path has a `.` or `..` in it. The message does not repeat the
            query, since it may hold a secret.
    """
    parts = _split(url, "the URL")
    path = parts.path
    if parts.scheme or parts.netloc:
        if parts.netloc == "" or "@" in parts.netloc:
            raise ValueError(f"the URL is not on {base.origin}, to which this client's credential belongs")
        scheme, host, port = origin_parts(parts, "the URL", base.scheme)
        if (scheme, host, port) != (base.scheme, base.host, base.port):
            raise ValueError(
                f"the URL is on {scheme}://{host}:{port}, this client's credential belongs to {base.origin}"
            )
    else:
        path = path if path.startswith("/") else f"/{path}"
        path = base.prefix + path if below_prefix else path
    refuse_dots(path, "the path")
    query = f"?{quote(parts.query, safe=_SAFE + '?')}" if parts.query else ""
    return base.origin + quote(path or "/", safe=_SAFE) + query


def _split(url: str, name: str) -> SplitResult:
    if not isinstance(url, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers need not be typed
        raise TypeError(f"{name} must be a str")
    # urlsplit() drops tabs and line breaks in silence, so that two readers could disagree on the host.
    if not is_sendable(url):
        raise ValueError(f"{name} must not hold control characters, or what UTF-8 cannot express")
    parts = None
    with suppress(ValueError):
        parts = urlsplit(url.strip())
    if parts is None:
        # Not raised where the error of urlsplit() is handled: that one may repeat a password.
        raise ValueError(f"{name} is not a URL")
    return parts


def is_sendable(url: str) -> bool:
    """Whether a URL holds no control characters, and nothing that UTF-8 cannot express."""
    return _CONTROLS.isdisjoint(url) and is_utf8(url)


def origin_parts(parts: SplitResult, name: str, default_scheme: str = "") -> tuple[str, str, int]:
    """The scheme, host (in lower case and ASCII) and port of a URL; errors call it `name`.

    Raises:
        ValueError: it has none that can be used.
    """
    scheme = parts.scheme or default_scheme
    if scheme not in DEFAULT_PORTS:
        raise ValueError(f"{name} must start with https:// (or http://)")
    host, port = host_and_port(parts, name)
    return scheme, host, DEFAULT_PORTS[scheme] if port is None else port


def host_and_port(parts: SplitResult, name: str) -> tuple[str, int | None]:
    """The host (in lower case and ASCII) and the port of a URL; errors call it `name`.

    Raises:
        ValueError: one is none that can be used.
    """
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError(f"{name} has a port that is no number from 1 to 65535")
    host = _host(parts.hostname or "")
    where = parts.netloc.rpartition("@")[2]
    # What stands behind a bracket is dropped in silence by urlsplit().
    odd = "[" in where and not re.fullmatch(_IN_BRACKETS, where)
    if odd or host is None or len(host) > _MAX_HOST_CHARS or not _is_host(host):
        raise ValueError(f"{name} has a host that is no domain name")
    if ("[" in where or _reads_as_address(host)) and _address(host) is None:
        raise ValueError(f"{name} has a host that is no domain name, and no address either")
    return host, port


def _is_host(host: str) -> bool:
    """Whether a host is a name, an address, or empty: nothing that can be read in two ways."""
    if ":" in host:
        # What has stood in brackets.
        return _OF_ADDRESSES.issuperset(host)
    labels = host.removesuffix(".").split(".")
    return not host or all(0 < len(label) <= _MAX_LABEL_CHARS and _OF_LABELS.issuperset(label) for label in labels)


def _reads_as_address(host: str) -> bool:
    """Whether a host ends in a number, so that it is read as an IPv4 address even where it is none."""
    last = host.removesuffix(".").rpartition(".")[2]
    return last.isdigit() or (last.startswith("0x") and _OF_ADDRESSES.issuperset(last[2:]))


def _host(text: str) -> str | None:
    """A host as the HTTP library reads it, which is the one reading that counts."""
    if text.isascii():
        return text.lower()
    # Whoever has such a domain waits for this import, and nobody else.
    import httpx

    try:
        return httpx.URL(f"https://{text}/").raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError):
        return None


def refuse_dots(path: str, name: str) -> None:
    """Raise a `ValueError` for a path that leads elsewhere than it seems to; errors call it `name`."""
    for segment in path.split("/"):
        if _leaves_segment(unquote(segment)):
            raise ValueError(f"{name} must not hold '.' or '..' as a segment")


def _leaves_segment(text: str) -> bool:
    """Whether `text`, as one segment of a path, would be read as another place than one name below its parent.

    A `..` between slashes counts although the slashes are sent as `%2F`: servers exist that decode these first.
    """
    return text in {".", ".."} or (".." in text and ".." in text.replace("\\", "/").split("/"))
