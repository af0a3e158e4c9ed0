"""Recorded requests: what a sandbox remembers of those that came in."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any

MAX_RECORDED_BODY_BYTES = 64 * 1024
DEFAULT_KEEP_REQUESTS = 1_000
MAX_KEEP_REQUESTS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
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
        fault: the fault that was injected, as it was written.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    json: Any = field(repr=False)
    operation: str | None
    status: int
    ms: float
    fault: str | None


class RequestLog:
    """The newest requests.

    Args:
        keep: how many are kept; 0 keeps none.
    """

    def __init__(self, keep: int) -> None:
        self._lock = threading.Lock()
        self._kept: deque[RecordedRequest] = deque(maxlen=keep)

    def add(self, request: RecordedRequest) -> None:
        """Record a request; the oldest one is forgotten where there are too many."""
        with self._lock:
            self._kept.append(request)

    def all(self) -> list[RecordedRequest]:
        """Return what is kept, the newest last."""
        with self._lock:
            return list(self._kept)

    def forget(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._kept.clear()
