"""A login that is refused, that gives no token, or that fails: which error, what it says, and no password in it."""

from __future__ import annotations

from typing import Any

import pytest

from patchworks_core_client import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    RateLimitError,
    ResponseTooLargeError,
    ServerError,
)
from tests.support.cases import cases

from .support import PASSWORD, Host, MakeFace


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
