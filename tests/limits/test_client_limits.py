"""The limits of a client against a server that throttles: what it sends, what waits, and what it says of it."""

from __future__ import annotations

import asyncio
import collections
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Literal
from unittest.mock import create_autospec

import pytest

from patchworks_core_client import AsyncPatchworks, LimitState, Patchworks, RateLimitError
from patchworks_core_client._clock import Deadline
from patchworks_core_client._http.generator_flow import DeadlineExceeded
from patchworks_core_client._limits.queue import AwaitTurn, Place
from patchworks_core_client._session import sync_session
from patchworks_core_client.sandbox import RunningSandbox, create_app, serve
from tests.support.clock import FakeClock
from tests.support.driver import KINDS, Driver, Kind
from tests.support.fault_server import FaultServer
from tests.support.replies import reply

Statuses = collections.Counter[int]


@contextmanager
def sandbox(rate: str | None, clock: Callable[[], float] = time.time) -> Iterator[tuple[RunningSandbox, str]]:
    app = create_app(seed=1, rate=rate, clock=clock)
    with serve(app) as running:
        yield running, app.state.sandbox.api_key


@pytest.fixture(scope="module")
def without_rate() -> Iterator[dict[str, Any]]:
    """The options of clients of a sandbox that refuses nothing."""
    with sandbox(None) as (server, key):
        yield {"base_url": server.url, "api_key": key}


class Calls:
    """Calls at once, of either client: what they were answered, and how long each took.

    Args:
        kind: of the client.
        number: of calls.
        options: of the client.
    """

    def __init__(self, kind: Literal["async", "sync"], number: int, **options: Any) -> None:
        self.statuses: Statuses = collections.Counter()
        self.waits: list[float] = []
        self.state: LimitState
        options["on_response"] = lambda response: self.statuses.update([response.status_code])
        self._began = time.monotonic()
        if kind == "async":
            asyncio.run(self._tasks(number, options))
        else:
            self._threads(number, options)
        self.took = time.monotonic() - self._began

    async def _tasks(self, number: int, options: dict[str, Any]) -> None:
        async with AsyncPatchworks(**options) as pw:

            async def call(n: int) -> None:
                await pw.virtual_environments.get(1 + n % 10)
                self.waits.append(time.monotonic() - self._began)

            await asyncio.gather(*(call(n) for n in range(number)))
            self.state = pw.limits

    def _threads(self, number: int, options: dict[str, Any]) -> None:
        with Patchworks(**options) as pw, ThreadPoolExecutor(min(number, 200)) as threads:

            def call(n: int) -> None:
                pw.virtual_environments.get(1 + n % 10)
                self.waits.append(time.monotonic() - self._began)

            list(threads.map(call, range(number)))
            self.state = pw.limits


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["async", "sync"])
def test_a_burst_of_calls_succeeds_with_few_refusals_and_nobody_starves(
    kind: Literal["async", "sync"], monkeypatch: pytest.MonkeyPatch, *, soak: bool
) -> None:
    number = {"async": 100, "sync": 200}[kind] if soak else 30
    with sandbox("20/s", time.time if soak else FakeClock(monkeypatch).wall) as (server, key):
        calls = Calls(kind, number, base_url=server.url, api_key=key)
    assert calls.statuses[200] == number
    assert calls.statuses[429] <= 15
    if soak:
        assert calls.took <= 1.5 * number / 20
        assert max(calls.waits) <= 3 * sorted(calls.waits)[number // 2]


@pytest.mark.untraced
@pytest.mark.soak
@pytest.mark.parametrize("kind", ["async", "sync"])
def test_a_budget_sees_no_refusal(kind: Literal["async", "sync"], *, soak: bool) -> None:
    number, rate = (1000, 240) if soak else (80, 80)
    with sandbox(f"{rate}/s") as (server, key):
        calls = Calls(kind, number, base_url=server.url, api_key=key, rate=f"{rate}/s")
    assert calls.statuses == {200: number}
    assert calls.state.rate == pytest.approx(rate * 0.95, rel=0.05)
    assert calls.state[4:] == (0, 0, None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_that_does_not_fit_into_the_budget_fails_at_once_and_says_so(
    without_rate: dict[str, Any], kind: Kind
) -> None:
    driver = Driver(kind, **without_rate, rate="1/min")
    driver.request("GET", "/api/v1/virtual-environments")
    assert driver.pw.limits.remaining == 0
    with pytest.raises(RateLimitError, match=r"budget of rate= is used up: .* longer than its timeout") as caught:
        driver.request("GET", timeout=1)
    driver.close()
    assert caught.value.status_code == 429
    assert caught.value.retry_after == pytest.approx(61, abs=5)
    assert not caught.value.may_have_taken_effect


async def test_waits_are_logged_in_the_order_of_the_calls(
    without_rate: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="patchworks_core_client")
    done: list[int] = []
    async with AsyncPatchworks(**without_rate, rate="10/s") as pw:

        async def call(n: int) -> None:
            await pw.virtual_environments.get(1 + n)
            done.append(n)

        await asyncio.gather(*(call(n) for n in range(5)))
    assert done == [0, 1, 2, 3, 4]
    records = [record for record in caplog.records if getattr(record, "reason", None) == "budget"]
    assert len(records) == 4
    assert [record.__dict__["wait"] for record in records] == pytest.approx([0.105, 0.21, 0.315, 0.42], abs=0.09)


async def test_a_call_that_is_cancelled_while_it_waits_harms_no_other(without_rate: dict[str, Any]) -> None:
    async with AsyncPatchworks(**without_rate, rate="50/s") as pw:
        await pw.virtual_environments.get(1)
        calls = [asyncio.create_task(pw.virtual_environments.get(1 + n)) for n in range(10)]
        await asyncio.sleep(0)
        for call in calls[:8]:
            call.cancel()
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(result).__name__ for result in results[:8]] == ["CancelledError"] * 8
        assert [result.id for result in results[8:] if not isinstance(result, BaseException)] == [9, 10]
        assert pw.limits.waiting == 0


async def test_closing_the_client_ends_what_waits(without_rate: dict[str, Any]) -> None:
    pw = AsyncPatchworks(**without_rate, rate="10/min")
    await pw.virtual_environments.get(1)
    calls = [asyncio.create_task(pw.virtual_environments.get(1)) for _ in range(3)]
    await asyncio.sleep(0.01)
    assert pw.limits.waiting == 3
    await pw.aclose()
    for call in calls[1:]:
        with pytest.raises(Exception, match="closed"):
            await call
    calls[0].cancel()


@pytest.mark.parametrize("kind", KINDS)
def test_calls_whose_time_runs_out_while_they_wait_get_the_429(
    kind: Kind, server: FaultServer, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="patchworks_core_client")
    driver = Driver(kind, server.url)
    driver.request("GET")
    # The pace is one in a minute from then on: after the pause one goes out, and another in no call's time.
    clock.skipped += 60
    server.script(reply(429, headers={"Retry-After": "2"}))
    with pytest.raises(RateLimitError):
        driver.run(driver.pw.with_options(max_retries=0).request("GET", "/refused"))
    results = driver.at_once(*[("GET", "/x")] * 8)
    driver.close()
    failed = [result for result in results if isinstance(result, BaseException)]
    assert len(failed) == 7
    assert {type(error) for error in failed} == {RateLimitError}
    # Which of them meet the pause itself, and which the pace after it, is a matter of milliseconds.
    reasons = {getattr(record, "reason", "pace") for record in caplog.records}
    assert reasons
    assert reasons <= {"pause", "pace"}


async def test_the_read_ahead_follows_the_pace(clock: FakeClock) -> None:
    statuses: Statuses = collections.Counter()
    with sandbox("4/s", clock.wall) as (server, key):
        async with AsyncPatchworks(
            base_url=server.url, api_key=key, on_response=lambda r: statuses.update([r.status_code])
        ) as pw:
            assert pw.limits == LimitState(None, 0.0, None, None, 0, 0, None)
            items = await pw.virtual_environments.list(per_page=1).collect()
            assert pw.limits.read_ahead is not None
            assert pw.limits.rate is not None
    assert len(items) == 10
    assert statuses[429] <= 5


async def test_a_pause_that_is_longer_than_the_budget_counts(clock: FakeClock) -> None:
    app = create_app(seed=1)
    with serve(app) as server:
        async with AsyncPatchworks(base_url=server.url, api_key=app.state.sandbox.api_key, rate="20/s") as pw:
            await pw.virtual_environments.get(1)
            app.state.sandbox.faults.add("next 1 429")
            await asyncio.gather(*(pw.virtual_environments.get(1) for _ in range(4)))
            assert pw.limits.waiting == 0


def test_leaving_a_list_wakes_the_threads_that_wait_for_their_turn(without_rate: dict[str, Any]) -> None:
    with Patchworks(**without_rate, rate="4/s") as pw:
        for page in pw.virtual_environments.list(per_page=1).pages():
            assert page.items
            break
        deadline = time.monotonic() + 10
        while pw.limits.waiting and time.monotonic() < deadline:
            time.sleep(0.01)
        assert pw.limits.waiting == 0


def test_a_turn_that_comes_when_the_time_of_the_call_is_over_is_not_taken() -> None:
    place = create_autospec(Place, instance=True)
    place.when_called.side_effect = lambda called: called()
    with pytest.raises(DeadlineExceeded):
        sync_session._await_turn(AwaitTurn(place, None), Deadline(0.0), None)
