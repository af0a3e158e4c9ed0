"""The SQLite database: in memory, or in a file that survives the death of the process."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
import weakref
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..laravel.errors import HttpError
from ..laravel.validation import truthy

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from os import PathLike

SCHEMA_VERSION = 2
BUSY_TIMEOUT_S = 5.0
RETRY_SOON = {"Retry-After": "1"}

SCHEMA = Path(__file__).with_name("schema.sql")


class StoreError(Exception):
    """The database file cannot be used; the text says why."""


class Database:
    """The database behind one sandbox.

    Every response is sent after its transaction is committed, and a commit to a file is on the disk (write-
    ahead log, `synchronous=FULL`): whatever was acknowledged survives a `kill -9` and a power cut.

    Attributes:
        in_memory: whether nothing has to wait for a disk.

    Args:
        path: the database file, made when it is not there; `None` keeps the state in memory.
        clock: gives the time that SQL calls `now()`, in seconds since the epoch.

    Raises:
        StoreError: the file is no database of this sandbox, or cannot be opened.
    """

    def __init__(self, path: str | PathLike[str] | None = None, clock: Callable[[], float] = time.time) -> None:
        self.in_memory = path is None
        self._lock = threading.RLock()
        self._clock = clock
        try:
            self._db = sqlite3.connect(
                ":memory:" if path is None else path,
                timeout=BUSY_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
            )
        except sqlite3.Error as error:
            raise StoreError(f"{path}: {error}") from None
        # Closes the database also for an app that nobody closes, where Python would warn about it.
        self._close = weakref.finalize(self, self._db.close)
        try:
            self._prepare()
        except (sqlite3.Error, StoreError) as error:
            self.close()
            raise StoreError(f"{path}: {error}") from None

    def _prepare(self) -> None:
        self._db.row_factory = sqlite3.Row
        self._db.create_function("contains", 2, _contains, deterministic=True)
        self._db.create_function("same", 2, _same, deterministic=True)
        self._db.create_function("truthy", 1, truthy, deterministic=True)
        self._db.create_function("now", 0, self._clock)
        # Looked at before anything is set, so that somebody else's file stays as it is.
        _is_new(self._db)
        self._use_write_ahead_log()
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        with self._transaction() as db:
            if _is_new(db):
                for statement in SCHEMA.read_text().split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _use_write_ahead_log(self) -> None:
        # Where several processes make the file at once, SQLite does not wait for its turn here as it does elsewhere.
        deadline = time.monotonic() + BUSY_TIMEOUT_S
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """All or nothing: committed at the end of the block, rolled back by an exception.

        Raises:
            HttpError: 503, where the database is locked for too long, or fails.
        """
        try:
            with self._transaction() as db:
                yield db
        except sqlite3.IntegrityError:
            # A rule that was not looked at before: a fault of the sandbox, not of the disk.
            raise
        except sqlite3.Error as error:
            raise HttpError(503, f"The database is unavailable: {error}.", headers=RETRY_SOON) from None

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        # Those that wait behind one that waits for another process do not wait the longer for it.
        if not self._lock.acquire(timeout=BUSY_TIMEOUT_S):
            raise sqlite3.OperationalError("database is locked")
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        finally:
            # After a success, and after some failures, as that of a full disk, nothing is left to be undone.
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            self._lock.release()

    def secret(self, name: str, *, renew: bool = False) -> bytes:
        """Return a random secret that is kept with the state.

        Args:
            name: which secret.
            renew: make a new one, so that the old one is worth nothing.
        """
        with self.transaction() as db:
            row = db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
            if row is None or renew:
                value = secrets.token_hex(32)
                db.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, value))
                return value.encode()
            return str(row["value"]).encode()

    def clear(self) -> None:
        """Forget all environments; identifiers begin at 1 again."""
        with self.transaction() as db:
            db.execute("DELETE FROM environments")
            db.execute("DELETE FROM sqlite_sequence")

    def close(self) -> None:
        """Close the database; what was in memory is gone. A second call does nothing."""
        self._close()


def _is_new(db: sqlite3.Connection) -> bool:
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found == SCHEMA_VERSION:
        return False
    if found or db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        raise StoreError("this file was not made by this version of the sandbox")
    return True


def _contains(text: str | None, part: str) -> bool:
    # SQLite's LIKE ignores the case of ASCII letters only.
    return text is not None and part.casefold() in str(text).casefold()


def _same(text: str | None, other: str) -> bool:
    return text is not None and other.casefold() == str(text).casefold()
