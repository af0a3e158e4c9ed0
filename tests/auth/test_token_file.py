"""A file of tokens is its owner's alone, is never half written, and is survived whatever stands in it."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from patchworks_core_client import FileTokenStore, Token
from patchworks_core_client._auth import file_token_store
from tests.support.cases import cases

TOKEN = Token("secret-token", 4e9, 1.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "tokens.json"


@pytest.fixture
def kept(path: Path) -> Path:
    """A file with a token in it."""
    FileTokenStore(path).save("me", TOKEN)
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_was_kept_is_there_for_another_store(path: Path) -> None:
    one, two = FileTokenStore(path), FileTokenStore(str(path))
    assert one.load("me") is None
    one.save("me", TOKEN)
    two.save("you", Token("other"))
    assert two.load("me") == TOKEN
    assert one.load("you") == Token("other")
    assert one.load("them") is None


def test_only_the_owner_can_read_it(path: Path) -> None:
    old = os.umask(0)
    try:
        store = FileTokenStore(path)
        store.save("me", TOKEN)
        assert store.try_lock("me")
        store.unlock("me")
    finally:
        os.umask(old)
    assert mode(path.parent) == 0o700
    files = list(path.parent.iterdir())
    assert len(files) == 3, "the tokens, the lock of the file and that of the account"
    assert {mode(file) for file in files} == {0o600}


def test_a_folder_that_was_there_stays_as_it_is(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    FileTokenStore(path).save("me", TOKEN)
    assert mode(path.parent) == 0o755
    assert mode(path) == 0o600


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


def test_a_device_is_never_replaced() -> None:
    # Of a terminal, since a test as root that failed would be the end of /dev/null.
    ends = os.openpty()
    try:
        store = FileTokenStore(os.ttyname(ends[1]))
        for use in (lambda: store.save("me", TOKEN), lambda: store.try_lock("me")):
            with pytest.raises(OSError, match="it is a device: '/dev/"):
                use()
    finally:
        for end in ends:
            os.close(end)


def _open_to_others(path: Path, _: Any) -> None:
    path.chmod(0o640)


def _of_another_user(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)


def _a_link(path: Path, _: Any) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def _a_pipe(path: Path, _: Any) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def _not_readable(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = os.open

    def refuse(name: Any, *arguments: Any) -> int:
        if name == str(path):
            raise PermissionError(13, "Permission denied")
        return original(name, *arguments)

    monkeypatch.setattr(os, "open", refuse)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_open_to_others, "others than its owner have access to it"),
        (_of_another_user, "it belongs to another user"),
        (_a_link, "Too many levels of symbolic links"),
        (_a_pipe, "it is no regular file"),
        (_not_readable, "Permission denied"),
    ],
)
def test_a_file_that_is_not_ours_alone_is_taken_as_empty(
    kept: Path, make: Any, reason: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make(kept, monkeypatch)
    assert FileTokenStore(kept).load("me") is None
    assert f"The token file {kept} is taken as empty: {reason}." in caplog.text
    assert "secret-token" not in caplog.text


@pytest.mark.parametrize("make", [_open_to_others, _a_link, _a_pipe])
def test_such_a_file_is_replaced_not_written_into(kept: Path, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    make(kept, monkeypatch)
    store = FileTokenStore(kept)
    store.save("me", Token("new"))
    assert store.load("me") == Token("new")
    assert not kept.is_symlink()
    assert mode(kept) == 0o600
    elsewhere = kept.with_name("elsewhere")
    if elsewhere.exists():
        assert "secret-token" in elsewhere.read_text(), "what the link named is untouched"


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(kept: Path) -> None:
    kept.unlink()
    kept.mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - the text is the system's
        FileTokenStore(kept).save("me", TOKEN)
    assert [file.name for file in kept.parent.iterdir() if file.suffix == ".tmp"] == []


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


@pytest.mark.parametrize("make", [_open_to_others, _of_another_user, _a_link])
def test_a_lock_file_that_is_not_ours_alone_is_not_used(path: Path, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileTokenStore(path)
    assert store.try_lock("me")
    store.unlock("me")
    (lock,) = path.parent.iterdir()
    make(lock, monkeypatch)
    with pytest.raises(OSError):  # noqa: PT011 - the text is the system's
        store.try_lock("me")


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
