"""Several clients that share a login, a pause and a budget through a real Redis."""

from __future__ import annotations

import asyncio
import logging
import math
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
import redis

from patchworks_core_client import AsyncPatchworks, Patchworks, RateLimitError, RedisFleet, Token
from patchworks_core_client._limits import redis_connection
from patchworks_core_client._limits.budget import ClientBudget
from patchworks_core_client._limits.fleet_token_store import FleetTokenStore
from patchworks_core_client._limits.rate import Rate
from patchworks_core_client.sandbox import create_app, serve
from tests.support.clock import FakeClock
from tests.support.driver import KINDS, Driver, Kind
from tests.support.fault_server import FaultServer

from .conftest import RedisServer


def fleet(server: RedisServer, **options: Any) -> RedisFleet:
    # This machine may be slow.
    return RedisFleet(server.url, **{"company": "acme", "timeout": 5, **options})


def take(budget: ClientBudget, longest: float = math.inf) -> float:
    """Ask for a request, and return the seconds until it may go out."""
    asked = budget.ask(longest, time.monotonic(), lambda: None)
    if asked is not None:
        wait([asked], budget.patience_s)
    return budget.answer(budget.hear(asked), longest, time.monotonic()).wait


def kept(server: RedisServer, field: str) -> float:
    """What Redis keeps in a field of the fleet's state, once that is there."""
    with server.client() as client:
        while (value := client.hget("patchworks:{acme}:limits", field)) is None:
            time.sleep(0.01)
    return float(value)


def store(server: RedisServer) -> FleetTokenStore:
    return fleet(server).token_store


def test_no_key_is_left_for_ever_and_the_account_is_in_none(redis_server: RedisServer) -> None:
    both = fleet(redis_server, name="ours")
    take(both.budget(Rate(4, 1.0)))
    both.budget(None).pause(1.0)
    assert both.token_store.try_lock("me@example.com https://login")
    both.token_store.save("me@example.com https://login", Token("secret-token", None, None))
    with redis_server.client() as client:
        keys = [key.decode() for key in client.scan_iter()]
        assert len(keys) == 4
        assert all(key.startswith("ours:{acme}:") and "example" not in key for key in keys)
        assert all(client.pttl(key) > 0 for key in keys)


def test_a_token_is_given_to_its_own_account_only(redis_server: RedisServer) -> None:
    store(redis_server).save("me https://login", Token("mine", time.time() + 60))
    assert store(redis_server).load("me https://login") == Token("mine", pytest.approx(time.time() + 60, abs=9))
    assert store(redis_server).load("you https://login") is None
    assert store(redis_server).load("me https://elsewhere") is None
    assert RedisFleet(redis_server.url, company="other").token_store.load("me https://login") is None


def test_whoever_lost_the_lock_replaces_no_later_token(redis_server: RedisServer) -> None:
    slow, quick = store(redis_server), store(redis_server)
    assert slow.try_lock("a")
    assert not slow.try_lock("a")
    assert not quick.try_lock("a")
    with redis_server.client() as client:
        # Its time is over, as after `kill -9`.
        client.delete(next(iter(client.scan_iter("*:lock"))))
    assert quick.try_lock("a")
    quick.save("a", Token("later"))
    slow.save("a", Token("earlier"))
    slow.unlock("a")
    assert not store(redis_server).try_lock("a"), "the lock of another is not given back"
    quick.unlock("a")
    assert store(redis_server).load("a") == Token("later")
    assert store(redis_server).try_lock("a")


@pytest.mark.parametrize("kind", KINDS)
def test_while_another_renews_a_token_the_old_one_is_used(redis_server: RedisServer, kind: Kind) -> None:
    with FaultServer() as server:
        account = f"me {server.url}/login"
        # Renewed a minute before it expires.
        store(redis_server).save(account, Token("old", time.time() + 30))
        assert store(redis_server).try_lock(account)
        driver = Driver(
            kind,
            server.url,
            username="me",
            password="secret",
            login_url=f"{server.url}/login",
            fleet=fleet(redis_server),
        )
        for _ in range(2):
            driver.request("GET")
        driver.close()
    assert [request.header("authorization") for request in server.requests] == ["Bearer old"] * 2


def test_without_a_lock_only_the_token_that_was_seen_is_replaced(redis_server: RedisServer) -> None:
    first, second = store(redis_server), store(redis_server)
    first.save("a", Token("one"))
    assert first.load("a") == second.load("a") == Token("one")
    first.save("a", Token("two"))
    second.save("a", Token("three"))
    assert second.load("a") == Token("two")


def test_what_is_no_token_is_none(redis_server: RedisServer) -> None:
    store(redis_server).save("a", Token("one"))
    with redis_server.client() as client:
        client.hset(next(iter(client.scan_iter("*:token:*"))), "token", "{}")
    assert store(redis_server).load("a") is None


def test_without_redis_a_fleet_without_a_budget_holds_nothing_back(redis_server: RedisServer) -> None:
    redis_server.stop()
    assert take(fleet(redis_server).budget(None)) == 0.0


def test_a_pause_holds_every_client(redis_server: RedisServer) -> None:
    app = create_app(seed=1)
    with serve(app) as server:
        fleet(redis_server).budget(None).pause(30.0)
        assert kept(redis_server, "pause") > time.time()
        options: dict[str, Any] = {"base_url": server.url, "api_key": app.state.sandbox.api_key}
        with Patchworks(**options, fleet=fleet(redis_server), timeout=5) as pw:
            with pytest.raises(RateLimitError, match=r"another process of the fleet met a 429: .* for [123]"):
                pw.virtual_environments.get(1)
            assert pw.limits.pause == pytest.approx(30, abs=20)
            assert pw.limits.remaining is None
        assert not list(app.state.sandbox.requests)


def test_while_the_interpreter_exits_redis_is_left_alone(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("cannot schedule new futures after interpreter shutdown")

    shared = fleet(redis_server)
    assert shared.token_store.try_lock("a")
    monkeypatch.setattr(ThreadPoolExecutor, "submit", refuse)
    shared.token_store.unlock("a")
    assert take(shared.budget(None)) == 0.0


def test_a_refusal_of_one_client_is_a_pause_for_all(redis_server: RedisServer) -> None:
    app = create_app(seed=1)
    app.state.sandbox.faults.add("next 1 429")
    with serve(app) as server:
        options: dict[str, Any] = {"base_url": server.url, "api_key": app.state.sandbox.api_key}
        with Patchworks(**options, fleet=fleet(redis_server)) as pw:
            pw.virtual_environments.get(1)
    assert kept(redis_server, "pause") > 0


def test_what_the_server_says_is_left_corrects_the_budget(redis_server: RedisServer) -> None:
    budget = fleet(redis_server).budget(Rate(240, 60.0))
    assert take(budget) == 0
    budget.observe(0, time.monotonic())
    other = fleet(redis_server).budget(Rate(240, 60.0))
    assert take(budget, 10.0) == pytest.approx(60, abs=1)
    assert take(other, 10.0) == pytest.approx(60, abs=2)


def test_a_slot_that_was_given_is_asked_with_again(redis_server: RedisServer) -> None:
    budget = fleet(redis_server).budget(Rate(20, 1.0))
    assert take(budget) == 0
    seconds = take(budget)
    assert 0 < seconds < 0.06
    time.sleep(seconds)
    assert take(budget) == 0


class SlowConnection(redis.Connection):
    """A connection on which nothing is sent while the way is not free, and which gives up after `patience`."""

    free = threading.Event()
    patience = 10.0
    given_up = 0

    def send_packed_command(self, *args: Any, **options: Any) -> Any:
        if not self.free.wait(self.patience):
            SlowConnection.given_up += 1
            raise redis.TimeoutError
        return super().send_packed_command(*args, **options)


@pytest.fixture
def slow(redis_server: RedisServer) -> Iterator[Any]:
    SlowConnection.free.set()
    pool = redis.ConnectionPool(connection_class=SlowConnection, port=redis_server.port)
    yield redis.Redis(connection_pool=pool)
    SlowConnection.free.set()
    pool.disconnect()


@pytest.mark.parametrize("kind", KINDS)
def test_slow_redis_is_waited_for_once_and_taken_up_again(
    slow: Any, kind: Kind, caplog: pytest.LogCaptureFixture, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, logger="patchworks_core_client.fleet")
    monkeypatch.setattr(SlowConnection, "patience", 0.05)
    # Longer than a busy machine takes for a call.
    monkeypatch.setattr(redis_connection, "RETRY_S", 60.0)
    with FaultServer() as server:
        driver = Driver(kind, server.url, rate="1000/s", fleet=RedisFleet(slow, company="acme", timeout=10))
        driver.request("GET")
        assert driver.pw.limits.fleet is True
        SlowConnection.free.clear()
        driver.request("GET")
        assert driver.pw.limits.fleet is False
        given_up = SlowConnection.given_up
        driver.request("GET")
        assert SlowConnection.given_up == given_up
        # It is tried again then, and that it is still not there is not said again.
        clock.skipped += 60.0
        driver.request("GET")
        assert SlowConnection.given_up > given_up
        SlowConnection.free.set()
        clock.skipped += 60.0
        driver.request("GET")
        assert driver.pw.limits.fleet is True
        driver.close()
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


@pytest.mark.untraced
@pytest.mark.parametrize("kind", KINDS)
def test_slow_redis_leaves_a_call_time_for_itself(slow: Any, kind: Kind) -> None:
    with FaultServer() as server:
        driver = Driver(kind, server.url, rate="1000/s", fleet=RedisFleet(slow, company="acme", timeout=10))
        # Imports and the connection are there before the little time begins.
        driver.request("GET")
        SlowConnection.free.clear()
        assert driver.request("GET", timeout=0.6) == {"data": {"ok": True}}
        assert driver.pw.limits.fleet is False
        driver.close()


async def test_a_call_that_is_cancelled_while_it_asks_redis_leaves_nothing_behind(slow: Any) -> None:
    with FaultServer() as server:
        async with AsyncPatchworks(
            base_url=server.url, api_key="k", rate="1000/s", fleet=RedisFleet(slow, company="acme", timeout=5)
        ) as pw:
            await pw.request("GET", "/a")
            SlowConnection.free.clear()
            calls = [asyncio.create_task(pw.request("GET", "/b")) for _ in range(20)]
            await asyncio.sleep(0.01)
            for call in calls:
                call.cancel()
            await asyncio.wait(calls)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            assert pw.limits[4:] == (0, 0, True)
            SlowConnection.free.set()
            await pw.request("GET", "/c")
    assert [request.path for request in server.requests] == ["/a", "/c"]


async def test_redis_is_asked_in_no_thread_of_the_event_loop(slow: Any) -> None:
    with FaultServer() as server:
        async with AsyncPatchworks(
            base_url=server.url, api_key="k", rate="1000/s", fleet=RedisFleet(slow, company="acme")
        ) as pw:
            before = set(threading.enumerate())
            await pw.request("GET", "/a")
            new = {thread.name.partition("_")[0] for thread in set(threading.enumerate()) - before}
    assert new == {"patchworks-fleet"}


@pytest.mark.parametrize(
    "options",
    [("--requirepass", "secret"), ("--maxmemory", "1"), ("--replicaof", "127.0.0.1 1")],
    ids=["password", "full", "read-only"],
)
def test_redis_that_refuses_fails_no_call(
    redis_server: RedisServer, options: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    redis_server.stop()
    redis_server.start(*options)
    app = create_app(seed=1)
    with (
        serve(app) as server,
        Patchworks(
            base_url=server.url,
            login_url=f"{server.url}/fabric/api/login",
            username="admin@sandbox.test",
            password="sandbox-password",
            rate="100/s",
            fleet=RedisFleet(redis_server.url.replace("//", "//:guess-me@"), company="acme")
            if "secret" in options
            else fleet(redis_server),
        ) as pw,
    ):
        for _ in range(3):
            assert pw.virtual_environments.get(1).id == 1
        assert pw.limits.fleet is False
    warnings = [record for record in caplog.records if record.name == "patchworks_core_client.fleet"]
    assert [record.levelname for record in warnings] == ["WARNING"]
    assert "guess-me" not in caplog.text


def test_a_fleet_shows_no_address_and_checks_its_arguments(redis_server: RedisServer) -> None:
    url = redis_server.url.replace("//", "//:guess-me@")
    one = RedisFleet(url, company="acme")
    assert repr(one) == "<RedisFleet patchworks:{acme}>"
    assert "guess-me" not in repr((one, one.token_store))
    own: Any = redis_server.client()
    assert RedisFleet(own, company="acme").token_store.load("a") is None
    own.close()
    for given, options, error in (
        (url, {"company": ""}, ValueError),
        (url, {"company": "a{b"}, ValueError),
        (url, {"company": 7}, TypeError),
        (url, {"company": "acme", "timeout": 0}, ValueError),
        (url, {"company": "acme", "timeout": "1"}, TypeError),
        (url, {"company": "acme", "workers": 0}, ValueError),
        ("http://:guess-me@host", {"company": "acme"}, ValueError),
        (redis.asyncio.Redis(), {"company": "acme"}, TypeError),
    ):
        arguments: dict[str, Any] = options
        with pytest.raises(error) as caught:
            RedisFleet(given, **arguments)
        assert "guess-me" not in str(caught.value)
        ours = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack[1:]
        assert "guess-me" not in "".join(text for frame in ours for text in (frame.locals or {}).values())
    with pytest.raises(TypeError, match="fleet= takes a RedisFleet"):
        Patchworks(api_key="k", fleet=url)  # type: ignore[arg-type]


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(Exception, match=r'pip install "patchworks-core-client\[redis\]"'):
        RedisFleet("redis://localhost", company="acme")
