"""What a sandbox remembers of a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

REMEMBERED_BODY_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request that the sandbox answered. It holds no header, and so no credential.

    Attributes:
        method: the HTTP method.
        path: the path, without the query.
        query: the query parameters in their order.
        json: the decoded body, where the operation takes one and it was JSON of at most 64 KiB. It is what was
            sent, a secret's value too.
        operation: the SDK's name of the operation; `None` for a path or method that there is none for.
        status: the status of the answer, also of one that was cut; 499 where the client went away before it had sent
            everything, or during a delay, and nothing was done.
        ms: how long it took, in milliseconds, until the answer could be sent.
        fault: the fault that befell it, as it was written.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    json: Any = field(repr=False)
    operation: str | None
    status: int
    ms: float
    fault: str | None
