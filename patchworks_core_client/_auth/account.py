"""The account that logs in, and the request by which it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .._http import json_content
from .._http.masking import escaped
from .._http.request import Prepared, with_body_headers

if TYPE_CHECKING:
    from .._http.headers import HeaderPairs
    from .._http.secret import Secret


@dataclass(frozen=True, slots=True)
class Account:
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

    def request(self) -> Prepared:
        """The login's request."""
        content = json_content.encode({self.form: self.username, "password": self.password.reveal()})
        path = urlsplit(self.url).path or "/"
        headers = with_body_headers("POST", self.headers, content)
        return Prepared("POST", self.url, headers, content, path, path)
