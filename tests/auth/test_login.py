"""The life of a token, alike for both logins: obtained, kept, renewed, refused."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from patchworks_core_client import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    MemoryTokenStore,
    RateLimitError,
    ResponseTooLargeError,
    ServerError,
    Token,
)
from tests.support.cases import cases

from .conftest import Clock
from .support import ACCOUNT, PASSWORD, URL, Host, MakeFace


def test_nothing_is_sent_before_the_token_is_needed_and_then_it_is_kept(make: MakeFace) -> None:
    host = Host(expires_in=86_400)
    face = make(host)
    assert host.logins == []
    assert [face.authorization() for _ in range(3)] == ["Bearer token-1"] * 3
    assert host.logins == [{"username": "me@example.com", "password": PASSWORD}]


def test_the_request_of_a_login(make: MakeFace) -> None:
    host = Host()
    headers = ((b"accept", b"application/json"),)
    make(host, ACCOUNT._replace(headers=headers)).authorization()
    request = host.requests[0]
    assert (request.method, request.url, request.path) == ("POST", URL, "/fabric/api/login")
    assert request.headers[:2] == (*headers, (b"content-type", b"application/json"))
    assert not request.has_authorization


def test_the_older_form_of_the_login(make: MakeFace) -> None:
    host = Host()
    make(host, ACCOUNT._replace(form="email")).authorization()
    assert host.logins == [{"email": "me@example.com", "password": PASSWORD}]


@cases(("lifetime", "margin"), [(86_400, 60.0), ("86400", 60.0), (300, 30.0), (5, 0.5), (5.0, 0.5), (0.01, 0.001)])
def test_a_token_is_renewed_a_little_before_it_expires(
    make: MakeFace, clock: Clock, lifetime: Any, margin: float
) -> None:
    host = Host(expires_in=lifetime)
    face = make(host)
    face.authorization()
    begun = clock.time
    clock.time = begun + float(lifetime) - margin * 1.1
    assert face.authorization() == "Bearer token-1"
    clock.time = begun + float(lifetime) - margin * 0.9
    assert face.authorization() == "Bearer token-2"
    clock.time += float(lifetime) * 2
    assert face.authorization() == "Bearer token-3"


@cases(
    "garbage",
    [None, "", "soon", 0, -5, "-5", True, [], {}, float("inf"), float("nan"), 1e300, 10**400, "1e9x", "1e999"],
)
def test_without_a_lifetime_a_token_is_kept_until_it_is_refused(make: MakeFace, clock: Clock, garbage: Any) -> None:
    host = Host(expires_in=garbage)
    face = make(host)
    face.authorization()
    clock.time += 10 * 365 * 86_400
    assert face.authorization() == "Bearer token-1"
    assert face.refused("Bearer token-1")
    assert face.authorization() == "Bearer token-2"


def test_a_lifetime_that_is_not_there_at_all(make: MakeFace, clock: Clock) -> None:
    host = Host()
    face = make(host)
    face.authorization()
    clock.time += 10 * 365 * 86_400
    face.authorization()
    assert len(host.logins) == 1


def test_a_refused_token_is_replaced_once(make: MakeFace) -> None:
    host = Host()
    face = make(host)
    old = face.authorization()
    assert face.refused(old)
    assert face.refused(old), "somebody has renewed it already"
    assert face.authorization() == "Bearer token-2"
    assert len(host.logins) == 2


def test_a_login_that_gives_the_refused_token_again_has_nothing_better(make: MakeFace) -> None:
    host = Host()
    host.answer = lambda _: (200, {"token": "same"})
    face = make(host)
    assert not face.refused(face.authorization())
    assert len(host.logins) == 2


def test_a_token_that_another_client_has_renewed_is_taken_from_the_store(make: MakeFace) -> None:
    host, store = Host(), MemoryTokenStore()
    one, two = make(host, store=store), make(host, store=store)
    assert one.authorization() == two.authorization() == "Bearer token-1"
    assert one.refused("Bearer token-1")
    assert two.refused("Bearer token-1")
    assert two.authorization() == "Bearer token-2"
    assert len(host.logins) == 2


def test_a_stored_token_that_is_due_is_not_taken(make: MakeFace, clock: Clock) -> None:
    host, store = Host(expires_in=1000), MemoryTokenStore()
    store.save(ACCOUNT.key, Token("old", clock.time + 10, clock.time - 990))
    assert make(host, store=store).authorization() == "Bearer token-1"
    stored = store.load(ACCOUNT.key)
    assert stored == Token("token-1", clock.time + 1000, clock.time)


def test_accounts_do_not_share_tokens(make: MakeFace) -> None:
    host, store = Host(), MemoryTokenStore()
    others = [
        ACCOUNT,
        ACCOUNT._replace(username="you@example.com"),
        ACCOUNT._replace(url="https://other.example/login"),
    ]
    assert len({make(host, account, store).authorization() for account in others}) == 3
    assert len({make(host, account, store).authorization() for account in others}) == 3
    assert len(host.logins) == 3


@cases("status", [302, 400, 401, 403, 404, 405, 419, 422])
def test_a_refused_login_names_user_and_host_and_what_was_said_but_not_the_password(
    make: MakeFace, status: int
) -> None:
    host = Host()
    errors = {"username": [f"not with {PASSWORD}"]}
    host.answer = lambda _: (status, {"message": f"These credentials ({PASSWORD}) do not match.", "errors": errors})
    face = make(host)
    with pytest.raises(AuthenticationError) as caught:
        face.authorization()
    error = caught.value
    text = str(error)
    assert "me@example.com at login.example" in text
    assert "These credentials (***) do not match." in text
    assert str(status) in text
    assert (error.status_code, error.errors) == (status, {"username": ["not with ***"]})
    assert PASSWORD not in text + error.message + repr(error)
    assert error.__cause__ is None
    assert error.__suppress_context__
    with pytest.raises(AuthenticationError):
        face.authorization()
    assert len(host.logins) == 2, "the next call tries again"


def test_a_refused_login_without_a_word(make: MakeFace) -> None:
    host = Host()
    host.answer = lambda _: (401, b"")
    with pytest.raises(AuthenticationError, match="refused with 401"):
        make(host).authorization()


@cases(
    "body",
    [
        b"",
        b"<html>Log in</html>",
        b"null",
        b"[]",
        b"\xff",
        {},
        {"token": None},
        {"token": ""},
        {"token": 5},
        {"token": "a\r\nX-Evil: 1"},
        {"token": "a b"},
        {"token": "\xfc"},
        {"token": ["x"]},
    ],
)
def test_a_login_without_a_token_that_can_be_sent(make: MakeFace, body: Any) -> None:
    host = Host()
    host.answer = lambda _: (200, body)
    with pytest.raises(AuthenticationError) as caught:
        make(host).authorization()
    assert "me@example.com at login.example" in str(caught.value)
    assert "without a token" in str(caught.value)
    assert "Evil" not in str(caught.value)


def test_what_a_login_without_a_token_says(make: MakeFace) -> None:
    host = Host()
    host.answer = lambda _: (200, {"message": f" Second  factor needed, {PASSWORD} "})
    with pytest.raises(AuthenticationError, match=r"without a token: Second factor needed, \*\*\*\. Check"):
        make(host).authorization()


@cases(("status", "kind"), [(408, APIStatusError), (429, RateLimitError), (500, ServerError), (503, ServerError)])
def test_a_login_that_fails_in_passing_is_no_refusal(make: MakeFace, status: int, kind: type[Exception]) -> None:
    host = Host()
    host.answer = lambda _: (status, {"message": "later"})
    with pytest.raises(kind) as caught:
        make(host).authorization()
    assert not isinstance(caught.value, AuthenticationError)


@pytest.mark.parametrize("kind", [APIConnectionError, APITimeoutError])
def test_a_login_that_gets_no_answer_says_that_the_call_had_no_effect(
    make: MakeFace, kind: type[APIConnectionError]
) -> None:
    host = Host()

    def answer(_: int) -> tuple[int, object]:
        raise kind("POST /login: broken", may_have_taken_effect=True)

    host.answer = answer
    with pytest.raises(kind) as caught:
        make(host).authorization()
    assert type(caught.value) is kind
    assert caught.value.may_have_taken_effect is False
    assert str(caught.value).startswith("The login of me@example.com at login.example failed: POST /login: broken")


def test_other_errors_of_a_login_surface_as_they_are(make: MakeFace) -> None:
    host = Host()

    def answer(_: int) -> tuple[int, object]:
        raise ResponseTooLargeError("large")

    host.answer = answer
    with pytest.raises(ResponseTooLargeError, match="large"):
        make(host).authorization()


def test_a_failing_renewal_does_not_stop_calls_while_the_old_token_lasts(
    make: MakeFace, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    host = Host(expires_in=1000)
    face = make(host)
    face.authorization()
    good = host.answer
    host.answer = lambda _: (503, {})
    clock.time += 960.0
    assert face.authorization() == "Bearer token-1"
    assert face.authorization() == "Bearer token-1"
    assert len(host.logins) == 2, "not for each call"
    assert [record.message for record in caplog.records if record.levelno == logging.WARNING] == [
        "Renewing the token failed; the old one is used as long as it lasts."
    ]
    clock.time += 21.0
    assert face.authorization() == "Bearer token-1"
    assert len(host.logins) == 3, "again after half of the time that was left"
    clock.time += 20.0
    with pytest.raises(ServerError):
        face.authorization()
    host.answer = good
    assert face.authorization() == "Bearer token-5"


def test_a_token_without_an_end_that_cannot_be_replaced(make: MakeFace) -> None:
    host = Host()
    face = make(host)
    old = face.authorization()
    host.answer = lambda _: (503, {})
    with pytest.raises(ServerError):
        face.refused(old)
    with pytest.raises(ServerError):
        face.authorization()


def test_no_secret_shows(make: MakeFace, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    host = Host(expires_in=5)
    face = make(host)
    face.authorization()
    shown = repr(face.login) + repr(ACCOUNT) + repr(vars(face.login)) + caplog.text + ACCOUNT.key
    assert PASSWORD not in shown
    assert "token-1" not in shown
    assert set(face.login.tokens.secrets) == {PASSWORD, "token-1"}
    assert "Logged in as me@example.com at login.example." in caplog.text


class Broken:
    """A store that fails at everything, or at some things."""

    def __init__(self, *methods: str) -> None:
        self.methods = methods
        self.kept: Any = None
        self.unlocked = 0

    def _fail(self, method: str) -> None:
        if method in self.methods:
            raise ConnectionError("redis://user:secret@cache")

    def load(self, key: str) -> Token | None:
        self._fail("load")
        kept: Token | None = self.kept
        return kept

    def save(self, key: str, token: Token) -> None:
        self._fail("save")
        self.kept = token

    def try_lock(self, key: str) -> bool:
        self._fail("try_lock")
        return True

    def unlock(self, key: str) -> None:
        self.unlocked += 1
        self._fail("unlock")


@cases("method", ["load", "save", "try_lock", "unlock"])
def test_a_store_that_fails_is_survived(make: MakeFace, method: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.clear()
    host, store = Host(), Broken(method)
    face = make(host, store=store)
    assert face.authorization() == "Bearer token-1"
    assert "The token store failed (ConnectionError); going on without it." in caplog.text
    assert "secret" not in caplog.text
    assert store.unlocked == (method != "try_lock"), "a lock that was not taken is not given back"


@cases("kept", ["text", 5, {"token": "x"}])
def test_a_store_that_gives_something_else(make: MakeFace, kept: Any) -> None:
    host, store = Host(), Broken()
    store.kept = kept
    assert make(host, store=store).authorization() == "Bearer token-1"


class Plain:
    """A store of the user's own, without locks."""

    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}

    def load(self, key: str) -> Token | None:
        return Token.from_json(self.tokens[key]) if key in self.tokens else None

    def save(self, key: str, token: Token) -> None:
        self.tokens[key] = token.to_json()


def test_a_store_without_locks(make: MakeFace) -> None:
    host, store = Host(), Plain()
    assert make(host, store=store).authorization() == make(host, store=store).authorization() == "Bearer token-1"
    assert len(host.logins) == 1


def test_the_token_of_a_login_elsewhere_is_waited_for(make: MakeFace, clock: Clock) -> None:
    host, store = Host(), MemoryTokenStore()
    assert store.try_lock(ACCOUNT.key)
    face = make(host, store=store)
    load, waits = store.load, clock.waits

    def load_later(key: str) -> Token | None:
        if len(waits) == 3:
            store.save(key, Token("theirs"))
        return load(key)

    store.load = load_later  # type: ignore[method-assign]
    assert face.authorization() == "Bearer theirs"
    assert host.logins == []
    assert waits == [0.05] * 3
    assert not store.try_lock(ACCOUNT.key), "their lock is not ours to give back"


def test_the_token_that_a_login_elsewhere_left_just_before_its_lock_was_free(make: MakeFace) -> None:
    host, store = Host(), MemoryTokenStore()
    take = store.try_lock

    def try_lock(key: str) -> bool:
        store.save(key, Token("theirs"))
        return take(key)

    store.try_lock = try_lock  # type: ignore[method-assign]
    assert make(host, store=store).authorization() == "Bearer theirs"
    assert host.logins == []
    assert store.load(ACCOUNT.key) == Token("theirs")
    assert take(ACCOUNT.key), "and the lock is free again"


def test_a_login_elsewhere_that_takes_too_long_is_not_waited_for_any_longer(
    make: MakeFace, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    host, store = Host(), MemoryTokenStore()
    assert store.try_lock(ACCOUNT.key)
    assert make(host, store=store).authorization() == "Bearer token-1"
    assert 60.0 <= sum(clock.waits) < 61.0
    assert "takes too long" in caplog.text
    assert not store.try_lock(ACCOUNT.key), "their lock is not ours to give back"
