"""Record the requests that come in, with what is secret in them masked."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..laravel.validation import truthy
from ..patchworks.routes import LOGIN

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_RECORDED_BODY_BYTES = 64 * 1024
DEFAULT_KEEP_REQUESTS = 1_000
MAX_KEEP_REQUESTS = 1_000_000
MASK = "***"
UPDATE_VARIABLE = "virtual_environment_versions.update_variable"
VARIABLE_OPERATIONS = frozenset({"virtual_environment_versions.create_variable", UPDATE_VARIABLE})
# Fields that hold a secret where the variable is one.
SECRET_FIELDS = ("value", "fallback")


class Secret(str):
    """A text that is not shown: `repr`, `str` and formatting give `***`. It equals the text that it was made of."""

    __slots__ = ()

    def __repr__(self) -> str:
        return MASK

    def __str__(self) -> str:
        return MASK

    def __format__(self, specification: str) -> str:
        return format(MASK, specification)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """One request that the sandbox answered. It holds no header, and so no credential.

    Attributes:
        method: the HTTP method.
        path: the path, without the query.
        query: the query parameters in their order.
        json: the decoded body, where the operation takes one and it was JSON of at most 64 KiB. What is secret in
            it, the value of a secret variable and the password of a login, is a `Secret`: it equals the text that was
            sent and is shown as `***`.
        operation: the SDK's name of the operation; `None` for a path or method that there is none for.
        status: the status of the response, also of one that was cut; 499 where the client went away before it had sent
            everything, or during a delay, and nothing was done.
        ms: how long it took, in milliseconds, until the response could be sent.
        fault: the fault that was injected, as it was written.
        request_id: the `X-Request-Id` of the response.
        at: when it came, in seconds since the epoch.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    json: Any = field(repr=False)
    operation: str | None
    status: int
    ms: float
    fault: str | None
    request_id: str
    at: float


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


def mask_secrets(
    operation: str | None, body: dict[str, Any] | None, payload: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Return a decoded body with what is secret in it marked.

    Args:
        operation: the operation that it was sent to.
        body: the decoded object; `None` where there is none.
        payload: the JSON of the response of a success, which knows whether a variable is secret.
    """
    if body is None:
        return None
    if operation == LOGIN:
        names: tuple[str, ...] = ("password",)
    elif operation in VARIABLE_OPERATIONS and _is_secret(operation, body, payload):
        names = SECRET_FIELDS
    else:
        return body
    return {name: Secret(value) if name in names and isinstance(value, str) else value for name, value in body.items()}


def _is_secret(operation: str, body: Mapping[str, Any], payload: Mapping[str, Any] | None) -> bool:
    if payload is not None:
        # Also one that was secret until now: its value was not to be seen.
        return bool(payload["data"]["secret"]) or truthy(body.get("secret"))
    # Of an update that was refused nobody knows what the variable is; better one too many.
    return truthy(body.get("secret")) or operation == UPDATE_VARIABLE
