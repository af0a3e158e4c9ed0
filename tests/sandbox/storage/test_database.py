"""The state in a file: nothing acknowledged is lost, whatever happens to the process."""

from __future__ import annotations

import gc
import sqlite3
import threading
from collections import deque
from itertools import repeat
from typing import TYPE_CHECKING

import httpx
import pytest

from patchworks_core_client.sandbox import StoreError, create_app
from patchworks_core_client.sandbox.storage.database import Database
from tests.support.plain_http import PLAIN_HTTP

from ..conftest import ENVIRONMENTS, KEY, VERSIONS, Api, connect
from ..process import Process

if TYPE_CHECKING:
    from pathlib import Path


class Killable(Process):
    """A sandbox with its state in a file, and a client of it."""

    def __init__(self, file: Path) -> None:
        super().__init__("--db", str(file))
        self.http = httpx.Client(base_url=self.url, headers=KEY, verify=PLAIN_HTTP)

    def close(self) -> None:
        self.http.close()
        self.wait()


def test_nothing_acknowledged_is_lost_by_a_kill_at_any_moment(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    acknowledged: list[int] = []
    deployed: set[int] = set()

    def create_and_deploy(http: httpx.Client) -> None:
        created = http.post(ENVIRONMENTS, json={"name": "UK", "labels": []})
        assert created.status_code == 201
        environment = created.json()["data"]["id"]
        acknowledged.append(environment)
        versions = f"{ENVIRONMENTS}/{environment}/versions"
        draft = http.get(versions).json()["data"][0]["id"]
        assert http.post(f"{versions}/{draft}/deploy").status_code == 200
        deployed.add(environment)

    for delay in (0.01, 0.1, 0.25):
        sandbox = Killable(file)
        create_and_deploy(sandbox.http)
        killer = threading.Timer(delay, sandbox.kill)
        killer.start()
        with pytest.raises(httpx.TransportError):
            deque(map(create_and_deploy, repeat(sandbox.http)), maxlen=0)
        killer.join()
        sandbox.close()
    assert len(acknowledged) >= 3
    with Database(file).transaction() as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        kept = {row["id"] for row in db.execute("SELECT id FROM environments")}
        assert kept >= set(acknowledged)
        assert len(kept) <= len(acknowledged) + 3, "at most one that was not acknowledged for each kill"
        states: dict[int, list[str]] = {}
        for row in db.execute("SELECT environment_id, status FROM versions ORDER BY version"):
            states.setdefault(row["environment_id"], []).append(row["status"])
    # A deployment is whole or has not happened.
    assert set(map(tuple, states.values())) <= {("Draft",), ("Deployed", "Draft")}
    assert all(states[environment] == ["Deployed", "Draft"] for environment in deployed)


def test_a_commit_is_on_the_disk(tmp_path: Path) -> None:
    with Database(tmp_path / "sandbox.db").transaction() as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2, "FULL"


async def test_the_state_is_there_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    app = create_app(db=str(file))
    async with connect(app) as http:
        api = Api(http)
        environment = await api.environment("UK", labels=[{"id": "4"}])
        variable = {"type": "string", "key": "k", "value": "v"}
        await api("POST", f"{VERSIONS}/{await api.draft(environment)}/variables", variable, status=201)
        await api.deploy(environment)
        everything = f"{ENVIRONMENTS}/{environment}?include=versions,labels,deployedVersion.variables"
        before = await api("GET", everything)
    app.state.sandbox.close()
    app.state.sandbox.close()
    async with connect(create_app(db=file)) as http:
        assert await Api(http)("GET", everything) == before


def test_two_sandboxes_in_memory_share_nothing() -> None:
    one, other = create_app(seed=1), create_app()
    for app, environments in ((one, 10), (other, 0)):
        with app.state.sandbox_state.database.transaction() as db:
            assert db.execute("SELECT count(*) FROM environments").fetchone()[0] == environments


def test_a_file_that_is_no_sandbox_is_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no database at all, but long enough to be looked at " * 100)
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE mine (id INTEGER)")
    db.close()
    newer = tmp_path / "newer.db"
    with sqlite3.connect(newer) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    for file, reason in (
        (text, "not a database"),
        (foreign, "not made by"),
        (newer, "not made by"),
        (tmp_path / "nowhere" / "x.db", "unable to open"),
    ):
        before = file.read_bytes() if file.exists() else None
        with pytest.raises(StoreError, match=reason) as raised:
            create_app(db=file)
        assert str(file) in str(raised.value)
        assert (file.read_bytes() if file.exists() else None) == before


def test_an_app_that_nobody_closes_gives_no_warning() -> None:
    create_app()
    gc.collect()
