"""When a token is due; that it shows itself to nobody, and survives being kept."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given, strategies as st

from patchworks_core_client import MemoryTokenStore, Token
from patchworks_core_client._auth.token_renewal import is_due
from patchworks_core_client._auth.tokens import LockingTokenStore, TokenStore
from tests.support.cases import cases


def test_the_header() -> None:
    assert Token("abc").authorization == "Bearer abc"


@cases("value", ["", " ", "a b", "a\n", "a\r\nb", "\x00", "ü", None, 5, b"x"])
def test_what_cannot_be_sent_is_no_token(value: Any) -> None:
    with pytest.raises(ValueError, match="a token must be text that can be sent in a header"):
        Token(value)


def test_when_it_is_due() -> None:
    assert not is_due(Token("x"), 1e11)
    assert not Token("x").is_expired(1e11)
    unknown = Token("x", 1000.0)
    assert [is_due(unknown, now) for now in (939.0, 940.0)] == [False, True]
    long = Token("x", 10_000.0, 0.0)
    assert [is_due(long, now) for now in (9_939.0, 9_940.0)] == [False, True]
    short = Token("x", 10.0, 0.0)
    assert [is_due(short, now) for now in (8.9, 9.0)] == [False, True]
    odd = Token("x", 10.0, 20.0)
    assert [is_due(odd, now) for now in (9.9, 10.0)] == [False, True]
    assert [short.is_expired(now) for now in (9.9, 10.0)] == [False, True]


def test_it_shows_no_value() -> None:
    assert repr(Token("secret")) == "<Token>"
    assert repr(Token("secret", 5.0)) == "<Token that expires at 5>"


sendable = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)
moments = st.none() | st.floats(-1e11, 1e11)


@given(sendable, moments, moments)
def test_it_survives_being_kept(value: str, expires_at: float | None, obtained_at: float | None) -> None:
    token = Token(value, expires_at, obtained_at)
    assert Token.from_json(token.to_json()) == token
    assert Token.from_json(token.to_json().encode()) == token
    assert pickle.loads(pickle.dumps(token)) == copy.deepcopy(token) == token


@cases(
    "text",
    [
        "",
        "null",
        "[]",
        '"x"',
        "{}",
        '{"value": 5}',
        '{"value": "x", "expires_at": "soon"}',
        '{"value": "x", "expires_at": true}',
        '{"value": "x", "expires_at": 1e999}',
        '{"value": "x", "expires_at": NaN}',
        '{"value": "x", "obtained_at": 1' + "0" * 400 + "}",
        '{"value": "x", "obtained_at": []}',
    ],
)
def test_what_is_no_kept_token(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json has texts of its own
        Token.from_json(text)


def test_the_store_in_memory() -> None:
    store = MemoryTokenStore()
    as_protocol: TokenStore = store
    assert isinstance(store, LockingTokenStore)
    assert as_protocol.load("me") is None
    store.save("me", Token("one"))
    store.save("you", Token("two"))
    store.save("me", Token("three"))
    assert store.load("me") == Token("three")
    assert repr(store) == "<MemoryTokenStore with 2 tokens>"
    assert store.try_lock("me")
    assert not store.try_lock("me")
    assert store.try_lock("you")
    store.unlock("me")
    store.unlock("me")
    assert store.try_lock("me")
