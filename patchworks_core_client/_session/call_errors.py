"""The error of a call that ended without a success; nothing secret is in its text."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
import json
from typing import TYPE_CHECKING, Any

from .._errors import APIConnectionError, APITimeoutError
from .._http.attempt_result import RawResponse, TransportFailure
from .._http.redact import redact
from .status_errors import status_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    import httpx

    from .._errors import APIStatusError
    from .._http.request import Prepared

# The fields of a body whose values are nobody's business.
_SENSITIVE_FIELDS = frozenset({"value", "password", "token"})


def call_error(
    request: Prepared,
    result: RawResponse | TransportFailure,
    *,
    sent: httpx.Request | None,
    attempts: int,
    acted: bool,
    retry_after: float | None,
    secrets: Iterable[str],
) -> APIStatusError | APIConnectionError:
    """The error for the last result of a call.

    Args:
        request: the call.
        result: a response that is no success, or the loss of one.
        sent: the request of the last attempt; `None` if none was made.
        attempts: how many were made.
        acted: whether the server may have acted on one of them.
        retry_after: the seconds after which the server takes the request again.
        secrets: what no text may show, besides what this very call sent.
    """
    label = f"{request.method} {request.path}"
    hidden = [*secrets, *_sensitive_values(request.content)]
    answered = result.request if isinstance(result, RawResponse) else sent
    if answered is not None:
        # What was really sent as a credential may be none of the client's: an `httpx.Auth` or the call brought it.
        hidden.append(answered.headers.get("authorization", "").rpartition(" ")[2])
    if isinstance(result, RawResponse):
        return status_error(result, label, lambda text: redact(text, hidden), retry_after)
    kind = APITimeoutError if result.timed_out else APIConnectionError
    after = f", in {attempts} attempts" if attempts > 1 else ""
    if sent is not None:
        from .._http.messages import shown_request

        sent = shown_request(sent)
    return kind(redact(f"{label}: {result.reason}{after}", hidden), request=sent, may_have_taken_effect=acted)


def _sensitive_values(content: bytes) -> list[str]:
    """The texts in a JSON body that no message may repeat."""
    found: list[str] = []
    try:
        todo: list[Any] = [json.loads(content)] if content else []
    except ValueError:
        # A form or a file, in which no variable is stored.
        return found
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo += value
        elif isinstance(value, dict):
            fields: dict[str, Any] = value
            found += [text for name, text in fields.items() if name in _SENSITIVE_FIELDS and isinstance(text, str)]
            todo += fields.values()
    return found
