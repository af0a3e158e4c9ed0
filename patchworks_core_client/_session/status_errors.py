"""The error for a status: its class, and what the body and the headers of the response say."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false
from collections.abc import Callable, Mapping
from http import HTTPStatus
from reprlib import Repr
from typing import TYPE_CHECKING, Any, cast

from .._errors import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    PayloadTooLargeError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    UnprocessableEntityError,
)
from .._http.response import NotJSON

if TYPE_CHECKING:
    from .._http.response import RawResponse

_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    413: PayloadTooLargeError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def status_error(
    response: RawResponse, label: str, shown: Callable[[str], str], *, retry_after: float | None, acted: bool
) -> APIStatusError:
    """The error for a response that is no success, in which all text from outside is `shown`."""
    body = _error_body(response)
    message = shown(_message(response.status, body))
    identity = response.request_id
    identity = None if identity is None else shown(identity)
    text = f"{label}: {response.status} {message}{_redirect_target(response, shown)}"
    return _error_class(response.status)(
        text if identity is None else f"{text} (request id {identity})",
        status_code=response.status,
        message=message,
        errors=_errors(body, shown),
        body=body,
        response=response.as_httpx(),
        request_id=identity,
        retry_after=retry_after,
        may_have_taken_effect=acted,
    )


def _redirect_target(response: RawResponse, shown: Callable[[str], str]) -> str:
    location: str = response.headers.get("location", "")
    if not 300 <= response.status <= 399 or not location:
        return ""
    # Without what may hold a secret.
    place = location.partition("?")[0].partition("#")[0].rpartition("@")[2]
    return f", to '{shown(place)}'; redirects are not followed: see whether base_url= and the path are right"


def _error_class(status: int) -> type[APIStatusError]:
    if 500 <= status <= 599:
        return ServerError
    return _BY_STATUS.get(status, APIStatusError)


def _error_body(response: RawResponse) -> Any:
    if not response.content:
        return None
    body = response.json()
    return response.text() if isinstance(body, NotJSON) else body


def _message(status: int, body: Any) -> str:
    if isinstance(body, Mapping):
        fields = cast("Mapping[str, Any]", body)
        for name in ("message", "error", "detail", "title"):
            value = fields.get(name)
            if isinstance(value, str) and value.strip():
                return value
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"


def _errors(body: Any, shown: Callable[[str], str]) -> dict[str, list[str]]:
    fields = cast("Mapping[str, Any]", body).get("errors") if isinstance(body, Mapping) else None
    if not isinstance(fields, Mapping):
        return {}
    found: dict[str, list[str]] = {}
    short = _Short(shown)
    for name, messages in cast("Mapping[str, Any]", fields).items():
        several: list[Any] = messages if isinstance(messages, list) else [messages]
        texts = [message if isinstance(message, str) else short.repr(message) for message in several]
        found[shown(name)] = [shown(text) for text in texts]
    return found


class _Short(Repr):
    """Shortens anything else than text, however deep it is; the texts in it are `shown` before they are cut."""

    def __init__(self, shown: Callable[[str], str]) -> None:
        super().__init__()
        self.maxlevel = 4
        self._shown = shown

    def repr_str(self, x: str, level: int) -> str:
        return super().repr_str(self._shown(x), level)
