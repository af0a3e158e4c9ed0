"""A database that is locked or fails: a 503 that says when to come again, never a 500."""

from __future__ import annotations

import asyncio
import sqlite3
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from patchworks_core_client.sandbox import StoreError, create_app
from patchworks_core_client.sandbox.laravel.errors import HttpError
from patchworks_core_client.sandbox.patchworks import seed
from patchworks_core_client.sandbox.storage import database

from ..conftest import ENVIRONMENTS, Api, connect

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)


@pytest.mark.usefixtures("impatient")
async def test_a_locked_database_is_503_and_others_go_on(tmp_path: Path) -> None:
    app = create_app(db=tmp_path / "sandbox.db")
    other = sqlite3.connect(tmp_path / "sandbox.db", isolation_level=None)
    async with connect(app) as http:
        api = Api(http)
        await api.environment()
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(api.answer("GET", ENVIRONMENTS))
        # What needs no database is answered meanwhile.
        await api("GET", "/nowhere", status=404)
        answer = await waiting
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json() == {"message": "The database is unavailable: database is locked."}
        other.execute("ROLLBACK")
        assert (await api("GET", ENVIRONMENTS))["meta"]["total"] == 1
    other.close()
    app.state.sandbox.close()


@pytest.mark.usefixtures("impatient")
def test_a_database_that_is_locked_at_the_start_is_said(tmp_path: Path) -> None:
    create_app(db=tmp_path / "sandbox.db").state.sandbox.close()
    other = sqlite3.connect(tmp_path / "sandbox.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked"):
        create_app(db=tmp_path / "sandbox.db")
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.usefixtures("impatient")
def test_a_new_file_that_another_one_holds_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "sandbox.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked"):
        create_app(db=tmp_path / "sandbox.db")
    other.execute("ROLLBACK")
    other.close()


@pytest.fixture
def reader(tmp_path: Path) -> Generator[sqlite3.Connection]:
    """Another process that looks at a new file, which is no database in use yet."""
    other = sqlite3.connect(tmp_path / "sandbox.db", isolation_level=None)
    other.execute("VACUUM")
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM sqlite_master").fetchone()
    yield other
    other.close()


@pytest.mark.usefixtures("impatient")
def test_another_process_that_looks_at_a_new_file_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: sqlite3.Connection
) -> None:
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        reader.execute("ROLLBACK")

    # Only there: other threads go by the clock too.
    monkeypatch.setattr(database, "time", SimpleNamespace(sleep=wait, monotonic=lambda: 0.0))
    create_app(db=tmp_path / "sandbox.db").state.sandbox.close()
    assert len(waits) == 1


@pytest.mark.usefixtures("impatient", "reader")
def test_another_process_that_looks_at_it_for_ever_is_not(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="locked"):
        create_app(db=tmp_path / "sandbox.db")


def test_a_database_that_fails_at_the_start_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(seed, "fill", fail)
    with pytest.raises(StoreError, match="disk I/O error"):
        create_app(db=tmp_path / "sandbox.db", seed=1)


def test_a_failure_that_has_rolled_back_already_is_one_503() -> None:
    def fill_the_disk() -> None:
        with create_app().state.sandbox_state.database.transaction() as db:
            db.execute("ROLLBACK")
            raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(HttpError, match="database or disk is full"):
        fill_the_disk()


@pytest.mark.usefixtures("impatient")
async def test_many_that_wait_for_a_locked_database_do_not_wait_for_each_other(tmp_path: Path) -> None:
    app = create_app(db=tmp_path / "sandbox.db")
    other = sqlite3.connect(tmp_path / "sandbox.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with connect(app) as http:
        answers = await asyncio.gather(*(Api(http).answer("GET", ENVIRONMENTS) for _ in range(30)))
        assert {answer.status_code for answer in answers} == {503}
        other.execute("ROLLBACK")
        await Api(http)("GET", ENVIRONMENTS)
    other.close()
    app.state.sandbox.close()


async def test_a_database_that_fails_is_503() -> None:
    app = create_app()
    async with connect(app) as http:
        app.state.sandbox.close()
        answer = await Api(http).answer("POST", ENVIRONMENTS, {"name": "UK", "labels": []})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


async def test_a_rule_of_the_database_that_was_not_looked_at_is_no_503() -> None:
    with (
        pytest.raises(sqlite3.IntegrityError),
        create_app().state.sandbox_state.database.transaction() as db,
    ):
        db.execute("INSERT INTO labels (environment_id, label_id) VALUES (7, 7)")
