"""A file of tokens is never half written, is survived whatever stands in it, and loses nothing that others write."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from patchworks_core_client import FileTokenStore, Token
from patchworks_core_client._auth import file_token_store
from tests.support.cases import cases

from .support import TOKEN


def test_what_was_kept_is_there_for_another_store(path: Path) -> None:
    one, two = FileTokenStore(path), FileTokenStore(str(path))
    assert one.load("me") is None
    one.save("me", TOKEN)
    two.save("you", Token("other"))
    assert two.load("me") == TOKEN
    assert one.load("you") == Token("other")
    assert one.load("them") is None


def test_the_home_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    FileTokenStore("~/tokens.json").save("me", TOKEN)
    assert (tmp_path / "tokens.json").exists()
    assert repr(FileTokenStore("~/tokens.json")) == f"FileTokenStore('{tmp_path}/tokens.json')"


def test_what_has_expired_is_not_kept_for_ever(path: Path) -> None:
    store = FileTokenStore(path)
    store.save("old", Token("x", 5.0))
    store.save("me", TOKEN)
    assert list(json.loads(path.read_text())["tokens"]) == ["me"]


@cases(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[1]",
        b"{}",
        b'{"tokens": null}',
        b'{"tokens": [1]}',
        b"[" * 100_000,
        b'{"tokens": {' + b" " * 1024 * 1024 + b"}}",
    ],
)
def test_a_damaged_file_is_taken_as_empty(kept: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.clear()
    kept.write_bytes(content)
    store = FileTokenStore(kept)
    assert store.load("me") is None
    assert "is taken as empty: it holds something else." in caplog.text
    store.save("me", TOKEN)
    assert store.load("me") == TOKEN


def test_one_damaged_token_is_no_reason_to_lose_the_others(kept: Path) -> None:
    whole = json.loads(kept.read_text())
    whole["tokens"] |= {"a": None, "b": {"value": ""}, "c": {"value": "x", "expires_at": "soon"}}
    kept.write_text(json.dumps(whole))
    store = FileTokenStore(kept)
    assert store.load("me") == TOKEN
    assert [store.load(key) for key in "abc"] == [None] * 3


def test_readers_never_see_a_file_that_is_half_written(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = FileTokenStore(path)
    store.save("me", TOKEN)
    stop = threading.Event()
    seen: list[Token | None] = []

    def read() -> None:
        while not stop.is_set():
            seen.append(FileTokenStore(path).load("me"))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(100):
        store.save("other", Token("x" * (1 + number * 50)))
    stop.set()
    reader.join()
    assert set(seen) == {TOKEN}
    assert caplog.text == ""


def test_writers_do_not_lose_each_others_tokens(path: Path) -> None:
    def write(writer: int) -> None:
        for number in range(8):
            FileTokenStore(path).save(f"{writer}-{number}", Token("x"))

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(json.loads(path.read_text())["tokens"]) == 48


def test_the_lock_of_an_account(path: Path) -> None:
    one, two = FileTokenStore(path), FileTokenStore(path)
    assert one.try_lock("me")
    assert not two.try_lock("me")
    assert not one.try_lock("me"), "another client with the same store"
    assert two.try_lock("you"), "each account has its own"
    two.unlock("me")
    assert not two.try_lock("me"), "only who has it can give it back"
    one.unlock("me")
    assert two.try_lock("me")
    two.unlock("me")
    two.unlock("you")


def test_a_writer_that_stands_still_does_not_stop_the_others_for_ever(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(file_token_store, "MAX_WRITE_WAIT_S", 0.03)
    store = FileTokenStore(path)
    store.save("you", TOKEN)
    with store._write_lock():
        FileTokenStore(path).save("me", TOKEN)
    assert "was locked for too long" in caplog.text
    assert store.load("me") == TOKEN


def test_where_there_are_no_locks_each_process_logs_in_by_itself(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_token_store, "fcntl", None)
    monkeypatch.delattr(os, "geteuid")
    one, two = FileTokenStore(path), FileTokenStore(path)
    assert one.try_lock("me")
    assert two.try_lock("me")
    one.unlock("me")
    two.unlock("me")
    one.save("me", TOKEN)
    assert two.load("me") == TOKEN
