"""Clients with one store of tokens: they share logins, each account for itself, and wait for one that is under way."""

from __future__ import annotations

import pytest

from patchworks_core_client import MemoryTokenStore, Token

from .conftest import Clock
from .support import ACCOUNT, Host, MakeFace


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
