"""What the transports of a client go by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from .urls import BaseURL

# As in httpx. Servers close idle connections later than that.
KEEP_ALIVE_S = 5.0


# A named tuple: making a dataclass costs every program at its start many times what this does.
class ConnectionSettings(NamedTuple):
    """How a client connects and what it connects to.

    Attributes:
        base_url: where the API is.
        max_connections: how many connections there are at most to each origin.
        max_response_bytes: the largest body that is accepted, counted after decompression.
        verify: as httpx takes it.
        proxy: as httpx takes it; `None` for that of the environment.
        transport: the library that sends.
        on_request: called with each attempt's request.
        on_response: called with each attempt's response.
        http_client: the caller's own client of httpx, which sends instead.
        auth: the caller's own authentication of httpx.
    """

    base_url: BaseURL
    max_connections: int
    max_response_bytes: int
    verify: Any
    proxy: Any
    transport: Literal["httpx", "aiohttp"]
    on_request: Callable[[Any], Any] | None
    on_response: Callable[[Any], Any] | None
    http_client: Any
    auth: httpx.Auth | None

    def __repr__(self) -> str:
        # A proxy may have a password.
        return f"<ConnectionSettings {self.base_url.origin}{self.base_url.prefix}>"
