"""The body of a response, piece by piece, decompressed in bounded steps: a few bytes never become a full memory."""

from __future__ import annotations

import sys
import zlib
from typing import TYPE_CHECKING

from .._errors import DecodeError, ResponseTooLargeError
from . import json_content

if TYPE_CHECKING:
    from .response import RawHeaders

# What is read of a response that is no success; nobody needs more of an error page.
MAX_ERROR_BYTES = 1024 * 1024

# zlib finds out by itself whether a stream is in gzip or zlib form.
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_GZIP_MAGIC = b"\x1f\x8b"

# Registered codings that are not asked for and cannot be undone here. Behind any other word there may be gzip, or a
# mistake of the server: the bytes say so.
_FOREIGN = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip", "aes128gcm"})
_NONE = frozenset({"", "identity"})
_MAX_LAYERS = 3
_INTERESTING = frozenset({len(b"content-encoding"), len(b"content-length")})
_JSON_STARTS = (b"{", b"[", b'"')


class _Inflate:
    """Undoes one compression, as far as the bytes are compressed.

    Attributes:
        pending: what has come and is not decompressed yet.
    """

    __slots__ = ("_is_deflate", "_state", "_stream", "pending")

    def __init__(self, coding: str) -> None:
        self._is_deflate = coding == "deflate"
        self._state = "start"
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        self.pending = b""

    @property
    def is_open(self) -> bool:
        """Whether a compressed stream has begun and not ended."""
        return self._state == "open"

    def step(self, at_most: int) -> bytes:
        """Decompress some of what is pending, to no more than so many bytes; return nothing if more has to come.

        Raises:
            zlib.error: it is no compressed stream any more.
        """
        while self.pending:
            if self._state == "plain":
                plain, self.pending = self.pending, b""
                return plain
            if self._state == "open":
                plain = self._stream.decompress(self.pending, min(at_most, sys.maxsize))
                self.pending = self._stream.unconsumed_tail
                if self._stream.eof:
                    self._state, self.pending = "between", self._stream.unused_data
                if plain:
                    return plain
            elif not (self._begin() if self._state == "start" else self._begin_again()):
                break
        return b""

    def rest(self) -> bytes:
        """Return what is left at the end: a body too short to be compressed."""
        return self.pending if self._state == "start" else b""

    def _begin(self) -> bool:
        """See whether the body is compressed at all."""
        if len(self.pending) < len(_GZIP_MAGIC):
            return False
        self._state = "open"
        if self.pending.startswith(_GZIP_MAGIC):
            return True
        try:
            zlib.decompressobj(_GZIP_OR_ZLIB).decompress(self.pending, 1)
        except zlib.error:
            # Some servers send bare deflate data under that name. None of it begins as a JSON text does.
            if self._is_deflate and not self.pending.lstrip().startswith(_JSON_STARTS):
                self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
            else:
                self._state = "plain"
        return True

    def _begin_again(self) -> bool:
        """Begin the next member of a gzip file. Padding, and whatever else follows, is no part of the body."""
        rest = self.pending.lstrip(b"\0")
        if rest == _GZIP_MAGIC[:1]:
            self.pending = rest
            return False
        if self._state == "over" or not rest.startswith(_GZIP_MAGIC):
            self._state, self.pending = ("over" if rest else self._state), b""
            return False
        self._state, self.pending = "open", rest
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        return True


class Body:
    """Collects the body of a response with this status and these headers.

    The body of a success has to be whole. That of any other status is taken as far as it comes, since the status alone
    is what the caller has to learn: it is cut off at a limit, and at what cannot be decompressed.

    What its headers say is believed as far as the bytes bear it out: a body that is not compressed is taken as it is,
    whatever it is called.
    """

    __slots__ = (
        *("raw_headers", "status"),
        *("_chunks", "_declared_size", "_foreign", "_layers", "_limit", "_raw_size", "_size", "_success"),
    )

    def __init__(self, status: int, raw_headers: RawHeaders, max_bytes: int) -> None:
        self.status = status
        self.raw_headers = raw_headers
        self._success = 200 <= status <= 299
        self._limit = max_bytes if self._success else min(max_bytes, MAX_ERROR_BYTES)
        self._chunks: list[bytes] = []
        self._size = 0
        self._raw_size = 0
        self._layers: list[_Inflate] = []
        self._foreign = ""
        self._declared_size = 0
        for name, value in raw_headers:
            if len(name) not in _INTERESTING:
                continue
            lower = name.lower()
            if lower == b"content-encoding":
                self._read_codings(value.decode("latin-1"))
            elif lower == b"content-length" and value.strip().isdigit():
                self._declared_size = int(value.strip()[:20])

    def _read_codings(self, value: str) -> None:
        for coding in map(str.strip, reversed(value.lower().split(","))):
            if coding in _NONE:
                continue
            if coding in _FOREIGN or len(self._layers) == _MAX_LAYERS:
                self._foreign = coding
            else:
                self._layers.append(_Inflate(coding))

    def check_length(self) -> None:
        """Refuse what is too large by its length, before any of it is read.

        Raises:
            ResponseTooLargeError: it is a success, and its headers say so.
        """
        if self._success and self._declared_size > self._limit:
            raise self._too_large()

    def feed(self, chunk: bytes) -> bool:
        """Take a piece as it was sent; return whether more of them are of use.

        Raises:
            DecodeError: it cannot be decompressed.
            ResponseTooLargeError: the body is larger than the limit.
        """
        self._raw_size += len(chunk)
        try:
            self._feed(chunk, 0)
        except zlib.error:
            if self._success:
                raise DecodeError("the body is not in the compressed form that its headers name") from None
            return False
        if self._size <= self._limit and self._raw_size <= self._limit:
            return True
        if self._success:
            raise self._too_large()
        return False

    def take(self, content: bytes) -> None:
        """Take the whole body, which somebody has read and decompressed already.

        Raises:
            ResponseTooLargeError: it is larger than the limit.
        """
        self._layers, self._foreign = [], ""
        self.feed(content)

    def _feed(self, chunk: bytes, layer: int) -> None:
        if layer == len(self._layers):
            self._chunks.append(chunk)
            self._size += len(chunk)
            return
        inflate = self._layers[layer]
        inflate.pending += chunk
        while inflate.pending and self._size <= self._limit:
            # One byte above the limit is enough to know.
            plain = inflate.step(self._limit + 1 - self._size)
            if not plain:
                break
            self._feed(plain, layer + 1)

    def end(self) -> bytes:
        """Return the whole body.

        Raises:
            DecodeError: its compressed form stops in the middle, or is none that was asked for.
        """
        for number, layer in enumerate(self._layers):
            if self._success and layer.is_open:
                raise DecodeError("the compressed body stops in the middle")
            self._feed(layer.rest(), number + 1)
        content = self.content()
        if self._success and self._foreign and content and not _is_json(content):
            raise DecodeError(f"the body is encoded as {self._foreign!r}, which was not asked for")
        return content

    def content(self) -> bytes:
        """Return what came so far."""
        chunks = self._chunks
        content = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        return content if self._success else content[: self._limit]

    def _too_large(self) -> ResponseTooLargeError:
        return ResponseTooLargeError(
            f"the body is larger than {self._limit} bytes; raise max_response_bytes= if it may be"
        )


def _is_json(content: bytes) -> bool:
    try:
        json_content.decode(content)
    except ValueError:
        return False
    return True
