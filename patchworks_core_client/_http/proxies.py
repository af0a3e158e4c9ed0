"""Which proxy leads to a server, and whether it is one that can be used."""

from __future__ import annotations

import base64
import os
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from .._checks import kind_of
from .._errors import PatchworksError
from .secret import Secret
from .urls import host_and_port, is_loopback, is_sendable
from .value import Value

if TYPE_CHECKING:
    from .urls import BaseURL

_SOCKS = ("socks5", "socks5h")
_SCHEMES = ("http", "https", *_SOCKS)


class ProxyAddress(Value):
    """Where a proxy is, and how to log in there.

    Attributes:
        origin: its scheme, host and port, as a URL.
        login: user name and password, in the form of the `Proxy-Authorization` header; empty for none.
        headers: what it is sent besides.
    """

    origin: str
    login: Secret[str]
    headers: Secret[tuple[tuple[str, str], ...]]


def proxy_address(checked: Secret[Any]) -> ProxyAddress:
    """Return the address of a proxy that was checked: a URL, an `httpx.URL` or an `httpx.Proxy`."""
    proxy = checked.reveal()
    parts = urlsplit(str(getattr(proxy, "url", proxy)))
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    # An `httpx.Proxy` keeps user name and password apart from its URL.
    user, password = getattr(proxy, "auth", None) or (unquote(parts.username or ""), unquote(parts.password or ""))
    login = base64.b64encode(f"{user}:{password}".encode()).decode() if user or password else ""
    headers = getattr(proxy, "headers", None) if hasattr(proxy, "auth") else None
    return ProxyAddress(
        origin=f"{parts.scheme}://{host}" + ("" if parts.port is None else f":{parts.port}"),
        login=Secret(f"Basic {login}" if login else ""),
        headers=Secret(tuple(headers.multi_items()) if headers else ()),
    )


def proxy_for(origin: BaseURL, given: Secret[Any] | None, transport: str) -> Secret[Any] | None:
    """Return the proxy on the way to an origin: the one given, or that of the environment; `None` for none.

    Raises:
        PatchworksError: no connection can be made through that of the environment. It names the variable, and does not
            repeat its value, which may hold a password.
    """
    if given is not None:
        return given
    proxy = _environment_proxy(origin)
    if proxy is None:
        return None
    try:
        check_proxy(proxy.reveal(), _variable(origin.scheme), transport)
    except ValueError as error:
        message = str(error)
    else:
        return proxy
    raise PatchworksError(message)


def check_proxy(proxy: Any, name: str, transport: str) -> None:
    """Refuse a proxy that no connection can be made through; errors call it `name` and do not repeat it.

    Raises:
        TypeError: it is neither a URL nor an `httpx.Proxy`.
        ValueError: it is no URL of a proxy, or of a kind that the transport does not know.
        PatchworksError: it needs a package that is not installed.
    """
    # An `httpx.Proxy` has its URL, an `httpx.URL` is one; those of httpx2 are alike.
    url = getattr(proxy, "url", proxy)
    if not isinstance(proxy, str) and (isinstance(proxy, type) or not isinstance(getattr(url, "scheme", None), str)):
        raise TypeError(f"{name} takes a URL as text, an httpx.URL or an httpx.Proxy, not {kind_of(proxy)}")
    scheme = _scheme(str(url), name)
    if scheme not in _SCHEMES:
        raise ValueError(f"{name} must begin with one of {', '.join(f'{known}://' for known in _SCHEMES)}")
    if scheme not in _SOCKS:
        return
    if transport == "aiohttp":
        raise ValueError(f'{name} is a SOCKS proxy, through which transport="aiohttp" cannot send: use "httpx"')
    from importlib.util import find_spec

    if find_spec("socksio") is None:
        raise PatchworksError(f'{name} is a SOCKS proxy, which needs a package: pip install "httpx[socks]"')


def _environment_proxy(origin: BaseURL) -> Secret[str] | None:
    """The proxy that the environment (or the system) names for a server; `None` for a direct connection."""
    if not _is_proxied():
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    proxy = proxies.get(origin.scheme) or proxies.get("all")
    # What is not to be proxied may be named with its port; an IPv6 address has colons enough of its own.
    host = origin.host if ":" in origin.host else f"{origin.host}:{origin.port}"
    if not proxy or proxy_bypass(host):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if origin.is_loopback and not _is_local(proxy):
        # It cannot reach this machine, and has no business with a credential that is to stay on it.
        return None
    return Secret(proxy)


def _is_proxied() -> bool:
    """Whether there may be a proxy at all: to read what there is takes an import of 20 ms."""
    return sys.platform in {"darwin", "win32"} or any(name.lower().endswith("_proxy") for name in os.environ)


def _scheme(proxy: str, name: str) -> str:
    example = "write it like http://proxy.example.com:3128"
    problem, scheme = None, ""
    try:
        parts = urlsplit(proxy)
        scheme = parts.scheme.lower()
        if " " in proxy or not is_sendable(proxy) or not parts.scheme or not parts.hostname or "://" not in proxy:
            problem = f"{name} is no URL of a proxy: {example}"
        elif parts.query or parts.fragment:
            raise ValueError
        else:
            host_and_port(parts, name)
    except ValueError:
        problem = (
            f"{name} is no URL of a proxy: {example}; in a user name or password, characters such as # / ? @ have to "
            "be escaped (%23 %2F %3F %40)"
        )
    if problem is not None:
        # Not raised where the error of urlsplit() is handled: that one may repeat a password.
        raise ValueError(problem)
    return scheme


def _is_local(proxy: str) -> bool:
    try:
        return is_loopback((urlsplit(proxy).hostname or "").lower())
    except ValueError:
        return False


def _variable(scheme: str) -> str:
    names = (f"{scheme}_proxy", "all_proxy")
    return next(
        (set_name for name in names for set_name in (name, name.upper()) if os.environ.get(set_name)),
        "the proxy of this system",
    )
