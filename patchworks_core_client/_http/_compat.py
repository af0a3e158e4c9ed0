"""Private attributes of other libraries, each with the public way that was looked for."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpcore


def has_surplus(transport: Any) -> bool:
    """Return whether more bytes came than the response that was read should have had.

    httpcore takes them for the response to the next request on that connection, so that a server which states a wrong
    length makes one call get what another one asked for.

    Looked for: the `network_stream` extension of a response leads to the socket, from which these bytes have been read
    already; h11's `trailing_data` is public, but httpcore does not hand its connection out. Where httpcore is built
    otherwise one day, this finds nothing and the test of it fails.
    """
    try:
        return bool(transport._pool.connections[0]._connection._h11_state.trailing_data[0])
    except (AttributeError, IndexError):
        return False


def use_network_backend(transport: Any, backend: httpcore.NetworkBackend | httpcore.AsyncNetworkBackend) -> None:
    """Let a transport of httpx open its connections with a network backend of httpcore.

    Looked for: httpcore's pools take `network_backend=`, but `httpx.HTTPTransport` does not hand it on. A transport of
    our own over such a pool would be public throughout, but tools that put recorded or mocked responses in the place
    of the network (pytest-httpx) do so in `httpx.HTTPTransport`. Where httpx is built otherwise one day, a deadline
    bounds each step again, and not each read, and the asynchronous client goes by way of anyio; the tests of the
    deadline fail.
    """
    with suppress(AttributeError):
        transport._pool._network_backend = backend
