"""The `Host` headers that a sandbox answers to.

A page on the internet may point a name of its own at 127.0.0.1, and then counts as of the same origin as the sandbox.
Its requests still carry that name in `Host`, so nothing is answered under a name that is not the sandbox's own.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NAME = r"[^\s:\[\]/\\@?#]+"
HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>" + NAME + r"))(?::[0-9]{1,5})?", re.ASCII)


class AllowedHosts:
    """Tells by the header `Host` whether a request is meant for this sandbox: names of loopback, and those added.

    Args:
        names: further names.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: set[str] = set()
        self._any_address = False
        for name in names:
            self.add(name)

    def add(self, host: str) -> None:
        """Allow a name or address.

        The address of every interface (`0.0.0.0`, `::`) allows the name of this machine and any address: no page can
        point an address elsewhere.

        Raises:
            ValueError: it is neither a name nor an address.
        """
        address = _address(host)
        if address is not None and address.is_unspecified:
            self._any_address = True
            self._names.add(socket.gethostname().lower())
        elif address is None and not re.fullmatch(NAME, host):
            raise ValueError(f"{host!r} is no name of a host")
        else:
            self._names.add(host.lower())

    def allows(self, headers: Sequence[str]) -> bool:
        """Tell whether a request with these `Host` headers is answered; it is one, or the request is not clear."""
        found = HOST.fullmatch(headers[0]) if len(headers) == 1 else None
        if found is None:
            return False
        name = (found["v6"] or found["name"]).lower().removesuffix(".")
        if name == "localhost" or name in self._names:
            return True
        address = _address(name)
        return address is not None and (self._any_address or is_loopback(name))


def is_loopback(host: str) -> bool:
    """Tell whether a name or an address is one of this machine that no other can reach."""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def is_every_interface(host: str) -> bool:
    """Tell whether listening at this address is listening at all of them."""
    address = _address(host)
    return address is not None and address.is_unspecified


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
