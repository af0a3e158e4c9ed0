"""One thread logs in, and any number of others wait for it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from patchworks_core_client import APITimeoutError, AuthenticationError, MemoryTokenStore
from patchworks_core_client._clock import Deadline
from patchworks_core_client._http.request import Prepared
from patchworks_core_client._http.response import RawResponse

from .support import ACCOUNT, FOREVER, Host, PlainLogin, tokens


def login(host: Host) -> PlainLogin:
    return PlainLogin(tokens(), host.send)


def in_threads(count: int, call: Callable[[], Any]) -> list[Any]:
    """What `call` gives, or raises, in so many threads at once."""
    results: list[Any] = []
    gate = threading.Barrier(count)

    def run() -> None:
        gate.wait()
        try:
            results.append(call())
        except BaseException as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10.0)
    assert len(results) == count, "none hangs"
    return results


def wait_for_waiters(one: PlainLogin, count: int) -> None:
    """Wait until so many threads wait for the login under way."""
    deadline = time.monotonic() + 5.0
    while time.monotonic() < deadline:
        attempt: Any = one._attempt
        if len(attempt.done._cond._waiters) >= count:
            return
        time.sleep(0.001)


def test_fifty_threads_make_one_login() -> None:
    host = Host()
    host.delay = 0.02
    one = login(host)
    assert Counter(in_threads(50, lambda: one.authorization(FOREVER))) == {"Bearer token-1": 50}
    assert len(host.logins) == 1


def test_fifty_threads_whose_token_was_refused_make_one_login() -> None:
    host = Host()
    host.delay = 0.02
    one = login(host)
    old = one.authorization(FOREVER)

    def call() -> str:
        assert one.refused(old, FOREVER)
        return one.authorization(FOREVER)

    assert Counter(in_threads(50, call)) == {"Bearer token-2": 50}
    assert len(host.logins) == 2


def test_threads_share_the_failure_of_one_login() -> None:
    host = Host()
    one = login(host)

    def answer(_: int) -> tuple[int, object]:
        wait_for_waiters(one, 19)
        return 401, {"message": "no"}

    host.answer = answer
    errors = in_threads(20, lambda: one.authorization(FOREVER))
    assert Counter(type(error) for error in errors) == {AuthenticationError: 20}
    assert len({id(error) for error in errors}) == 20
    assert len(host.logins) == 1


def test_a_thread_that_comes_just_after_a_login_does_not_log_in_again() -> None:
    """It saw no token, and got the lock after the one that logged in had given it back."""
    host = Host()
    one = login(host)
    state, usable = one.tokens, one.tokens.usable
    looks = []

    def look(now: float) -> Any:
        looks.append(now)
        if len(looks) == 1:
            token = usable(now)
            one.authorization(FOREVER)
            return token
        return usable(now)

    state.usable = look  # type: ignore[method-assign]
    assert one.authorization(FOREVER) == "Bearer token-1"
    assert len(host.logins) == 1


def test_a_thread_whose_time_is_over_leaves_the_login_to_the_others() -> None:
    """Its own short deadline says nothing of the login."""
    host = Host()
    begun = threading.Event()

    def send(prepared: Prepared, deadline: Deadline) -> RawResponse:
        if not begun.is_set():
            begun.set()
            time.sleep(0.05)
            raise APITimeoutError("POST /login: the call took longer than its timeout")
        return host.send(prepared, deadline)

    one = PlainLogin(tokens(), send)
    results: list[Any] = []
    follower = threading.Thread(target=lambda: results.append(one.authorization(Deadline(10.0))))

    def lead() -> None:
        with pytest.raises(APITimeoutError):
            one.authorization(Deadline(0.04))

    leader = threading.Thread(target=lead)
    leader.start()
    assert begun.wait(5.0)
    follower.start()
    leader.join(5.0)
    follower.join(5.0)
    assert results == ["Bearer token-1"]


def test_a_login_that_times_out_by_itself_fails_for_all() -> None:
    host = Host()

    one = login(host)

    def answer(_: int) -> tuple[int, object]:
        wait_for_waiters(one, 4)
        raise APITimeoutError("POST /login: no answer")

    host.answer = answer
    assert Counter(type(error) for error in in_threads(5, lambda: one.authorization(FOREVER))) == {APITimeoutError: 5}
    assert len(host.logins) == 1


def test_waiting_for_another_threads_login_ends_with_the_deadline() -> None:
    host, go_on = Host(), threading.Event()
    good = host.answer

    def answer(number: int) -> tuple[int, object]:
        go_on.wait(10.0)
        return good(number)

    host.answer = answer
    one = login(host)
    leader = threading.Thread(target=one.authorization, args=(FOREVER,))
    leader.start()
    while not host.logins:
        time.sleep(0.001)
    with pytest.raises(
        APITimeoutError, match=r"me@example\.com at login\.example took longer than the timeout"
    ) as caught:
        one.authorization(Deadline(0.02))
    assert caught.value.may_have_taken_effect is False
    go_on.set()
    leader.join(5.0)
    assert not leader.is_alive()


def test_waiting_for_the_login_of_another_process_ends_with_the_deadline() -> None:
    host, store = Host(), MemoryTokenStore()
    assert store.try_lock(ACCOUNT.key)
    one = PlainLogin(tokens(store=store), host.send)
    with pytest.raises(APITimeoutError):
        one.authorization(Deadline(0.12))
    assert host.logins == []


def test_an_interrupted_login_leaves_nothing_locked() -> None:
    host, store = Host(), MemoryTokenStore()

    def answer(number: int) -> tuple[int, object]:
        if number == 1:
            raise KeyboardInterrupt
        return 200, {"token": "second"}

    host.answer = answer
    one = PlainLogin(tokens(store=store), host.send)
    with pytest.raises(KeyboardInterrupt):
        one.authorization(FOREVER)
    assert one.authorization(FOREVER) == "Bearer second"
