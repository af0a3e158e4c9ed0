"""What a call gives to those who ask for more than its result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from .. import _types  # pyright: ignore[reportPrivateUsage] - it is private to the package

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, repr=False)
class Response(Generic[T_co]):
    """A response of the API with its decoded result.

    Attributes:
        status_code: the HTTP status, a 2xx.
        headers: as httpx gives them: names in any case, repeated ones joined.
        content: the body, decompressed.
        parsed: the result.
    """

    status_code: int
    headers: _types.httpx.Headers
    content: bytes
    parsed: T_co

    def __repr__(self) -> str:
        # The body stays out: it may hold the value of a secret variable.
        return f"<Response {self.status_code}, {len(self.content)} bytes>"
