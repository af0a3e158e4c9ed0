"""What a client proves itself with: chosen from its arguments or the environment, and never shown."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from .._errors import PatchworksError
from .._http.request import header_value

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHAT_TO_SET = (
    "Set api_key= (or PATCHWORKS_API_KEY), or username= and password= (or PATCHWORKS_USERNAME and PATCHWORKS_PASSWORD)"
)


class Secret(str):
    """A string that does not show itself in a `repr`, and so neither in that of whatever holds it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class SecretBytes(bytes):
    """The same of bytes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "b'***'"


# A named tuple, since making a dataclass takes 0.4 ms, each time that a program starts.
class Credentials(NamedTuple):
    """What a client proves itself with: a key, a login, or an `httpx.Auth`; exactly one of them."""

    api_key: Secret | None = None
    username: str | None = None
    password: Secret | None = None
    auth: Any = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        return tuple(secret for secret in (self.api_key, self.password) if secret)

    def __repr__(self) -> str:
        # Tools that print the variables of a traceback get here, and an `httpx.Auth` may show what it holds.
        given = [name for name, value in zip(self._fields, self, strict=True) if value is not None]
        return f"<Credentials: {', '.join(given)}>"


def resolve_credentials(
    *,
    api_key: str | None,
    username: str | None,
    password: str | None,
    auth: Any,
    environ: Mapping[str, str] = os.environ,
) -> Credentials:
    """Choose the credential: from the arguments, or, when these have none at all, from the environment.

    Raises:
        PatchworksError: there is none, more than one, or half a login; says what to set.
        TypeError: one is of another type.
        ValueError: the key cannot be sent in a header. The message does not repeat it.
    """
    source = "the arguments"
    if api_key is None and username is None and password is None and auth is None:
        source = "the environment"
        api_key = environ.get("PATCHWORKS_API_KEY", "").strip() or None
        username = environ.get("PATCHWORKS_USERNAME", "").strip() or None
        password = environ.get("PATCHWORKS_PASSWORD", "") or None
    for name, value in (("api_key", api_key), ("username", username), ("password", password)):
        if value is not None and not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"{name}= must be a str, not {type(value).__name__}")
        if value is not None and not value.strip():
            raise PatchworksError(f"{name}= is empty. {_WHAT_TO_SET}.")
    login = username is not None or password is not None
    kinds = (api_key is not None) + login + (auth is not None)
    if kinds == 0:
        raise PatchworksError(f"There is no credential. {_WHAT_TO_SET}.")
    if kinds > 1:
        raise PatchworksError(f"There is more than one credential in {source}. {_WHAT_TO_SET}, not both.")
    if login and (username is None or password is None):
        missing = "username= (or PATCHWORKS_USERNAME)" if username is None else "password= (or PATCHWORKS_PASSWORD)"
        raise PatchworksError(f"The login in {source} is only half there: {missing} is missing.")
    if api_key is not None:
        header_value(api_key, "api_key")
    if auth is not None and not hasattr(auth, "auth_flow"):
        raise TypeError(f"auth= takes an httpx.Auth, not a {type(auth).__name__}")
    return Credentials(
        None if api_key is None else Secret(api_key),
        username,
        None if password is None else Secret(password),
        auth,
    )
