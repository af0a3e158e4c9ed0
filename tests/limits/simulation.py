"""A fleet in virtual time: workers that share a budget, against a server that counts as Laravel does.

Run as a program it prints the table of the documentation.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from typing import NamedTuple

from patchworks_core_client._limits.budget import Budget
from patchworks_core_client._limits.pace import Pace
from patchworks_core_client._limits.rate import Rate


class Server:
    """Counts in fixed windows, each of which begins with the first request after the one before."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._ends = 0.0
        self.taken = 0
        self.refused = 0
        self.arrivals: list[float] = []
        self._count = 0

    def hit(self, now: float) -> tuple[bool, int, float]:
        """Count a request; whether it is taken, what is left, and the `Retry-After`."""
        self.arrivals.append(now)
        if now >= self._ends:
            self._ends, self._count = now + self._rate.window_s, 0
        self._count += 1
        good = self._count <= self._rate.limit
        self.taken += good
        self.refused += not good
        return good, max(0, self._rate.limit - self._count), max(1.0, self._ends - now)

    def fullest(self) -> int:
        """The most arrivals in a window, wherever it begins."""
        window: deque[float] = deque()
        most = 0
        for arrival in self.arrivals:
            window.append(arrival)
            while window[0] <= arrival - self._rate.window_s:
                window.popleft()
            most = max(most, len(window))
        return most


class Result(NamedTuple):
    """What a simulation came to."""

    workers: int
    taken: int
    refused: int
    used: float
    fullest: int


def with_budget(workers: int, rate: Rate, seconds: float, seed: int = 1) -> Result:
    """All workers share one budget, as in Redis, and are never idle; up to 0.5 s lie between them and the server."""
    chance, server, budget = random.Random(seed), Server(rate), Budget(rate)  # noqa: S311 - it makes up a network
    waiting, now = workers, 0.0
    arrivals: list[float] = []
    back: list[float] = []
    while True:
        while back and back[0] <= now:
            heapq.heappop(back)
            waiting += 1
        if not waiting:
            now = back[0]
            continue
        now += budget.delay(now)
        if now >= seconds:
            break
        budget.take(now)
        waiting -= 1
        arrival = now + chance.random() / 2
        arrivals.append(arrival)
        heapq.heappush(back, arrival + chance.random() / 2)
    for arrival in sorted(arrivals):
        server.hit(arrival)
    return _result(workers, rate, server, seconds)


def with_pace(workers: int, rate: Rate, seconds: float, seed: int = 1) -> Result:
    """One client that was given no budget, with so many calls at all times."""
    chance, server, pace = random.Random(seed), Server(rate), Pace()  # noqa: S311 - it makes up a network
    now, waiting = 0.0, workers
    answers: list[tuple[float, float, bool, int, float]] = []
    while now < seconds:
        delay, early = pace.delay(now)
        nothing = not waiting or delay > 0
        if not nothing:
            pace.sent(now)
            waiting -= 1
            heapq.heappush(answers, (now + 0.05 + chance.random() / 20, now, *server.hit(now)))
            continue
        next_turn = now + delay if waiting and not (early and answers) else float("inf")
        if answers and answers[0][0] <= next_turn:
            now, sent_at, good, left, after = heapq.heappop(answers)
            pace.ended()
            waiting += 1
            if good:
                pace.answered(sent_at, left, rate.limit)
            else:
                pace.refused(sent_at, now, after)
        else:
            now = next_turn
    return _result(workers, rate, server, seconds)


def _result(workers: int, rate: Rate, server: Server, seconds: float) -> Result:
    allowed = rate.limit / rate.window_s * seconds
    return Result(workers, server.taken, server.refused, server.taken / allowed, server.fullest())


def main() -> None:
    rate = Rate(240, 60.0)
    print("| limits | workers | taken in an hour | refused | of what is allowed | most in any 60 s |")
    print("|---|---|---|---|---|---|")
    for workers in (1, 50, 500):
        for name, one in (("`rate=`", with_budget), ("none given", with_pace)):
            result = one(workers, rate, 3600.0)
            print(
                f"| {name} | {workers} | {result.taken:,} | {result.refused} | {result.used:.1%} | {result.fullest} |"
            )


if __name__ == "__main__":
    main()
