"""One task logs in, whoever waits for it, is cancelled, or closes the client."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from typing import Any

import pytest

from patchworks_core_client import AuthenticationError, ClientStateError, MemoryTokenStore, Token, _clock

from .support import ACCOUNT, Host, PlainAsyncLogin, tokens


def login(host: Host, store: Any = None) -> PlainAsyncLogin:
    return PlainAsyncLogin(tokens(store=store), host.asend)


def others() -> set[asyncio.Task[Any]]:
    current = asyncio.current_task()
    return {task for task in asyncio.all_tasks() if task is not current}


async def test_fifty_callers_make_one_login() -> None:
    host = Host()
    host.delay = 0.01
    one = login(host)
    assert set(await asyncio.gather(*(one.authorization() for _ in range(50)))) == {"Bearer token-1"}
    assert len(host.logins) == 1
    assert others() == set()


async def test_fifty_callers_whose_token_was_refused_make_one_login() -> None:
    host = Host()
    host.delay = 0.01
    one = login(host)
    old = await one.authorization()

    async def call() -> str:
        assert await one.refused(old)
        return await one.authorization()

    assert set(await asyncio.gather(*(call() for _ in range(50)))) == {"Bearer token-2"}
    assert len(host.logins) == 2


async def test_who_asks_while_a_refused_token_is_replaced_waits_for_the_new_one() -> None:
    host = Host()
    host.delay = 0.01
    one = login(host)
    old = await one.authorization()
    refused = asyncio.create_task(one.refused(old))
    await asyncio.sleep(0)
    assert await one.authorization() == "Bearer token-2"
    assert await refused


async def test_fifty_callers_share_the_failure_of_one_login() -> None:
    host = Host()
    host.delay = 0.01
    host.answer = lambda _: (401, {"message": "no"})
    one = login(host)
    errors = await asyncio.gather(*(one.authorization() for _ in range(50)), return_exceptions=True)
    assert all(isinstance(error, AuthenticationError) for error in errors)
    assert len({id(error) for error in errors}) == 50, "each its own, with its own traceback"
    assert {str(error) for error in errors} == {"The login of me@example.com at login.example was refused with 401: no"}
    assert len(host.logins) == 1


async def test_fifty_callers_go_on_with_the_old_token_after_one_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    host = Host(expires_in=100)
    host.delay = 0.01
    one = login(host)
    await one.authorization()
    later = time.time() + 95.0
    monkeypatch.setattr(_clock, "wall", lambda: later)
    host.answer = lambda _: (503, {})
    assert set(await asyncio.gather(*(one.authorization() for _ in range(50)))) == {"Bearer token-1"}
    assert len(host.logins) == 2
    assert len([record for record in caplog.records if "Renewing" in record.message]) == 1


async def test_a_cancelled_caller_does_not_cancel_the_login_that_others_wait_for() -> None:
    host = Host()
    host.delay = 0.02
    one = login(host)
    callers = [asyncio.create_task(one.authorization()) for _ in range(5)]
    await asyncio.sleep(0.005)
    for caller in callers[:4]:
        caller.cancel()
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(result) for result in results] == [asyncio.CancelledError] * 4 + [str]
    assert len(host.logins) == 1


async def test_a_login_whose_callers_have_all_been_cancelled_is_there_for_the_next_one() -> None:
    host = Host()
    host.delay = 0.01
    one = login(host)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.002):
            await one.authorization()
    assert len(others()) == 1
    assert await one.authorization() == "Bearer token-1"
    assert len(host.logins) == 1


async def test_a_failure_that_nobody_waits_for_is_not_complained_about() -> None:
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    host = Host()
    host.delay = 0.005
    host.answer = lambda _: (500, {})
    one = login(host)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await one.authorization()
    await asyncio.sleep(0.02)
    assert others() == set()
    gc.collect()
    assert complaints == []


async def test_closing_breaks_off_the_login_and_tells_who_waits() -> None:
    host = Host()
    host.delay = 30.0
    store = MemoryTokenStore()
    one = login(host, store)
    callers = [asyncio.create_task(one.authorization()) for _ in range(3)]
    await asyncio.sleep(0.005)
    await one.aclose()
    assert store.try_lock(ACCOUNT.key), "its lock is free again"
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(result) for result in results] == [ClientStateError] * 3
    assert others() == set()
    with pytest.raises(ClientStateError):
        await one.authorization()
    await one.aclose()


async def test_closing_before_the_login_has_begun() -> None:
    host = Host()
    one = login(host)
    caller = asyncio.create_task(one.authorization())
    await asyncio.sleep(0)
    await one.aclose()
    with pytest.raises(ClientStateError):
        await caller
    assert host.logins == []


class SlowStore(MemoryTokenStore):
    """Is no MemoryTokenStore to the login, and says in which thread it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[int] = set()
        self.delay = 0.0

    def load(self, key: str) -> Token | None:
        self.threads.add(threading.get_ident())
        return super().load(key)

    def try_lock(self, key: str) -> bool:
        time.sleep(self.delay)
        return super().try_lock(key)


class Wrapped:
    def __init__(self, store: SlowStore) -> None:
        self.load, self.save, self.try_lock, self.unlock = store.load, store.save, store.try_lock, store.unlock


async def test_a_store_that_may_block_is_asked_in_another_thread() -> None:
    store = SlowStore()
    one = login(Host(), Wrapped(store))
    assert await one.authorization() == "Bearer token-1"
    assert threading.get_ident() not in store.threads
    assert store.load(ACCOUNT.key) is not None


async def test_a_lock_that_is_taken_while_the_client_closes_is_given_back() -> None:
    store = SlowStore()
    store.delay = 0.03
    one = login(Host(), Wrapped(store))
    caller = asyncio.create_task(one.authorization())
    await asyncio.sleep(0.015)
    await one.aclose()
    with pytest.raises(ClientStateError):
        await caller
    store.delay = 0.0
    assert store.try_lock(ACCOUNT.key)
