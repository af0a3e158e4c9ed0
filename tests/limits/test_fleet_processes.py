"""Several real processes that share a login and a budget, while one is killed and Redis goes and comes."""

from __future__ import annotations

import time
from typing import Any

import pytest

from patchworks_core_client.sandbox import create_app, serve
from tests.support.fault_server import FaultServer
from tests.support.processes import FORKS
from tests.support.replies import STALL, reply

from .conftest import RedisServer
from .worker import work


class Worker:
    """A process of the fleet."""

    def __init__(self, *arguments: object) -> None:
        self._connection, there = FORKS.Pipe()
        self._process = FORKS.Process(target=work, args=(there, *arguments), daemon=True)
        self._process.start()
        there.close()

    def hear(self) -> Any:
        assert self._connection.poll(60)
        return self._connection.recv()

    def begin(self) -> None:
        self._connection.send("go")

    def finish(self) -> Any:
        answer = self.hear()
        self._process.join(60)
        return answer

    def kill(self) -> None:
        self._process.kill()
        self._process.join()


def start(number: int, *arguments: object) -> list[Worker]:
    """Start workers, which begin together."""
    workers = [Worker(*arguments) for _ in range(number)]
    assert [worker.hear() for worker in workers] == ["ready"] * number
    for worker in workers:
        worker.begin()
    return workers


@pytest.mark.soak
def test_they_share_a_budget_and_a_login(redis_server: RedisServer, *, soak: bool) -> None:
    processes, calls, rate = (4, 240, "240/s") if soak else (2, 40, "60/s")
    app = create_app(seed=1, rate=rate)
    with serve(app) as server:
        workers = start(processes, server.url, redis_server.url, calls, rate)
        answers = [worker.finish() for worker in workers]
    assert answers == [{"statuses": {200: calls}, "log": []}] * processes
    assert sum(request.path.endswith("/login") for request in app.state.sandbox.requests) == 1


def test_redis_that_stops_and_comes_back_empty_fails_no_call(redis_server: RedisServer) -> None:
    app = create_app(seed=1)
    with serve(app) as server:
        workers = start(2, server.url, redis_server.url, 60, "60/s")
        with redis_server.client() as client:
            while client.zcard("patchworks:{acme}:members") < 2:
                time.sleep(0.01)
        redis_server.stop()
        # Both go on by themselves.
        enough = len(app.state.sandbox.requests) + 20
        while len(app.state.sandbox.requests) < enough:
            time.sleep(0.01)
        redis_server.start()
        answers = [worker.finish() for worker in workers]
    for answer in answers:
        assert answer["statuses"].keys() == {200}
        assert answer["log"] == ["WARNING", "INFO"]


@pytest.mark.soak
def test_another_process_takes_over_from_one_that_was_killed_while_it_logged_in(
    redis_server: RedisServer, *, soak: bool
) -> None:
    with FaultServer() as server:
        server.script([STALL], reply(json={"token": "later"}), reply(json={"data": {"id": 1}}))
        (killed,) = start(1, server.url, redis_server.url, 1, "60/s")
        while not server.requests:
            time.sleep(0.01)
        killed.kill()
        with redis_server.client() as client:
            lock = next(iter(client.scan_iter("*:lock")))
            assert 0 < client.pttl(lock) <= 15_000
            (second,) = start(1, server.url, redis_server.url, 1, "60/s")
            if not soak:
                client.pexpire(lock, 1)
            assert second.finish()["statuses"] == {200: 1}
            token = next(iter(client.scan_iter("*:token:*")))
            assert client.hget(token, "number") == b"2", "the number of its lock, above that of the one that was killed"
