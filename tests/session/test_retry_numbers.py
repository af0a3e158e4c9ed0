"""The retry decision as numbers: no client, no clock, no server."""

from __future__ import annotations

import math
from email.utils import formatdate

import pytest
from hypothesis import given, strategies as st

from patchworks_core_client._session.retry import (
    back_off,
    may_have_acted,
    retry_after,
    retry_failure,
    retry_status,
)
from tests.support.cases import cases

NOW = 1_750_000_000.0


@cases(("attempt", "most"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0), (9999, 8.0)])
def test_back_off_doubles_up_to_8_s(attempt: int, most: float) -> None:
    assert back_off(attempt, 1.0) == most


@given(attempt=st.integers(1, 10_000), jitter=st.floats(0, 1, exclude_max=True))
def test_back_off_has_full_jitter(attempt: int, jitter: float) -> None:
    assert back_off(attempt, jitter) == pytest.approx(back_off(attempt, 1.0) * jitter)


@cases(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("3", 3.0),
        (" 3 ", 3.0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("120", 120.0),
        (formatdate(NOW + 7, usegmt=True), 7.0),
        (formatdate(NOW - 7, usegmt=True), 0.0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 0.0),
        ("Sun Nov  6 08:49:37 1994", 0.0),
        ("-3", None),
        ("nan", None),
        ("inf", None),
        ("1e3", None),
        ("٣", None),
        ("soon", None),
        ("", None),
        ("Sun, 99 Foo 9999999 99:99:99 GMT", None),
        ("Fri, 31 Dec 99999 00:00:00 GMT", None),
    ],
)
def test_the_forms_of_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after([value], NOW) == seconds


def test_of_several_the_first_that_says_something_counts() -> None:
    assert retry_after(["soon", "4", "5"], NOW) == 4.0
    assert retry_after([], NOW) is None
    assert retry_after(["9" * 400], NOW) == math.inf


@given(st.text())
def test_no_retry_after_is_too_odd(value: str) -> None:
    seconds = retry_after([value], NOW)
    assert seconds is None or seconds >= 0


READING, WRITING = ("GET", "PUT", "DELETE"), ("POST", "PATCH")


@cases("method", READING + WRITING)
def test_statuses_that_are_sent_again(method: str) -> None:
    repeatable = method in READING
    for status in (408, 500, 502, 503, 504):
        assert retry_status(method, status, None, 1, 2, 1.0) == (0.5 if repeatable else None), status
    assert retry_status(method, 429, None, 1, 2, 1.0) == 0.5
    assert retry_status(method, 429, 7.0, 1, 2, 1.0) == 7.0
    assert retry_status(method, 503, 7.0, 1, 2, 1.0) == 7.0
    for status in (301, 304, 400, 401, 403, 404, 409, 413, 419, 422, 425, 501, 505, 520, 999):
        assert retry_status(method, status, 1.0, 1, 2, 1.0) is None, status


def test_a_wait_above_a_minute_is_not_waited() -> None:
    assert retry_status("GET", 429, 60.0, 1, 2, 1.0) == 60.0
    assert retry_status("GET", 429, 60.1, 1, 2, 1.0) is None
    assert retry_status("GET", 500, 60.1, 1, 2, 1.0) is None


def test_zero_is_no_missing_value() -> None:
    assert retry_status("POST", 429, 0.0, 1, 2, 1.0) == 0.0
    assert retry_status("POST", 503, 0.0, 1, 2, 1.0) == 0.0


def test_there_are_so_many_attempts_and_no_more() -> None:
    assert retry_status("GET", 429, 0.0, 2, 2, 1.0) == 0.0
    assert retry_status("GET", 429, 0.0, 3, 2, 1.0) is None
    assert retry_status("GET", 429, 0.0, 1, 0, 1.0) is None
    assert retry_failure("GET", "broken", 3, 2, 1.0) is None


@cases("method", READING + WRITING)
def test_what_was_not_sent_is_sent_again(method: str) -> None:
    assert retry_failure(method, "not sent", 1, 2, 1.0) == 0.5
    assert retry_failure(method, "broken", 1, 2, 1.0) == (0.5 if method in READING else None)
    assert retry_failure(method, "final", 1, 2, 1.0) is None


def test_statuses_after_which_something_may_have_happened() -> None:
    assert [status for status in (400, 408, 429, 500, 502, 503, 504) if may_have_acted(status)] == [500, 502, 503, 504]
