"""A call's arguments to one request that is ready to be sent; nothing here reads or sends anything."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from .._checks import kind_of, mapping
from .query import query_text
from .secret import Secret, SecretBytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .._types import Id
    from .query import Query
    from .urls import BaseURL

HeaderPairs = tuple[tuple[bytes, bytes], ...]

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# ASCII alone, since the transports do not agree on how anything else is written.
_VALUE = re.compile(r"[\t\x20-\x7e]*")
# These say where a message ends; a second opinion about that is how requests get smuggled.
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"})
# The headers whose values may be shown; any other may hold a credential.
SHOWN_HEADERS = frozenset({"host", "accept", "accept-encoding", "user-agent", "content-type", "content-length"})
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
        self.has_authorization = any(name == b"authorization" for name, _ in headers)

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


@lru_cache(maxsize=4096)
def _pieces(template: str) -> tuple[str, ...]:
    return tuple(re.split(r"\{[^{}]*\}", template))


def fill(template: str, ids: Sequence[Id]) -> str:
    """The path of a template, with each `{place}` taken by one id, escaped so that it stays one segment."""
    first, *rest = _pieces(template)
    if len(rest) != len(ids):
        raise TypeError(f"{template} takes {len(rest)} ids, not {len(ids)}")
    path = first
    for value, literal in zip(ids, rest, strict=True):
        path += path_segment(value) + literal
    return path


def path_segment(value: Id) -> str:
    """One id, escaped for a path.

    Raises:
        TypeError: it is neither `int` nor `str`.
        ValueError: it is empty or blank, or would lead to another resource.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(int(value))
    if not isinstance(value, str):
        raise TypeError(f"an id must be an int or a str, not {kind_of(value)}")
    if not value.strip():
        raise ValueError("an id must not be empty or blank")
    # Servers decode `%2F` before they look for the resource, and some decode more than once.
    if any(text in {".", ".."} or "/" in text or "\\" in text for text in (value, unquote(value))):
        raise ValueError(
            "an id must not be '.' or '..', or hold a slash or a backslash: it would name another resource"
        )
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise ValueError("an id must be text that UTF-8 can express") from None


def header_pairs(headers: Mapping[str, str] | None, over: HeaderPairs = ()) -> HeaderPairs:
    """Headers as they are sent: `over` with each of `headers` added or put in the place of its namesake.

    Raises:
        TypeError: `headers` is no mapping, or a name or value no `str`.
        ValueError: a name is no header name, a value has a line break or a character that a header cannot hold, or
            the header is one that the client has to set. The message does not repeat the value.
    """
    if not headers:
        return over
    merged = dict(over)
    for name, value in mapping(headers, "headers").items():
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError("headers= has a name that is no HTTP header name")
        if name.lower() in _FRAMING:
            raise ValueError(f"the header {name} is set by the client")
        shown = name.lower() in SHOWN_HEADERS
        merged[name.lower().encode()] = header_value(value if shown else Secret(value), f"the header {name}")
    return tuple(merged.items())


def header_texts(documented: Mapping[str, object]) -> dict[str, str]:
    """Return documented headers as text; `None` is left out.

    Raises:
        TypeError: a value is of a type that has no form as text.
    """
    return {name: query_text(name, value, "a header") for name, value in documented.items() if value is not None}


def header_value(value: str | Secret[str], name: str) -> bytes:
    """The bytes of a header's value, which cannot be seen where the value could not; errors call it `name`."""
    text = value.reveal() if isinstance(value, Secret) else value
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers need not be typed
        raise TypeError(f"{name} must be a str, not {kind_of(text)}")
    if not _VALUE.fullmatch(text):
        value = text = ""  # A tool that prints the variables of a traceback would show them.
        raise ValueError(f"{name} holds a line break or another character that cannot be sent in a header")
    encoded = text.strip(" \t").encode("ascii")
    return SecretBytes(encoded) if isinstance(value, Secret) else encoded
