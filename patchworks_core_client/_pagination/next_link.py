"""Reads a `links.next` that a server sent: is it ours, and what does it ask for?

A link is never sent as it stands. Its query (and its path, where that is another than the list's own) is put
on the client's own base URL, so that no spelling of a link can carry the credential to another host.
"""

from __future__ import annotations

from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from .._errors import PaginationError
from .._http.query import Query
from .._http.urls import DEFAULT_PORTS, origin_parts, refuse_dots


def read_next_link(link: object, url: str) -> tuple[str | None, Query] | None:
    """Read the `links.next` of a page of the list at `url`; `None` where it is no link at all.

    Returns:
        The path from the root of the host, or `None` where it is the list's own, and the link's own query.

    Raises:
        PaginationError: the link is on another origin (scheme, host and port, as in RFC 6454) than `url`, so
            that `http://` is not taken for `https://` either; or it cannot be read. The message names origins
            only, since a query may hold what is nobody's business.
    """
    if not isinstance(link, str) or not link.strip():
        return None
    own = urlsplit(url)
    try:
        if "\\" in link or any(character < " " for character in link.strip()):
            raise ValueError("a character that no URL has")
        if (parts := urlsplit(link.strip())).scheme and not parts.netloc:
            raise ValueError("a scheme without a host")
        there = urlsplit(urljoin(url, link.strip()))
        refuse_dots(there.path, "the link")
        origin, path = _origin(there), _other_path(own, there)
    except ValueError:
        raise PaginationError("The server's links.next is no URL that can be read.") from None
    if origin != _origin(own):
        raise PaginationError(
            f"The server's links.next is on another origin ({origin}) than the list ({_origin(own)}); it was not "
            "requested. Behind a proxy, let the server know the scheme and host that its clients use."
        )
    return path, Query.parse(there.query)


def _origin(url: SplitResult) -> str:
    scheme, host, port = origin_parts(url, "the link")
    host = host.rstrip(".")
    return f"{scheme}://{host}:{port}" if DEFAULT_PORTS[scheme] != port else f"{scheme}://{host}"


def _other_path(own: SplitResult, there: SplitResult) -> str | None:
    # A gateway may put a prefix before the path, or take one away, and the server behind it does not know:
    # then the list's own path is the one that works.
    mine, its = unquote(own.path).rstrip("/"), unquote(there.path).rstrip("/")
    if not its or mine.endswith(its) or its.endswith(mine):
        return None
    return quote(there.path, safe="/%:@!$&'()*+,;=~-._")
