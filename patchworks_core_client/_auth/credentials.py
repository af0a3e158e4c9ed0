"""Credentials, and where and how they log in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from .._http.secret import Secret


# Named tuples, since making a dataclass takes 0.4 ms, each time that a program starts.
class Credentials(NamedTuple):
    """An API key, a login, or an `httpx.Auth`; exactly one of them."""

    api_key: Secret[str] | None = None
    username: str | None = None
    password: Secret[str] | None = None
    auth: Any = None

    @property
    def kind(self) -> str:
        """The name of the one that there is."""
        return "api_key" if self.api_key else "login" if self.username else "auth"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no text may show."""
        return tuple(secret.reveal() for secret in (self.api_key, self.password) if secret)

    def __repr__(self) -> str:
        # Tools that print the variables of a traceback get here, and an `httpx.Auth` may show what it holds.
        return f"<Credentials: {self.kind}>"


class AuthSettings(NamedTuple):
    """How a client proves who it is.

    Attributes:
        credentials: what it was given.
        login_url: where it logs in.
        login_form: what the login calls the user.
        token_store: where the token is kept; `None` is in memory.
    """

    credentials: Credentials
    login_url: str
    login_form: Literal["username", "email"]
    token_store: Any

    def __repr__(self) -> str:
        # A token store may show what it keeps.
        return f"<AuthSettings: {self.credentials.kind}>"
