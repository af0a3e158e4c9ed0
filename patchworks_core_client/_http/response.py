"""What a call gives to those who ask for more than its result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from .. import _types  # pyright: ignore[reportPrivateUsage] - it is private to the package

T_co = TypeVar("T_co", covariant=True)


class Response(Generic[T_co]):
    """A response of the API with its decoded result.

    Attributes:
        status_code: the HTTP status, a 2xx.
        content: the body, decompressed.
        parsed: the result.
    """

    __slots__ = ("_headers", "_raw_headers", "content", "parsed", "status_code")

    status_code: int
    content: bytes
    parsed: T_co

    def __init__(
        self, status_code: int, raw_headers: Iterable[tuple[bytes, bytes]], content: bytes, parsed: T_co
    ) -> None:
        self.status_code = status_code
        self.content = content
        self.parsed = parsed
        self._raw_headers = raw_headers
        self._headers: _types.httpx.Headers | None = None

    @property
    def headers(self) -> _types.httpx.Headers:
        """As httpx gives them: names in any case, repeated ones joined."""
        if self._headers is None:
            # Made when somebody asks: few do, and it takes as long as the rest of a result.
            import httpx

            self._headers = httpx.Headers(list(self._raw_headers))
        return self._headers

    def __repr__(self) -> str:
        # The body stays out: it may hold the value of a secret variable.
        return f"<Response {self.status_code}, {len(self.content)} bytes>"
