"""Workers in virtual time: the limiter of each runs as it is, against a server that counts as Laravel does.

A fleet asks a Redis that decides with `Budget`; that the scripts of the real one decide alike is tested elsewhere. Run
as a program it prints the table of the documentation.
"""

from __future__ import annotations

import heapq
import random
import statistics
from collections import deque
from collections.abc import Callable, Generator, Sequence
from itertools import count
from typing import Any, NamedTuple, TypeVar
from unittest.mock import patch

from patchworks_core_client import _clock
from patchworks_core_client._http.generator_flow import Wait
from patchworks_core_client._limits.budget import Ask, Budget, ClientBudget
from patchworks_core_client._limits.limiter import Limiter
from patchworks_core_client._limits.queue import AwaitTurn
from patchworks_core_client._limits.rate import Rate
from patchworks_core_client._limits.redis_budget import FleetBudget

R = TypeVar("R")

RATE = Rate(240, 60.0)
# One way, in seconds.
TO_API_S = 0.25
TO_REDIS_S = 0.01


class Loop:
    """Virtual time, and what happens in it."""

    def __init__(self, seed: int) -> None:
        self.now = 1000.0
        self.chance = random.Random(seed)
        self._events: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = count()

    def later(self, seconds: float, call: Callable[[], object]) -> None:
        heapq.heappush(self._events, (self.now + seconds, next(self._numbers), call))

    def travel(self, longest: float, call: Callable[[], object]) -> None:
        self.later(self.chance.random() * longest, call)

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while self._events[0][0] < end:
            self.now, _, call = heapq.heappop(self._events)
            call()


class Server:
    """Counts in fixed windows, each of which begins with the first request after the one before."""

    def __init__(self) -> None:
        self._ends = 0.0
        self._count = 0
        self.taken = 0
        self.arrivals: list[float] = []

    def hit(self, now: float) -> tuple[bool, int, float]:
        """Count a request; whether it is taken, what is left, and the `Retry-After`."""
        self.arrivals.append(now)
        if now >= self._ends:
            self._ends, self._count = now + RATE.window_s, 0
        self._count += 1
        good = self._count <= RATE.limit
        self.taken += good
        return good, max(0, RATE.limit - self._count), max(1.0, self._ends - now)

    def fullest(self) -> int:
        """The most arrivals in a window, wherever it begins."""
        window: deque[float] = deque()
        most = 0
        for arrival in self.arrivals:
            window.append(arrival)
            while window[0] <= arrival - RATE.window_s:
                window.popleft()
            most = max(most, len(window))
        return most


class Reply:
    """Stands in for the future of a script."""

    def __init__(self) -> None:
        self.values: list[Any] | None = None
        self._callback: Callable[[Reply], object] = lambda _: None

    def done(self) -> bool:
        return self.values is not None

    def add_done_callback(self, callback: Callable[[Reply], object]) -> None:
        self._callback = callback

    def set(self, values: list[Any]) -> None:
        self.values = values
        self._callback(self)


class Redis:
    """Decides as the scripts do."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._budget = Budget(RATE)
        self._members: dict[Any, float] = {}

    def run(self, args: Sequence[Any]) -> list[Any]:
        now = self._loop.now
        if len(args) == 2:
            self._budget.paused_until = max(self._budget.paused_until, now + args[0])
            return []
        answer = self._budget.request(now, Ask(*args[5:9]))
        self._members[args[11]] = now + answer.wait
        return [*answer, sum(until > now - args[10] for until in self._members.values())]


class Link:
    """The way of a machine to Redis, which is cut off at times."""

    timeout = 0.5
    connected = True

    def __init__(self, loop: Loop, redis: Redis, cut: tuple[float, float]) -> None:
        self._loop, self._redis = loop, redis
        self._cut = (loop.now + cut[0], loop.now + cut[1])

    def submit(self, _script: str, _keys: object, args: Sequence[Any]) -> Reply | None:
        if self._cut[0] <= self._loop.now < self._cut[1]:
            return None
        reply = Reply()

        def arrive() -> None:
            values = self._redis.run(args)
            self._loop.travel(TO_REDIS_S, lambda: reply.set(values))

        self._loop.travel(TO_REDIS_S, arrive)
        return reply

    def result(self, reply: Reply | None, read: Callable[[Any], R]) -> R | None:
        return None if reply is None or reply.values is None else read(reply.values)


class Worker:
    """Makes one call after the other, and is never idle."""

    def __init__(self, loop: Loop, server: Server, limiter: Limiter, waits: list[float]) -> None:
        self._loop, self._server, self._limiter, self._waits = loop, server, limiter, waits
        self._flow = self._calls()
        self._asleep = 0
        loop.travel(1.0, self._go_on)

    def _calls(self) -> Generator[Any, Any, None]:
        limiter = self._limiter
        while True:
            place, began, answered = limiter.place(), self._loop.now, False
            while not answered:
                yield from limiter.admit(place, _clock.Deadline(None), lambda _: None)
                sent_at = place.sent_at or 0.0
                answered, left, after = yield None
                if answered:
                    limiter.answered(place, left, RATE.limit)
                    self._waits.append(sent_at - began)
                else:
                    limiter.end(place)
                    limiter.pause(place, sent_at, after, "429")
                    yield Wait(after)

    def _go_on(self, value: object = None) -> None:
        self._asleep += 1
        step = self._flow.send(value)
        if step is None:
            self._loop.travel(TO_API_S, self._arrive)
            return
        number, gone_on = self._asleep, []

        def wake() -> None:
            if number == self._asleep and not gone_on:
                gone_on.append(True)
                self._loop.later(0.0, self._go_on)

        if isinstance(step, AwaitTurn):
            step.place.when_called(wake)
        if step.seconds is not None:
            self._loop.later(step.seconds, wake)

    def _arrive(self) -> None:
        answer = self._server.hit(self._loop.now)
        self._loop.travel(TO_API_S, lambda: self._go_on(answer))


class Result(NamedTuple):
    """What a simulation came to."""

    taken: int
    refused: int
    used: float
    fullest: int
    longest: float
    median: float


def simulate(limiters: Callable[[Loop], list[Limiter]], workers: int, seconds: float, seed: int = 1) -> Result:
    """So many workers, spread over limiters."""
    loop, server, waits = Loop(seed), Server(), list[float]()
    with patch.object(_clock, "now", lambda: loop.now):
        made = limiters(loop)
        everybody = [Worker(loop, server, made[n % len(made)], waits) for n in range(workers)]
        loop.run(seconds)
    allowed = RATE.limit / RATE.window_s * seconds
    # In the beginning nobody has waited for long, so it tells nothing.
    settled = waits[len(waits) // 2 :]
    longest, median = max(settled), statistics.median(settled)
    assert everybody
    return Result(
        server.taken, len(server.arrivals) - server.taken, server.taken / allowed, server.fullest(), longest, median
    )


def fleet(workers: int, machines: int, cut_machines: int = 0, cut: tuple[float, float] = (0.0, 0.0)) -> Any:
    """A limiter for each worker; some machines are cut off from Redis from one time to another."""

    def make(loop: Loop) -> list[Limiter]:
        redis = Redis(loop)
        links: list[Any] = [Link(loop, redis, cut if n < cut_machines else (0.0, 0.0)) for n in range(machines)]
        return [
            Limiter(FleetBudget(links[n % machines], ("limits", "members"), RATE, str(n), 10)) for n in range(workers)
        ]

    return make


def one_client(rate: Rate | None) -> Any:
    """One limiter for all."""
    return lambda _: [Limiter(None if rate is None else ClientBudget(rate))]


def main() -> None:
    hour = 3600.0
    print("| workers | taken | refused | of what is allowed | most in any 60 s | longest wait | median |")
    print("|---|---|---|---|---|---|---|")
    for name, limiters, workers in (
        ("500 on 50 machines", fleet(500, 50), 500),
        ("the same, 5 machines without Redis for 20 min", fleet(500, 50, 5, (600.0, 1800.0)), 500),
        ("the same, all without Redis for 20 min", fleet(500, 50, 50, (600.0, 1800.0)), 500),
        ("50 on 5 machines", fleet(50, 5), 50),
        ("1 in a fleet", fleet(1, 1), 1),
        ("500 tasks of one client, `rate=`", one_client(RATE), 500),
        ("50 tasks of one client, `rate=`", one_client(RATE), 50),
        ("500 tasks of one client, nothing set", one_client(None), 500),
        ("50 tasks of one client, nothing set", one_client(None), 50),
    ):
        result = simulate(limiters, workers, hour)
        print(
            f"| {name} | {result.taken:,} | {result.refused} | {result.used:.1%} | {result.fullest} "
            f"| {result.longest:.1f} s | {result.median:.1f} s |",
            flush=True,
        )


if __name__ == "__main__":
    main()
