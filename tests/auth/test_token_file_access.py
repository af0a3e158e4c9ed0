"""A file of tokens is its owner's alone: what others can read or own is neither trusted nor written into."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from patchworks_core_client import FileTokenStore, Token

from .support import TOKEN


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


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


@pytest.mark.parametrize("make", [_open_to_others, _of_another_user, _a_link])
def test_a_lock_file_that_is_not_ours_alone_is_not_used(path: Path, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileTokenStore(path)
    assert store.try_lock("me")
    store.unlock("me")
    (lock,) = path.parent.iterdir()
    make(lock, monkeypatch)
    with pytest.raises(OSError):  # noqa: PT011 - the text is the system's
        store.try_lock("me")
