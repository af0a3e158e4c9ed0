"""Every exception that this package raises on purpose, in one tree.

```
PatchworksError
├── APIConnectionError            nothing came back            .request
│   └── APITimeoutError
├── ClientStateError              closed, or in another event loop
├── ResponseTooLargeError
├── DecodeError                   a 2xx whose body is not JSON, or not the described shape in strict mode   .response
├── PaginationError
└── APIStatusError                .status_code .message .errors (422: field -> messages) .body .response .request_id
│                                 .may_have_taken_effect
    ├── BadRequestError 400           ├── ConflictError 409
    ├── AuthenticationError 401       ├── PayloadTooLargeError 413
    ├── PermissionDeniedError 403     ├── UnprocessableEntityError 422
    ├── NotFoundError 404             ├── RateLimitError 429   .retry_after (s)
    └── ServerError 5xx
```

A wrong argument is a `ValueError` or a `TypeError`, raised before anything is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from . import _types  # pyright: ignore[reportPrivateUsage] - it is private to the package


class PatchworksError(Exception):
    """The base of all errors of this package; raised itself where the client is set up wrongly."""


class APIConnectionError(PatchworksError):
    """Nothing, or not the whole answer, came back.

    Attributes:
        request: the request as far as it was made, without credentials and body; `None` if none was made yet.
        may_have_taken_effect: whether the server may have acted on the call: `False` only if no attempt of it can
            have reached the server.
    """

    request: _types.httpx.Request | None
    may_have_taken_effect: bool

    def __init__(
        self, message: str, *, request: _types.httpx.Request | None = None, may_have_taken_effect: bool = False
    ) -> None:
        super().__init__(message)
        self.request = request
        self.may_have_taken_effect = may_have_taken_effect

    def __str__(self) -> str:
        return f"{super().__str__()} ({_EFFECT[self.may_have_taken_effect]})"


_EFFECT = {
    False: "the server did not receive the request, so it had no effect",
    True: "the server may have received the request, so it may have taken effect",
}


class APITimeoutError(APIConnectionError):
    """The answer did not come in time: within the call's deadline, or a step within its time-out."""


CLOSED = "the client is closed; make a new one"


class ClientStateError(PatchworksError):
    """The client is closed, or is used in another event loop or process than the one it was first used in."""


class ResponseTooLargeError(PatchworksError):
    """The body of an answer is larger than `max_response_bytes`, as sent or decompressed."""


class Mismatch(NamedTuple):
    """One value of a body that differs from its description; the value itself is never in here.

    Attributes:
        model: the model that the field belongs to.
        field: the path of the value inside the body, such as `data[3].created_at`.
        declared: the described type.
        got: the type that came, such as `str`. Where the two are alike, the value is none of those described.
    """

    model: str
    field: str
    declared: str
    got: str


class DecodeError(PatchworksError):
    """The body of a success is not JSON, or, in strict mode, does not match its description.

    Attributes:
        response: the answer, with its body readable; `None` where a model was decoded outside of a call.
        mismatches: in strict mode, every difference from the description; the message names the first few.
    """

    response: _types.httpx.Response | None
    mismatches: Sequence[Mismatch]

    def __init__(
        self, message: str, *, response: _types.httpx.Response | None = None, mismatches: Sequence[Mismatch] = ()
    ) -> None:
        super().__init__(message)
        self.response = response
        self.mismatches = mismatches


class PaginationError(PatchworksError):
    """The pages of a list cannot be followed: they never end, or lead elsewhere."""


class APIStatusError(PatchworksError):
    """The server answered with another status than a success.

    Attributes:
        status_code: the HTTP status.
        message: what the server says, or the standard phrase of the status.
        errors: for 422, the messages of each field; else empty.
        body: the decoded JSON of the answer, its text where it is not JSON, or `None` where it is empty.
        response: the answer, with its body readable; its `.request` is without credentials and body.
        request_id: the server's name for this request, for its operators, if it gave one.
        retry_after: the seconds after which the server takes the request again, if it said so.
        may_have_taken_effect: whether the server may have acted on the call, in this attempt or one before.
    """

    status_code: int
    message: str
    errors: dict[str, list[str]]
    body: Any
    response: _types.httpx.Response | None
    request_id: str | None
    retry_after: float | None
    may_have_taken_effect: bool

    def __init__(
        self,
        text: str,
        *,
        status_code: int = 0,
        message: str = "",
        errors: dict[str, list[str]] | None = None,
        body: Any = None,
        response: _types.httpx.Response | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        may_have_taken_effect: bool = False,
    ) -> None:
        super().__init__(text)
        self.status_code = status_code
        self.message = message
        self.errors = errors or {}
        self.body = body
        self.response = response
        self.request_id = request_id
        self.retry_after = retry_after
        self.may_have_taken_effect = may_have_taken_effect


class BadRequestError(APIStatusError):
    """400: the server does not understand the request, for instance an unknown filter or relation."""


class AuthenticationError(APIStatusError):
    """401: the key is wrong or revoked, or the login was refused."""


class PermissionDeniedError(APIStatusError):
    """403: the credential may not do this; some calls need an administrator's login instead of a key."""


class NotFoundError(APIStatusError):
    """404: there is no such resource."""


class ConflictError(APIStatusError):
    """409: the resource is in a state that does not allow this."""


class PayloadTooLargeError(APIStatusError):
    """413: the body sent is larger than the server takes (8 MB)."""


class UnprocessableEntityError(APIStatusError):
    """422: the server refuses what was sent; `errors` has the messages of each field."""


class RateLimitError(APIStatusError):
    """429: too many requests; `retry_after` says when the server takes some again."""


class ServerError(APIStatusError):
    """5xx: the server failed."""
