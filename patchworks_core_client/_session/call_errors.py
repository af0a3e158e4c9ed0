"""The error of a call that ended without a success; nothing secret is in its text."""

from __future__ import annotations

# JSON is Any here; narrowing it by isinstance makes its parts unknown, which is what they are.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from .._errors import APIConnectionError, APITimeoutError, RateLimitError
from .._http.attempt_result import RawResponse, TransportFailure
from .._http.masking import redact
from .._http.text import escaped
from .status_errors import status_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .. import _types  # pyright: ignore[reportPrivateUsage] - it is private to the package
    from .._errors import APIStatusError
    from .._http.request import Prepared

# The fields of a body whose values are nobody's business.
_SECRET_FIELDS = frozenset({"password", "token"})
_VALUE_FIELDS = frozenset({"value", "fallback"})
_MAX_WORD_CHARS = 15
# The names of headers that hold a credential.
_CREDENTIAL = re.compile(rb"auth|cookie|token|secret|key|password")


def call_error(
    request: Prepared,
    result: RawResponse | TransportFailure,
    *,
    sent: _types.httpx.Request | None,
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
    answered = result.request if isinstance(result, RawResponse) else sent
    # What was really sent as a credential may be none of the client's: an `httpx.Auth` brought it.
    brought = "" if answered is None else answered.headers.get("authorization", "")
    shown = partial(shown_text, request, [*secrets, _of_header(brought)])
    if isinstance(result, RawResponse):
        return status_error(result, label, shown, retry_after=retry_after, acted=acted)
    kind = APITimeoutError if result.timed_out else APIConnectionError
    after = f", in {attempts} attempts" if attempts > 1 else ""
    if sent is not None:
        from .._http.messages import shown_request

        sent = shown_request(sent)
    return kind(shown(f"{label}: {result.reason}{after}"), request=sent, may_have_taken_effect=acted)


def budget_error(request: Prepared, seconds: float, *, acted: bool) -> RateLimitError:
    """The error of a call for which the client's own budget has no room in time."""
    return RateLimitError(
        f"{request.method} {request.path}: the budget of rate= is used up: the call would have to wait for "
        f"{seconds:.1f} s, which is longer than its timeout allows. Nothing was sent",
        status_code=429,
        message="the budget of rate= is used up",
        retry_after=seconds,
        may_have_taken_effect=acted,
    )


def shown_text(request: Prepared, secrets: Iterable[str], text: str) -> str:
    """Text from outside as it may be shown: without `secrets` and those of the call, and with nothing hidden in it."""
    return escaped(redact(text, [*secrets, *_sent_secrets(request)]))


def _sent_secrets(request: Prepared) -> list[str]:
    """What this very call sends that no text may show: credentials in its headers, and the values in its body."""
    found: list[str] = []
    for name, value in request.headers:
        if _CREDENTIAL.search(name):
            found.append(_of_header(value.decode("latin-1")))
    return found + _sensitive_values(request.content)


def _of_header(value: str) -> str:
    """The credential in a header, without the name of its scheme."""
    return value.rpartition(" ")[2]


def _sensitive_values(content: bytes) -> list[str]:
    """The texts in a JSON body that no message may repeat."""
    found: list[str] = []
    try:
        todo: list[Any] = [json.loads(content)] if content else []
    except (ValueError, RecursionError):
        # A form or a file, in which no variable is stored.
        return found
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo += value
        elif isinstance(value, dict):
            fields: dict[str, Any] = value
            secret = str(fields.get("secret", False)).lower() not in {"false", "0", "none", ""}
            for name, text in fields.items():
                hidden = name in _SECRET_FIELDS or (name in _VALUE_FIELDS and (secret or not _is_word(text)))
                if isinstance(text, str) and hidden:
                    found.append(text)
            todo += fields.values()
    return found


def _is_word(text: object) -> bool:
    """Whether a text is a word like any other: what is no secret need not be taken out of sentences that hold it."""
    if not isinstance(text, str):
        return False
    return text.isalpha() and len(text) <= _MAX_WORD_CHARS and text[1:] == text[1:].lower()
