"""The login: its request, its answer, its errors, and the order of its steps; nothing here sends or waits."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit

from .. import _clock
from .._errors import APIConnectionError, APIStatusError, AuthenticationError, PatchworksError
from .._http import json_content
from .._http.redact import redact
from .._http.request import Prepared, with_body_headers
from .._http.response_content import request_id
from .._http.secret import Secret
from .._http.text import escaped, one_line
from .flow import Wait
from .tokens import LockingTokenStore, Token, TokenStore

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Literal

    from .._http.attempt_result import RawResponse
    from .._http.request import HeaderPairs
    from .settings import AuthSettings

# While another client or process logs in, its token is looked for so often, and waited for so long: after that, this
# one logs in by itself.
LOCK_POLL_S = 0.05
MAX_LOCK_WAIT_S = 60.0

# Statuses of a login that say nothing of the user and the password.
_PASSING = frozenset({408, 425, 429})

_MAX_MESSAGE_CHARS = 500

_log = logging.getLogger("patchworks_core_client.login")


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
    form: Literal["username", "email"] = "username"
    headers: HeaderPairs = ()

    @property
    def key(self) -> str:
        """Names the account in a token store."""
        return f"{self.username} {self.url}"

    @property
    def who(self) -> str:
        """Names the account in messages."""
        return f"{self.username} at {urlsplit(self.url).netloc}"

    def request(self) -> Prepared:
        """The login's request."""
        content = json_content.encode({self.form: self.username, "password": self.password.reveal()})
        path = urlsplit(self.url).path or "/"
        headers = with_body_headers("POST", self.headers, content)
        return Prepared("POST", self.url, headers, content, path, path)


def account_of(settings: AuthSettings, headers: HeaderPairs) -> Account | None:
    """The account that a client logs in with; `None` if it does not log in."""
    credentials = settings.credentials
    if credentials.username is None or credentials.password is None:
        return None
    return Account(credentials.username, credentials.password, settings.login_url, settings.login_form, headers)


def read_token(raw: RawResponse, account: Account) -> Token:
    """The token in the answer to a login.

    Raises:
        AuthenticationError: there is none that could be sent.
    """
    try:
        body: Any = json_content.decode(raw.content, None)
    except ValueError:
        body = None
    fields = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    now = _clock.wall()
    lifetime = _seconds(fields.get("expires_in"))
    try:
        return Token(fields.get("token", ""), None if lifetime is None else now + lifetime, now)
    except ValueError:
        said = _said(fields.get("message"), account)
        # The body stays out: it may hold the token under another name.
        raise AuthenticationError(
            f"The login of {account.who} was answered with {raw.status}, but without a token{said}. Check login_url= "
            f"and login_form={account.form!r}.",
            status_code=raw.status,
        ) from None


def login_error(error: PatchworksError, account: Account) -> PatchworksError:
    """What the failure of a login is for the call that needed it.

    A login that was refused is an `AuthenticationError`, whatever its status was. Of what the call itself wanted
    nothing was sent, so it cannot have taken effect.
    """
    if isinstance(error, APIConnectionError):
        reason = redact(str(error.args[0]), (account.password.reveal(),))
        return type(error)(f"The login of {account.who} failed: {reason}", request=error.request)
    if not isinstance(error, APIStatusError):
        return error
    if error.status_code >= 500 or error.status_code in _PASSING:
        error.may_have_taken_effect = False
        return error
    return AuthenticationError(
        f"The login of {account.who} was refused with {error.status_code}{_said(error.message, account)}",
        status_code=error.status_code,
        message=redact(error.message, (account.password.reveal(),)),
        errors={
            name: [redact(text, (account.password.reveal(),)) for text in texts] for name, texts in error.errors.items()
        },
        body=error.body,
        response=error.response,
        request_id=error.request_id,
    )


def _seconds(value: object) -> float | None:
    """`expires_in` as a number of seconds, if it is one that a token could live."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) and 0 < seconds < _LONGEST_LIFE_S else None


# A hundred years; what says more means for ever.
_LONGEST_LIFE_S = 100 * 365 * 86_400.0


def _said(message: object, account: Account) -> str:
    if not isinstance(message, str) or not message.strip():
        return ""
    return f": {one_line(redact(message, (account.password.reveal(),)), _MAX_MESSAGE_CHARS)}"


class AskStore(NamedTuple):
    """Step: call a method of the token store, which may block; gives what it returns."""

    call: Callable[[], Any]


class SendLogin(NamedTuple):
    """Step: send the login, retries included; gives the response, a success."""

    request: Prepared


R = TypeVar("R")

Step: TypeAlias = AskStore | SendLogin | Wait


def login(account: Account, store: TokenStore, stale: Secret[str] | None) -> Generator[Step, Any, Token]:
    """The steps to a token: one that the store has, or a new one.

    The caller does each step that this gives, and sends back what came of it. Only one client or process at a time logs
    in, where the store can tell; the others wait for its token.

    Args:
        account: who logs in.
        store: where tokens are kept.
        stale: the value of an `Authorization` header that was refused: a token that gives it is no token.
    """
    kept = _Store(store, account.key)
    token = yield from kept.token(stale)
    waited = 0.0
    try:
        while token is None and not (yield from kept.lock()):
            if waited >= MAX_LOCK_WAIT_S:
                _log.warning("Another login of %s takes too long; logging in besides it.", escaped(account.who))
                break
            yield Wait(LOCK_POLL_S)
            waited += LOCK_POLL_S
            token = yield from kept.token(stale)
        if token is None:
            # Whoever had the lock until now may have left its token.
            token = yield from kept.token(stale)
        if token is None:
            try:
                response = yield SendLogin(account.request())
            except PatchworksError as error:
                raise login_error(error, account) from None
            token = read_token(response, account)
            _log.info("Logged in as %s.", escaped(account.who), extra=_fields(response, account, token))
            yield from kept.save(token)
        return token
    finally:
        # No step of its own, since it has to be done also when the login is broken off. It does not wait.
        kept.unlock()


def _fields(response: RawResponse, account: Account, token: Token) -> dict[str, Any]:
    """What the record of a login says, as its `extra`; in the words of those of calls."""
    identity = request_id(response.headers)
    return {
        "method": "POST",
        "path_template": urlsplit(account.url).path,
        "status": response.status,
        "attempt": None,
        "wait": None,
        "request_id": None if identity is None else escaped(redact(identity, (account.password.reveal(), token.value))),
    }


class _Store:
    """The token store during one login. Where it fails, that is said once, and the login goes on without it."""

    def __init__(self, store: TokenStore, key: str) -> None:
        self._store = store
        self._locks = store if isinstance(store, LockingTokenStore) else None
        self._key = key
        self._locked = False
        self._has_failed = False

    def token(self, stale: Secret[str] | None) -> Generator[Step, Any, Token | None]:
        """The token that the store has, if it is of use."""
        token: object = yield from self._ask(partial(self._store.load, self._key), None)
        if not isinstance(token, Token) or token.is_due(_clock.wall()) or Secret(token.authorization) == stale:
            return None
        return token

    def save(self, token: Token) -> Generator[Step, Any, None]:
        """Keep a new token."""
        yield from self._ask(partial(self._store.save, self._key, token), None)

    def lock(self) -> Generator[Step, Any, bool]:
        """Take the lock of the account, as far as the store has locks; whether there is no other login to wait for."""
        locks = self._locks
        return locks is None or (yield from self._ask(partial(self._take, locks), True))

    def _take(self, locks: LockingTokenStore) -> bool:
        # Taken note of here, since the login may be broken off before it learns of it.
        self._locked = locks.try_lock(self._key)
        return self._locked

    def unlock(self) -> None:
        """Give the lock back, if it was taken."""
        if self._locks is not None and self._locked:
            self._locked = False
            try:
                self._locks.unlock(self._key)
            except Exception as error:
                self._report(error)

    def _ask(self, call: Callable[[], R], instead: R) -> Generator[Step, Any, R]:
        try:
            return cast("R", (yield AskStore(call)))
        except Exception as error:
            self._report(error)
            return instead

    def _report(self, error: Exception) -> None:
        if self._has_failed:
            return
        self._has_failed = True
        # Nothing else of it: what a store of the user's own says may hold the token, or the address of a database.
        reason = type(error).__name__
        if isinstance(error, OSError) and isinstance(error.filename, str) and error.strerror:
            reason = f"{error.filename}: {error.strerror}"
        _log.warning("The token store failed (%s); going on without it.", escaped(reason))
