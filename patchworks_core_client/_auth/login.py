"""The login as a flow: the order of its steps, and what a token store that fails means for them."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit

from .. import _clock
from .._errors import PatchworksError
from .._http import json_content
from .._http.generator_flow import Wait
from .._http.masking import escaped, shown
from .._http.request import Prepared, with_body_headers
from .._http.secret import Secret
from .login_response import login_error, read_token
from .token_renewal import is_due
from .tokens import LockingTokenStore, Token, TokenStore

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .._http.response import RawResponse
    from .account import Account
    from .token_renewal import TokenRenewal

# While another client or process logs in, its token is looked for so often, and waited for so long: after that, this
# one logs in by itself.
LOCK_POLL_S = 0.05
MAX_LOCK_WAIT_S = 60.0

_log = logging.getLogger("patchworks_core_client.login")


class AskStore(NamedTuple):
    """Step: call a method of the token store, which may block; gives what it returns."""

    call: Callable[[], Any]


class SendLogin(NamedTuple):
    """Step: send the login, retries included; gives the response, a success."""

    request: Prepared


R = TypeVar("R")

Step: TypeAlias = AskStore | SendLogin | Wait


def login(tokens: TokenRenewal) -> Generator[Step, Any, Token]:
    """The steps to a token that is used from then on: one that the store has, or a new one.

    The caller does each step that this gives, and sends back what came of it. Only one client or process at a time logs
    in, where the store can tell; the others wait for its token.
    """
    account = tokens.account
    kept = _Store(tokens.store, account.key, tokens.refused)
    token = yield from kept.token()
    waited = 0.0
    try:
        while token is None and not (yield from kept.lock()):
            # The other one may be about to renew it, or may have been killed: until it expires, the old one will do.
            token = yield from kept.token(due=True)
            if token is not None:
                break
            if waited >= MAX_LOCK_WAIT_S:
                _log.warning("Another login of %s takes too long; logging in besides it.", account.who)
                break
            yield Wait(LOCK_POLL_S)
            waited += LOCK_POLL_S
        if token is None:
            # Whoever had the lock until now may have left its token.
            token = yield from kept.token()
        if token is None:
            try:
                response = yield SendLogin(_request(account))
            except PatchworksError as error:
                raise login_error(error, account) from None
            token = read_token(response, account)
            _log.info("Logged in as %s.", account.who, extra=_fields(response, account, token))
            yield from kept.save(token)
    finally:
        # No step of its own, since it has to be done also when the login is broken off. It does not wait.
        kept.unlock()
    tokens.use(token)
    return token


def _request(account: Account) -> Prepared:
    content = json_content.encode({account.form: account.username, "password": account.password.reveal()})
    path = urlsplit(account.url).path or "/"
    return Prepared("POST", account.url, with_body_headers("POST", account.headers, content), content, path, path)


def _fields(response: RawResponse, account: Account, token: Token) -> dict[str, Any]:
    """What the record of a login says, as its `extra`; in the words of those of calls."""
    identity = response.request_id
    return {
        "method": "POST",
        "path_template": urlsplit(account.url).path,
        "status": response.status,
        "attempt": None,
        "wait": None,
        "request_id": None if identity is None else shown(identity, (account.password.reveal(), token.value)),
    }


class _Store:
    """The token store during one login. Where it fails, that is said once, and the login goes on without it."""

    def __init__(self, store: TokenStore, key: str, refused: Secret[str] | None) -> None:
        self._store = store
        self._refused = refused
        self._locks = store if isinstance(store, LockingTokenStore) else None
        self._key = key
        self._locked = False
        self._has_failed = False

    def token(self, *, due: bool = False) -> Generator[Step, Any, Token | None]:
        """The token that the store has, if it is of use, or, with `due`, still of use."""
        token: object = yield from self._ask(partial(self._store.load, self._key), None)
        if not isinstance(token, Token) or Secret(token.authorization) == self._refused:
            return None
        now = _clock.wall()
        return None if token.is_expired(now) or (is_due(token, now) and not due) else token

    def save(self, token: Token) -> Generator[Step, Any, None]:
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
