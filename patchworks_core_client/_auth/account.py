"""The account of a login. With an API key nobody imports this."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from .._http.masking import escaped

if TYPE_CHECKING:
    from .._http.headers import HeaderPairs
    from .._http.secret import Secret


class Account(NamedTuple):
    """Who logs in, and where.

    Attributes:
        username: the name, or the e-mail address, of the user.
        password: never shown.
        url: where the login is sent.
        form: what the name is called in the login's body.
        headers: sent with the login, besides those that tell of its body.
    """

    username: str
    password: Secret[str]
    url: str
    form: str = "username"
    headers: HeaderPairs = ()

    @property
    def key(self) -> str:
        """Names the account in a token store."""
        return f"{self.username} {self.url}"

    @property
    def who(self) -> str:
        """Names the account in messages."""
        return escaped(f"{self.username} at {urlsplit(self.url).netloc}")
