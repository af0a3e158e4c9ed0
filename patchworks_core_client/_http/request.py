"""A call's arguments to one request that is ready to be sent; nothing here reads or sends anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .path import fill

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._types import Id
    from .headers import HeaderPairs
    from .query import Query
    from .urls import BaseURL

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class Prepared:
    """A request without its credential.

    Attributes:
        method: the HTTP method, in capitals.
        url: absolute, with the query, all escaped.
        headers: all but `Host` and `Authorization`.
        content: the body; empty for none.
        path: the path as sent, without the query: what an error message names.
        template: the path as documented, without values: what a log line names.
        has_authorization: whether the caller set that header for this call.
    """

    __slots__ = ("content", "has_authorization", "headers", "method", "path", "template", "url")

    def __init__(self, method: str, url: str, headers: HeaderPairs, content: bytes, path: str, template: str) -> None:
        self.method = method
        self.url = url
        self.headers = headers
        self.content = content
        self.path = path
        self.template = template
        self.has_authorization = b"authorization" in dict(headers)

    def __repr__(self) -> str:
        return f"<Prepared {self.method} {self.template}>"


def prepare(
    base: BaseURL,
    method: str,
    template: str,
    ids: Sequence[Id],
    *,
    query: Query,
    content: bytes | None,
    headers: HeaderPairs,
) -> Prepared:
    """Put an operation's request together.

    Raises:
        TypeError: an id is of a type that cannot be sent.
        ValueError: an id that is empty or would lead to another resource.
    """
    path = base.prefix + fill(template, ids)
    url = base.origin + path
    if query:
        url = f"{url}?{query.encode()}"
    return Prepared(method, url, with_body_headers(method, headers, content), content or b"", path, template)


def with_body_headers(method: str, headers: HeaderPairs, content: bytes | None) -> HeaderPairs:
    """`headers` with those that tell of the body."""
    if content is not None:
        typed: HeaderPairs = () if any(k == b"content-type" for k, _ in headers) else (_JSON_TYPE,)
        return (*headers, *typed, (b"content-length", b"%d" % len(content)))
    if method in _WITH_BODY:
        return (*headers, (b"content-length", b"0"))
    return headers


_JSON_TYPE = (b"content-type", b"application/json")
