"""What is waiting in a socket, and what is no name."""

from __future__ import annotations

import select
from typing import Any


def is_readable(connection: Any) -> bool:
    """Return whether a socket has something to read, its end included; without waiting."""
    number = connection.fileno()
    if not hasattr(select, "poll"):  # pragma: no cover - Windows
        return bool(select.select([number], [], [], 0)[0])
    poll = select.poll()
    poll.register(number, select.POLLIN)
    return bool(poll.poll(0))


def is_address(host: str) -> bool:
    """Return whether a host is an address, which nobody has to look up."""
    return ":" in host or host.replace(".", "").isdigit()
