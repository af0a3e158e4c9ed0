"""Find the operation for a path and a method, or the 404 or 405 that Laravel would answer with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..laravel.errors import HttpError
from ..patchworks.routes import LOGIN, LOGIN_PATH, OLDER_LOGIN_PATH, OPERATIONS, Operation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
# A key of the database; anything else names no row.
IDENTIFIER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)

ROOT_MESSAGE = (
    "The route / could not be found. This is a Patchworks sandbox: it answers below /api/v1, "
    "as in GET /api/v1/virtual-environments."
)


@dataclass(frozen=True, slots=True)
class Match:
    """What lies at a path.

    Attributes:
        operations: the operations by method; none at a login.
        places: the values of the places in the path.
    """

    operations: Mapping[str, Operation]
    places: Sequence[str] = ()

    @property
    def is_login(self) -> bool:
        return not self.operations

    def operation_name(self, method: str) -> str | None:
        """Return the SDK's name for what that method does here."""
        if self.is_login:
            return LOGIN
        operation = self.operations.get(method)
        return operation.name if operation else None

    def operation(self, method: str) -> Operation:
        """Return the operation behind that method.

        Raises:
            HttpError: 405 with the methods that there are.
        """
        operation = self.operations.get(method)
        if operation is None:
            raise not_allowed(method, self.operations)
        return operation

    def ids(self) -> list[int]:
        """Return the identifiers in the path, as keys of the database.

        Raises:
            HttpError: 404 for one that no row can have.
        """
        for place in self.places:
            if not IDENTIFIER.fullmatch(place):
                raise HttpError(404, f"No query results for {place}.")
        return [int(place) for place in self.places]


def not_allowed(method: str, allowed: Mapping[str, object]) -> HttpError:
    """Return the 405 for a path that has other methods."""
    names = ", ".join(allowed)
    return HttpError(
        405,
        f"The {method} method is not supported for this route. Supported methods: {names}.",
        headers={"Allow": names},
    )


def wrong_host(name: str | None) -> HttpError:
    """Return the 421 for a request that is meant for another host."""
    asked = f"The host {name} is" if name else "A request without a single host is"
    return HttpError(421, f"{asked} not served here. Names of loopback are, and those given to the sandbox as hosts.")


def no_route(path: str) -> HttpError:
    """Return the 404 for a path with nothing behind it; at the root it helps whoever only looks."""
    if not path.strip("/"):
        return HttpError(404, ROOT_MESSAGE)
    return HttpError(404, f"The route {path.strip('/')} could not be found.")


def find(path: str) -> Match | None:
    """Return what lies at a path."""
    for pattern, operations in _ROUTES:
        found = pattern.fullmatch(path)
        if found:
            return Match(operations, found.groups())
    return Match({}) if path in {LOGIN_PATH, OLDER_LOGIN_PATH} else None


def _routes() -> list[tuple[re.Pattern[str], dict[str, Operation]]]:
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    return [(re.compile(PLACEHOLDER.sub("([^/]+)", path)), methods) for path, methods in by_path.items()]


_ROUTES = _routes()
