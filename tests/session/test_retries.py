"""How often a call is sent, how long it waits in between, and what is raised in the end."""

from __future__ import annotations

import time
from email.utils import formatdate

import httpx
import pytest

from patchworks_core_client import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    RateLimitError,
    ServerError,
)
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import CLOSE, RESET, STALL, reply

VERBS = ("GET", "PUT", "DELETE", "POST")


@pytest.mark.untraced
@cases("verb", VERBS)
@cases(
    ("value", "wait"),
    [("2", 2.0), ("0", None), ("1.5", 1.5), ("-5", 0.5), ("soon", 0.5), ("", 0.5), (None, 0.5)],
)
def test_429_with_each_form_of_retry_after(
    open_driver: Open, server: FaultServer, clock: FakeClock, verb: str, value: str | None, wait: float | None
) -> None:
    server.requests.clear()
    clock.waits.clear()
    # No earlier 429 slows it down.
    driver = open_driver(server.url)
    headers = {} if value is None else {"Retry-After": value}
    server.script(reply(429, json={"message": "Too Many Attempts."}, headers=headers))
    assert driver.request(verb) == {"data": {"ok": True}}
    assert len(server.requests) == 2
    assert clock.waits == ([] if wait is None else [wait])


def test_429_with_a_date(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    date = formatdate(time.time() + 25, usegmt=True)
    server.script(reply(429, headers={"Retry-After": date}))
    driver.request("POST")
    assert len(clock.waits) == 1
    assert 0 < clock.waits[0] <= 25


def test_429_with_several(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    server.script(reply(429, headers=[("Retry-After", "3"), ("Retry-After", "4")]))
    driver.request("GET")
    assert clock.waits == [3.0]


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_above_a_minute_is_the_callers_business(
    driver: Driver, server: FaultServer, clock: FakeClock, status: int
) -> None:
    server.script(reply(status, headers={"Retry-After": "61"}))
    with pytest.raises(APIStatusError) as caught:
        driver.request("GET")
    assert clock.waits == []
    assert len(server.requests) == 1
    assert isinstance(caught.value, RateLimitError if status == 429 else ServerError)
    assert caught.value.retry_after == 61.0
    assert driver.request("GET") == {"data": {"ok": True}}, "nothing is held back for that long"


def test_a_429_that_says_how_long_is_waited_for_as_long_as_the_call_has_time(
    driver: Driver, server: FaultServer, clock: FakeClock
) -> None:
    server.default = reply(429, json={"message": "Too Many Attempts."}, headers={"Retry-After": "7"})
    with pytest.raises(RateLimitError, match="Too Many Attempts") as caught:
        driver.request("POST")
    assert caught.value.retry_after == 7.0
    assert len(server.requests) == 5
    assert clock.waits == [7.0, 7.0, 7.0, 7.0]


def test_without_a_deadline_pauses_add_up_to_five_minutes(
    driver: Driver, server: FaultServer, clock: FakeClock
) -> None:
    # No divisor of five minutes, which sums of floats may miss by a hair.
    server.default = reply(429, headers={"Retry-After": "55"})
    with pytest.raises(RateLimitError):
        driver.request("POST", timeout=None)
    assert clock.waits == [55.0] * 5
    assert len(server.requests) == 6


def test_without_retries_a_429_is_the_last_word(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    server.default = reply(429, headers={"Retry-After": "1"})
    with pytest.raises(RateLimitError):
        driver.run(driver.pw.with_options(max_retries=0).request("POST", "/x"))
    assert (len(server.requests), clock.waits) == (1, [])


def test_a_429_without_retry_after_has_none(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    server.default = reply(429)
    with pytest.raises(RateLimitError) as caught:
        driver.request("GET")
    assert caught.value.retry_after is None
    assert clock.waits == [0.5, 1.0]


def test_503_is_sent_again_by_post_only_with_retry_after(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    server.script(reply(503, headers={"Retry-After": "1"}))
    assert driver.request("POST") == {"data": {"ok": True}}
    server.script(reply(503))
    with pytest.raises(ServerError):
        driver.request("POST")
    server.script(reply(503, headers={"Retry-After": "soon"}))
    with pytest.raises(ServerError):
        driver.request("POST")
    assert clock.waits == [1.0]


@pytest.mark.untraced
@cases("verb", VERBS)
@cases("status", [408, 500, 502, 503, 504])
def test_transient_statuses(driver: Driver, server: FaultServer, clock: FakeClock, verb: str, status: int) -> None:
    server.requests.clear()
    server.script(reply(status))
    if verb == "POST":
        with pytest.raises(APIStatusError):
            driver.request(verb)
    else:
        assert driver.request(verb) == {"data": {"ok": True}}
    assert len(server.requests) == (1 if verb == "POST" else 2)


@pytest.mark.parametrize("max_retries", [0, 1, 5])
def test_max_retries(open_driver: Open, server: FaultServer, clock: FakeClock, max_retries: int) -> None:
    driver = open_driver(server.url, max_retries=max_retries)
    server.default = reply(500)
    with pytest.raises(ServerError):
        driver.request("GET")
    assert len(server.requests) == max_retries + 1
    assert clock.waits == [0.5, 1.0, 2.0, 4.0, 8.0][:max_retries]


def test_the_waits_have_jitter(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    clock.jitter = 0.25
    server.default = reply(500)
    with pytest.raises(ServerError):
        driver.request("GET")
    assert clock.waits == [0.125, 0.25]


def test_every_attempt_sends_the_same(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    server.script(reply(429), [RESET])
    with pytest.raises(APIConnectionError):
        driver.request("POST", params={"q": "ü"}, json={"name": "x"})
    first, second = server.requests
    assert (first.target, first.headers, first.body) == (second.target, second.headers, second.body)
    assert first.body == b'{"name":"x"}'


def test_what_an_earlier_attempt_may_have_done_is_not_forgotten(
    driver: Driver, server: FaultServer, clock: FakeClock
) -> None:
    # The first attempt got a 502, after which a PUT may have been carried out; the last one reached nobody.
    driver.request("GET", "/warm-up")
    server.script(reply(502, headers={"Connection": "close"}))
    server.stop_listening()
    with pytest.raises(APIConnectionError) as caught:
        driver.request("PUT")
    assert caught.value.may_have_taken_effect is True


@pytest.mark.parametrize("status", [429, 408])
def test_what_was_refused_has_had_no_effect(driver: Driver, server: FaultServer, clock: FakeClock, status: int) -> None:
    driver.request("GET", "/warm-up")
    server.script(reply(status, headers={"Connection": "close"}))
    server.stop_listening()
    with pytest.raises(APIConnectionError) as caught:
        driver.request("PUT")
    assert caught.value.may_have_taken_effect is False


def test_a_wait_that_does_not_fit_raises_the_status_at_once(
    driver: Driver, server: FaultServer, clock: FakeClock
) -> None:
    server.script(reply(429, headers={"Retry-After": "3"}))
    with pytest.raises(RateLimitError) as caught:
        driver.request("GET", timeout=2.0)
    assert caught.value.retry_after == 3.0
    assert clock.waits == []
    assert len(server.requests) == 1


def test_a_back_off_that_does_not_fit_raises_the_error_at_once(
    driver: Driver, server: FaultServer, clock: FakeClock
) -> None:
    server.default = reply(500)
    with pytest.raises(ServerError):
        driver.request("GET", timeout=1.2)
    assert clock.waits == [0.5], "the second wait, of 1 s, did not fit any more"
    server.default = [CLOSE]
    with pytest.raises(APIConnectionError):
        driver.request("GET", timeout=0.4)
    assert clock.waits == [0.5]


def test_attempts_and_waits_share_one_deadline(driver: Driver, server: FaultServer) -> None:
    # Imports and the connection are there before the little time begins.
    driver.request("GET")
    server.script(
        reply(503, headers={"Retry-After": "0.05"}), [0.05, *reply(503, headers={"Retry-After": "0"})], [STALL]
    )
    with pytest.raises(APITimeoutError) as caught:
        driver.request("POST", timeout=0.4)
    assert len(server.requests) == 4
    assert caught.value.may_have_taken_effect is True


def test_an_httpx_timeout_bounds_steps_and_not_the_whole(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    server.script(reply(503, headers={"Retry-After": "50"}), reply(503, headers={"Retry-After": "50"}))
    assert driver.request("GET", timeout=httpx.Timeout(1.0)) == {"data": {"ok": True}}
    assert clock.waits == [50.0, 50.0]


def test_no_timeout_at_all(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    server.script(reply(503, headers={"Retry-After": "50"}), [0.05, *reply(json=1)])
    assert driver.request("GET", timeout=None) == 1


def test_a_key_that_is_refused_is_not_sent_again(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    server.default = reply(401, json={"message": "Unauthenticated."})
    with pytest.raises(AuthenticationError, match="Unauthenticated"):
        driver.request("GET")
    assert len(server.requests) == 1
