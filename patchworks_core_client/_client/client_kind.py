"""What differs between the two clients."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """One kind of client.

    Attributes:
        name: of the class.
        transports: the libraries it can send with.
        http_client: the class of the caller's own client that fits, and the method by which it is known.
        awaits_hooks: whether hooks may be `async`.
    """

    name: str
    transports: tuple[str, ...]
    http_client: tuple[str, str]
    awaits_hooks: bool
