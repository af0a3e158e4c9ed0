"""What a server replies, in steps, and the requests that it replies to.

A reply is a list of steps: bytes are sent, a number is a pause in seconds, a function without arguments is a pause
until it gives true, and `RESET`, `CLOSE` and `STALL` do what they are called. A reply may also be a function that takes
the request and gives such a list.
"""

from __future__ import annotations

import gzip
import json as jsonlib
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit


class Act(Enum):
    """What a reply can do besides sending."""

    RESET = "reset"
    """Break the connection with a TCP reset."""
    CLOSE = "close"
    """Close the connection in good order."""
    STALL = "stall"
    """Do nothing more, until the client goes away or the server is stopped."""


RESET, CLOSE, STALL = Act.RESET, Act.CLOSE, Act.STALL

Step = bytes | float | Act | Callable[[], bool]
Steps = list[Step]


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it arrived.

    Attributes:
        method: as sent.
        target: path and query as sent, escapes and all.
        headers: in their order; names in lower case.
        body: as sent.
        connection: the number of the connection that it came on, from 0.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        """The path, escapes and all."""
        return self.target.partition("?")[0]

    @property
    def segments(self) -> list[str]:
        """The segments of the path, each unescaped."""
        return [unquote(segment) for segment in self.path.split("/")[1:]]

    @property
    def query(self) -> list[tuple[str, str]]:
        """Names and values of the query, unescaped."""
        query = urlsplit(self.target).query
        pairs = (part.partition("=") for part in query.split("&") if part)
        return [(unquote(name), unquote(value)) for name, _, value in pairs]

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return jsonlib.loads(self.body)

    def header(self, name: str) -> str | None:
        """The one value of a header; more than one is a fault of the client."""
        values = [value for key, value in self.headers if key == name.lower()]
        assert len(values) < 2, f"{name} was sent {len(values)} times"
        return values[0] if values else None


Reply = Steps | Callable[[Received], Steps]


def head(
    status: int = 200, headers: Mapping[str, str] | Iterable[tuple[str, str]] = (), reason: str | None = None
) -> bytes:
    """The status line and the headers of a reply, just as given."""
    if reason is None:
        reason = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Whatever"
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in pairs)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def reply(
    status: int = 200,
    *,
    json: Any = None,
    body: bytes | None = None,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    compressed: bool = False,
    chunked: bool = False,
) -> Steps:
    """A whole and proper reply.

    Args:
        status: its status.
        json: its body, to be encoded; or
        body: its body.
        headers: besides `Content-Type` and those that frame the body.
        compressed: whether the body is sent with gzip.
        chunked: whether the body is sent in chunks instead of with a `Content-Length`.
    """
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    names = {name.lower() for name, _ in pairs}
    if body is None:
        body = jsonlib.dumps(json).encode()
    if "content-type" not in names:
        pairs.append(("Content-Type", "application/json"))
    if compressed:
        body = gzip.compress(body)
        pairs.append(("Content-Encoding", "gzip"))
    if chunked:
        pairs.append(("Transfer-Encoding", "chunked"))
        pieces = [body[i : i + 7000] for i in range(0, len(body), 7000)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    elif "content-length" not in names and status not in {204, 304}:
        pairs.append(("Content-Length", str(len(body))))
    return [head(status, pairs) + (b"" if status in {204, 304} else body)]


_PIECE = b"x" * 1_000_000


@cache
def bomb(size: int) -> bytes:
    """So many bytes, compressed to a thousandth: one piece is compressed and repeated, which takes no time."""
    pieces, rest = divmod(size, len(_PIECE))
    assert not rest
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(_PIECE) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(pieces):
        checksum = zlib.crc32(_PIECE, checksum)
    header = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    return header + packed * pieces + packer.flush() + struct.pack("<LL", checksum, size)
