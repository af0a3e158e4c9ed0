"""The life of a token, alike for both logins: obtained, kept, renewed, refused, and shown to nobody."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from patchworks_core_client import ServerError
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
