"""Many clients of several processes with one database, which are killed at random: the rules hold, nothing is lost.

The long form (`pytest --soak`) has fifty clients and takes a minute.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from patchworks_core_client.sandbox.storage.database import Database
from tests.support.plain_http import PLAIN_HTTP

from ..conftest import ENVIRONMENTS, KEY
from ..patchworks.model import NEW, Remote, Step, Versions, after
from .test_database import Killable

ACTIONS = ("deploy", "deploy", "copy", "delete", "create", "set", "set", "unset")
LOST = (httpx.TransportError, httpx.HTTPStatusError)


class Fleet:
    """Processes with one database, one of which is killed and started again from time to time."""

    def __init__(self, file: Path, size: int) -> None:
        self.file = file
        self.processes = [Killable(file) for _ in range(size)]
        self.kills = 0

    def url(self, chance: random.Random) -> str:
        return str(chance.choice(self.processes).http.base_url)

    def kill(self, chance: random.Random) -> None:
        place = chance.randrange(len(self.processes))
        self.processes[place].kill()
        self.processes[place].close()
        self.processes[place] = Killable(self.file)
        self.kills += 1

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.close()


class Client:
    """A client with an environment of its own, of which it knows what has to be there."""

    def __init__(self, fleet: Fleet, number: int, shared: int) -> None:
        self.fleet = fleet
        self.chance = random.Random(number)
        self.shared = shared
        self.environment = self.retried(lambda http: self.create(http, f"client {number}"))
        self.versions: Versions = NEW
        self.done: Counter[str] = Counter()

    def run(self, until: float) -> Counter[str]:
        while time.monotonic() < until:
            if self.chance.random() < 0.3:
                self.disturb()
            else:
                self.step()
        return self.done

    def step(self) -> None:
        """Do something to the environment of one's own, and be sure of what became of it."""
        step = self.any_step(len(self.versions))
        expected = after(self.versions, step)
        try:
            with self.connect() as http:
                status = Remote(http, self.environment).do(step)
        except LOST:
            status = 0
        if status in {200, 201}:
            assert expected is not None, f"{step} of {self.versions} was not refused"
            self.versions = expected
        elif status == 422:
            assert expected is None, f"{step} of {self.versions} was refused"
        else:
            # Nobody knows whether it took effect; it is either whole or not there.
            found = self.retried(lambda http: Remote(http, self.environment).read())
            assert found in (self.versions, expected), step
            self.versions = found
        self.done[f"{step.action} {status}"] += 1

    def disturb(self) -> None:
        """Do something to the environment that all of them share."""
        with suppress(*LOST, IndexError), self.connect() as http:
            status = Remote(http, self.shared).do(self.any_step(5))
            # 404, where another one has deleted the version meanwhile.
            assert status in {200, 201, 404, 422, 503}
            self.done[f"shared {status}"] += 1

    def any_step(self, places: int) -> Step:
        action = self.chance.choice(ACTIONS) if places else "create"
        place = self.chance.randrange(places) if places else 0
        return Step(action, place, self.chance.choice("abc"), str(self.chance.randrange(9)))  # type: ignore[arg-type]  # one of ACTIONS

    def connect(self) -> httpx.Client:
        return httpx.Client(verify=PLAIN_HTTP, base_url=self.fleet.url(self.chance), headers=KEY, timeout=30)

    def retried(self, do: Any) -> Any:
        while True:
            with suppress(*LOST), self.connect() as http:
                return do(http)

    @staticmethod
    def create(http: httpx.Client, name: str) -> int:
        answer = http.post(ENVIRONMENTS, json={"name": name, "labels": []})
        answer.raise_for_status()
        return int(answer.json()["data"]["id"])


@pytest.mark.untraced
@pytest.mark.soak
def test_the_rules_hold_while_processes_are_killed(tmp_path: Path, *, soak: bool) -> None:
    clients, processes, seconds = (50, 4, 60.0) if soak else (6, 2, 1.0)
    pause = (0.2, 1.5) if soak else (0.1, 0.5)
    fleet = Fleet(tmp_path / "sandbox.db", processes)
    over = threading.Event()
    try:
        with httpx.Client(verify=PLAIN_HTTP, base_url=fleet.url(random.Random(0)), headers=KEY) as http:
            shared = Client.create(http, "shared")
        everybody = [Client(fleet, number, shared) for number in range(clients)]
        until = time.monotonic() + seconds

        def kill_now_and_then() -> None:
            chance = random.Random(1)
            while not over.wait(chance.uniform(*pause)):
                fleet.kill(chance)

        killer = threading.Thread(target=kill_now_and_then)
        killer.start()
        try:
            with ThreadPoolExecutor(clients) as pool:
                done = sum(pool.map(lambda client: client.run(until), everybody), Counter[str]())
        finally:
            over.set()
            killer.join()
        for client in everybody:
            assert (
                client.retried(lambda http, client=client: Remote(http, client.environment).read()) == client.versions
            )
    finally:
        fleet.close()
    assert fleet.kills
    assert any(name.endswith((" 200", " 201")) for name in done)
    assert not any(name.endswith(" 500") for name in done)
    database = Database(tmp_path / "sandbox.db")
    with database.transaction() as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        statuses: dict[int, Counter[str]] = {}
        for row in db.execute("SELECT environment_id, status FROM versions"):
            statuses.setdefault(row["environment_id"], Counter())[row["status"]] += 1
        numbers = "SELECT environment_id, version FROM versions ORDER BY environment_id, version"
        assert len(db.execute(numbers).fetchall()) == sum(found.total() for found in statuses.values())
    database.close()
    for found in statuses.values():
        assert found["Draft"] <= 1
        assert found["Deployed"] <= 1
        assert found.total() <= 5
