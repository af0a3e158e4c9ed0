"""A body, piece by piece, decompressed in bounded steps: a few bytes never become a full memory."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from .._errors import DecodeError, ResponseTooLargeError

if TYPE_CHECKING:
    import httpx

# What is read of an answer that is no success; nobody needs more of an error page.
MAX_ERROR_BYTES = 1024 * 1024

# zlib finds out by itself whether a stream is in gzip or zlib form.
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


class Body:
    """Collects one body.

    The body of a success has to be whole. That of any other status is taken as far as it comes, since the status alone
    is what the caller has to learn: it is cut off at a limit, and at what cannot be decompressed.
    """

    __slots__ = ("_chunks", "_encoding", "_inflate", "_limit", "_raw_size", "_size", "_success")

    def __init__(self, status: int, headers: httpx.Headers, max_bytes: int) -> None:
        self._success = 200 <= status <= 299
        self._limit = max_bytes if self._success else min(max_bytes, MAX_ERROR_BYTES)
        self._chunks: list[bytes] = []
        self._size = 0
        self._raw_size = 0
        self._inflate = None
        self._encoding = headers.get("content-encoding", "").strip().lower()
        if self._encoding in {"gzip", "x-gzip", "deflate"}:
            self._inflate = zlib.decompressobj(_GZIP_OR_ZLIB)
        elif self._encoding not in {"", "identity"} and self._success:
            raise DecodeError(f"the body is encoded as {self._encoding[:40]!r}, which was not asked for")
        if self._success:
            declared = headers.get("content-length", "")
            if declared.isdecimal() and int(declared[:20]) > self._limit:
                raise self._too_large()

    def feed(self, chunk: bytes) -> bool:
        """Take a piece as it was sent; says whether more of them are of use.

        Raises:
            DecodeError: it cannot be decompressed.
            ResponseTooLargeError: the body is larger than the limit.
        """
        self._raw_size += len(chunk)
        try:
            if self._inflate is not None:
                self._feed_compressed(chunk)
            else:
                self._chunks.append(chunk)
                self._size += len(chunk)
        except zlib.error:
            if self._success:
                raise DecodeError("the body is not in the compressed form that its headers name") from None
            return False
        if self._size <= self._limit and self._raw_size <= self._limit:
            return True
        if self._success:
            raise self._too_large()
        return False

    def _feed_compressed(self, chunk: bytes) -> None:
        while chunk and self._size <= self._limit:
            inflate = self._inflate
            if inflate is None or inflate.eof:  # another member of the same gzip file
                inflate = self._inflate = zlib.decompressobj(_GZIP_OR_ZLIB)
            try:
                # One byte above the limit is enough to know.
                plain = inflate.decompress(chunk, self._limit + 1 - self._size)
            except zlib.error:
                if self._encoding != "deflate" or self._chunks:
                    raise
                # Some servers send bare deflate data under that name.
                inflate = self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
                plain = inflate.decompress(chunk, self._limit + 1 - self._size)
            self._chunks.append(plain)
            self._size += len(plain)
            chunk = inflate.unused_data

    def end(self) -> bytes:
        """The whole body.

        Raises:
            DecodeError: its compressed form stops in the middle.
        """
        if self._success and self._inflate is not None and self._raw_size and not self._inflate.eof:
            raise DecodeError("the compressed body stops in the middle")
        return self.content()

    def content(self) -> bytes:
        """What came so far."""
        chunks = self._chunks
        content = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        return content if self._success else content[: self._limit]

    def _too_large(self) -> ResponseTooLargeError:
        return ResponseTooLargeError(
            f"the body is larger than {self._limit} bytes; raise max_response_bytes= if it may be"
        )
