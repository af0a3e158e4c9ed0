"""What the body and the headers of an error response say, as an `APIStatusError`."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from .._errors import APIStatusError, error_class
from .._http.response_content import NOT_JSON, json_of, request_id, text_of

if TYPE_CHECKING:
    from .._http.attempt_result import RawResponse

_MAX_MESSAGE_CHARS = 500


def status_error(
    raw: RawResponse, label: str, redact: Callable[[str], str], retry_after: float | None
) -> APIStatusError:
    """The error for an answer that is no success.

    Args:
        raw: the answer.
        label: the call, for the message.
        redact: takes out of a text what must not be shown.
        retry_after: the seconds that it asks for.
    """
    from .._http.messages import whole_response

    body = _error_body(raw)
    message = redact(_message(raw.status, body))
    identity = request_id(raw.headers)
    text = f"{label}: {raw.status} {message}{_elsewhere(raw)}" + (f" (request id {identity})" if identity else "")
    return error_class(raw.status)(
        text,
        status_code=raw.status,
        message=message,
        errors={name: [redact(text) for text in texts] for name, texts in _errors(body).items()},
        body=body,
        response=whole_response(raw),
        request_id=identity,
        retry_after=retry_after,
    )


def _elsewhere(raw: RawResponse) -> str:
    location: str = raw.headers.get("location", "")
    if not 300 <= raw.status <= 399 or not location:
        return ""
    # Without what may hold a secret.
    place = location.partition("?")[0].partition("#")[0].rpartition("@")[2][:200]
    return f", to {place!r}; redirects are not followed: see whether base_url= and the path are right"


def _error_body(raw: RawResponse) -> Any:
    if not raw.content:
        return None
    body = json_of(raw)
    return text_of(raw) if body is NOT_JSON else body


def _message(status: int, body: Any) -> str:
    if isinstance(body, Mapping):
        fields = cast("Mapping[str, Any]", body)
        for name in ("message", "error", "detail", "title"):
            value = fields.get(name)
            if isinstance(value, str) and value.strip():
                return " ".join(value.split())[:_MAX_MESSAGE_CHARS]
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def _errors(body: Any) -> dict[str, list[str]]:
    fields = cast("Mapping[str, Any]", body).get("errors") if isinstance(body, Mapping) else None
    if not isinstance(fields, Mapping):
        return {}
    found: dict[str, list[str]] = {}
    for name, messages in cast("Mapping[str, Any]", fields).items():
        several: list[Any] = messages if isinstance(messages, list) else [messages]
        found[name] = [message if isinstance(message, str) else str(message) for message in several]
    return found
