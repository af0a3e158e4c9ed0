"""Authenticate: the API key of a manager, or the token of an administrator's login."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ..laravel.errors import HttpError

if TYPE_CHECKING:
    from ..storage.database import Database

Role = Literal["manager", "administrator"]

DEFAULT_API_KEY = "sandbox-api-key"
DEFAULT_USERNAME = "admin@sandbox.test"
DEFAULT_PASSWORD = "sandbox-password"  # noqa: S105 - of a test double on loopback, printed at its start
DEFAULT_TOKEN_TTL_S = 86_400
MAX_TOKEN_TTL_S = 10 * 366 * 86_400
SIGNING_KEY = "token-signing-key"
BEARER_BEFORE_KEY = "Unauthenticated. The API key is the whole Authorization header, without Bearer before it."


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the sandbox lets in. None of it is part of the `repr`."""

    api_key: str = field(default=DEFAULT_API_KEY, repr=False)
    username: str = DEFAULT_USERNAME
    password: str = field(default=DEFAULT_PASSWORD, repr=False)


class Authenticator:
    """Logs in, and tells from an `Authorization` header who calls.

    Tokens are signed with a key that is kept with the state, so that they outlive a restart on the same file.

    Args:
        credentials: what is let in.
        token_ttl: how many seconds a token is good for.
        store: where the signing key is kept.
    """

    def __init__(self, credentials: Credentials, token_ttl: int, store: Database) -> None:
        self.credentials = credentials
        self.token_ttl = token_ttl
        self._database = store
        self._key = store.secret(SIGNING_KEY)

    def revoke_tokens(self) -> None:
        """Make every token that was given worthless."""
        self._key = self._database.secret(SIGNING_KEY, renew=True)

    def role(self, authorization: str | None, now: float) -> Role:
        """Return who calls with this header.

        Raises:
            HttpError: 401.
        """
        if authorization is not None:
            if _equal(authorization, self.credentials.api_key):
                return "manager"
            scheme, _, token = authorization.partition(" ")
            if scheme.lower() == "bearer":
                if self._is_valid(token.strip(), now):
                    return "administrator"
                if _equal(token.strip(), self.credentials.api_key):
                    raise HttpError(401, BEARER_BEFORE_KEY)
        raise HttpError(401, "Unauthenticated.")

    def log_in(self, username: str, password: str, now: float) -> str:
        """Return a new token.

        Raises:
            HttpError: 401, without saying whether the user or the password is wrong.
        """
        if not self.matches(username, password):
            raise HttpError(401, "These credentials do not match our records.")
        return self._issue(now)

    def matches(self, username: str, password: str) -> bool:
        """Tell whether this is the login, in a time that does not depend on what is wrong."""
        right_user = _equal(username, self.credentials.username)
        right_password = _equal(password, self.credentials.password)
        return right_user and right_password

    def _issue(self, now: float) -> str:
        claims = {"sub": "1", "iat": int(now), "exp": now + self.token_ttl, "jti": secrets.token_hex(8)}
        signed = f"{_encode({'typ': 'JWT', 'alg': 'HS256'})}.{_encode(claims)}"
        return f"{signed}.{self._signature(signed)}"

    def _is_valid(self, token: str, now: float) -> bool:
        signed, _, signature = token.rpartition(".")
        if not _equal(signature, self._signature(signed)):
            return False
        # Signed by this sandbox, so it has the form that it was given.
        claims = json.loads(_decode(signed.partition(".")[2]))
        return bool(now < claims["exp"])

    def _signature(self, text: str) -> str:
        return _base64(hmac.digest(self._key, text.encode(), "sha256"))


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _encode(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
