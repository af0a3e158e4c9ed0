"""The headers of a call, as they are sent: those that every call has, and those that a caller gives."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .._checks import kind_of, mapping
from .._version import __version__
from .query import query_text
from .secret import Secret, SecretBytes

if TYPE_CHECKING:
    from collections.abc import Mapping

HeaderPairs = tuple[tuple[bytes, bytes], ...]

SHOWN_HEADERS = frozenset({"host", "accept", "accept-encoding", "user-agent", "content-type", "content-length"})
"""The headers whose values may be shown; any other may hold a credential."""

_OF_NAMES = frozenset("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
# These say where a message ends and for whom it is; a second opinion about that is how requests get smuggled.
_FRAMING = frozenset({"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"})


def default_headers() -> HeaderPairs:
    """Return what is sent with every call, a login included."""
    implementation = f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]}.{sys.version_info[2]}"
    return header_pairs(
        {
            "accept": "application/json",
            # What zlib can take apart in bounded steps, and nothing else.
            "accept-encoding": "gzip",
            "user-agent": f"patchworks-core-client/{__version__} ({implementation}; {sys.platform})",
        }
    )


def header_pairs(headers: Mapping[str, str] | None, over: HeaderPairs = ()) -> HeaderPairs:
    """Headers as they are sent: `over` with each of `headers` added or put in the place of its namesake.

    Raises:
        TypeError: `headers` is no mapping, or a name or value no `str`.
        ValueError: a name is no header name, a value has a line break or a character that a header cannot hold, or
            the header is one that the client has to set. The message does not repeat the value.
    """
    if headers is None:
        return over
    merged = dict(over)
    for name, value in mapping(headers, "headers").items():
        if not isinstance(name, str) or not name or not _OF_NAMES.issuperset(name):  # pyright: ignore[reportUnnecessaryIsInstance]
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
    # ASCII alone, since the transports do not agree on how anything else is written.
    if not text.isascii() or not text.replace("\t", "").isprintable():
        value = text = ""  # A tool that prints the variables of a traceback would show them.
        raise ValueError(f"{name} holds a line break or another character that cannot be sent in a header")
    encoded = text.strip(" \t").encode("ascii")
    return SecretBytes(encoded) if isinstance(value, Secret) else encoded
