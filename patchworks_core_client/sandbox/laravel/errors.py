"""The errors that the sandbox answers with, as exceptions.

HttpError                   any status with a message
├── QueryError          a query beyond the documented limits: 422, and 400 where responses are as documented
├── ValidationError               a body that breaks the documented rules: 422 with `errors` per field
└── StateConflict         a valid request that the state forbids: 422, and 403 where responses are as documented
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# As nginx has it: a response that nobody is there to read.
CLIENT_CLOSED_REQUEST = 499

Messages = Mapping[str, list[str]]


class HttpError(Exception):
    """A response that is not a success.

    Args:
        status: the HTTP status.
        message: the text under `message`.
        errors: the messages per field, under `errors`.
        headers: headers of the response.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: Messages | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = headers

    def as_documented(self) -> HttpError:
        """Return the same error with a status that the pages document for the operation."""
        return self

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the response."""
        if self.errors is None:
            return {"message": self.message}
        return {"message": self.message, "errors": self.errors}


class QueryError(HttpError):
    """A query value outside the documented limits; the pages give no 422 to an operation that reads."""

    def __init__(self, errors: Messages) -> None:
        super().__init__(422, summary(errors), errors=errors)

    def as_documented(self) -> HttpError:
        return HttpError(400, self.message)


class ValidationError(HttpError):
    """A body that breaks the documented rules."""

    def __init__(self, errors: Messages) -> None:
        super().__init__(422, summary(errors), errors=errors)


class StateConflict(HttpError):
    """A valid request that the state of the resource forbids.

    As documented it is a 403: the pages give 422 the meaning "validation error", which a body that matches
    the description cannot have, and do not list 422 for deleting at all.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(422, message, errors={field: [message]})

    def as_documented(self) -> HttpError:
        return HttpError(403, self.message)


def summary(errors: Messages) -> str:
    """Return Laravel's `message` for several errors: the first one, and how many more there are."""
    messages = [message for field in errors.values() for message in field]
    more = len(messages) - 1
    if more == 0:
        return messages[0]
    return f"{messages[0]} (and {more} more error{'s' if more > 1 else ''})"


def not_found(model: str, key: object) -> HttpError:
    """Return the 404 for a resource that is not there."""
    return HttpError(404, f"No query results for model [{model}] {key}.")
