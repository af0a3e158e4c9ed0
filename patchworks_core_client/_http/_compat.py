"""Private attributes of other libraries, each with the public way that was looked for."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any


def has_surplus(transport: Any) -> bool:
    """Whether more bytes came than the response that was read should have had.

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


def interrupt(transport: Any) -> None:
    """End what a thread waits for on the connection of a transport, as closing it alone does not do.

    Looked for: the `network_stream` extension exists once a response has begun, which is what the thread waits for.
    """
    with suppress(AttributeError, IndexError, OSError):
        stream = transport._pool.connections[0]._connection._network_stream
        stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
