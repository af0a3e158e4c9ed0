"""Token stores that fail: it is said once which and why, nothing is left lying about, and the login goes on."""

from __future__ import annotations

import logging
import os
import threading
import time
import traceback
from pathlib import Path
from typing import Any

import pytest

from patchworks_core_client import AuthenticationError, FileTokenStore, MemoryTokenStore, ServerError, Token
from tests.support.cases import cases

from .support import ACCOUNT, PASSWORD, Host, MakeFace


def broken_path(kind: str, folder: Path) -> Path:
    """A place where no file can be written."""
    if kind == "a file where a folder is wanted":
        (folder / "file").write_text("x")
        return folder / "file" / "deeper" / "tokens.json"
    if kind == "a folder where a file is wanted":
        (folder / "tokens.json").mkdir()
        return folder / "tokens.json"
    if kind == "a lock that is no file":
        (folder / "tokens.json.lock").mkdir()
        return folder / "tokens.json"
    return folder / ("x" * 300) / "tokens.json"


@pytest.mark.parametrize(
    "kind",
    [
        "a file where a folder is wanted",
        "a folder where a file is wanted",
        "a lock that is no file",
        "a name that is too long",
    ],
)
def test_a_file_that_cannot_be_written(
    make: MakeFace, tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    caplog.set_level(logging.WARNING, "patchworks_core_client")
    path = broken_path(kind, tmp_path)
    before = sorted(tmp_path.rglob("*"))
    face = make(Host(), store=FileTokenStore(path))
    assert face.authorization() == "Bearer token-1"
    assert face.authorization() == "Bearer token-1"
    *others, said = caplog.messages
    assert said.startswith(f"The token store failed ({path}: ")
    assert others == [] or kind == "a name that is too long"
    assert [entry for entry in sorted(tmp_path.rglob("*")) if entry not in before and entry.suffix != ".lock"] == []


def test_what_is_wrong_with_a_file_is_said_once(
    make: MakeFace, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "patchworks_core_client")
    path = tmp_path / "\x1b[2J\u202etokens.json"
    path.write_text("no JSON")
    path.chmod(0o600)
    store = FileTokenStore(path)
    assert make(Host(), store=store).authorization() == "Bearer token-1"
    assert caplog.messages == [
        f"The token file {tmp_path}/\\x1b[2J\\u202etokens.json is taken as empty: it holds something else."
    ]
    path.chmod(0o644)
    assert make(Host(), store=store).authorization() == "Bearer token-1"
    assert len(caplog.messages) == 2, "another reason"


def test_a_name_with_hidden_characters_is_shown_without(make: MakeFace, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "patchworks_core_client")
    host, account = Host(), ACCOUNT._replace(username="me\x1b[2J\u202e")
    make(host, account).authorization()
    host.answer = lambda _: (401, b"")
    with pytest.raises(AuthenticationError, match=r"^The login of me\\x1b\[2J\\u202e at"):
        make(host, account).authorization()
    assert caplog.messages == ["Logged in as me\\x1b[2J\\u202e at login.example."]


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_no_lock_of_a_store_is_found_taken_by_a_signal_or_a_fork(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    store = MemoryTokenStore() if kind == "memory" else FileTokenStore(tmp_path / "tokens.json")
    original, meanwhile = os.open, []

    def interrupted(*arguments: Any) -> int:
        if not meanwhile:
            meanwhile.append(arguments)
            assert store.try_lock("of the handler")
            store.unlock("of the handler")
        return original(*arguments)

    monkeypatch.setattr(os, "open", interrupted)
    tried = threading.Thread(target=store.try_lock, args=("key",), daemon=True)
    tried.start()
    tried.join(10)
    assert not tried.is_alive()
    assert not store.try_lock("key")
    parent = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: parent + 1)
    store.unlock("key")
    assert store.try_lock("key") is (kind == "memory"), "a child waits for the file, not for what it inherited"
    monkeypatch.setattr(os, "getpid", lambda: parent)
    store.unlock("key")
    assert store.try_lock("key")
    store.unlock("key")


class Failing(MemoryTokenStore):
    """A store of a user's own, whose errors may say anything."""

    def __init__(self, error: Exception, *methods: str) -> None:
        super().__init__()
        self.error, self.methods = error, methods

    def _maybe(self, method: str) -> None:
        if method in self.methods:
            raise self.error

    def load(self, key: str) -> Token | None:
        self._maybe("load")
        return super().load(key)

    def save(self, key: str, token: Token) -> None:
        self._maybe("save")
        super().save(key, token)

    def try_lock(self, key: str) -> bool:
        self._maybe("try_lock")
        return super().try_lock(key)

    def unlock(self, key: str) -> None:
        self._maybe("unlock")
        super().unlock(key)


@cases("error", [RuntimeError(f"redis://:{PASSWORD}@h"), ConnectionRefusedError(111, f"of {PASSWORD}"), KeyError("x")])
@cases("methods", [("load",), ("save",), ("try_lock",), ("unlock",), ("load", "save", "try_lock", "unlock")])
def test_a_store_of_the_users_own(
    make: MakeFace, caplog: pytest.LogCaptureFixture, methods: tuple[str, ...], error: Exception
) -> None:
    caplog.clear()
    caplog.set_level(logging.WARNING, "patchworks_core_client")
    assert make(Host(), store=Failing(error, *methods)).authorization() == "Bearer token-1"
    assert caplog.messages == [f"The token store failed ({type(error).__name__}); going on without it."]


class Broken:
    """A store that fails at everything, or at some things."""

    def __init__(self, *methods: str) -> None:
        self.methods = methods
        self.kept: Any = None
        self.unlocked = 0

    def _fail(self, method: str) -> None:
        if method in self.methods:
            raise ConnectionError("redis://user:secret@cache")

    def load(self, key: str) -> Token | None:
        self._fail("load")
        kept: Token | None = self.kept
        return kept

    def save(self, key: str, token: Token) -> None:
        self._fail("save")
        self.kept = token

    def try_lock(self, key: str) -> bool:
        self._fail("try_lock")
        return True

    def unlock(self, key: str) -> None:
        self.unlocked += 1
        self._fail("unlock")


@cases("method", ["load", "save", "try_lock", "unlock"])
def test_a_store_that_fails_is_survived(make: MakeFace, method: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.clear()
    host, store = Host(), Broken(method)
    face = make(host, store=store)
    assert face.authorization() == "Bearer token-1"
    assert "The token store failed (ConnectionError); going on without it." in caplog.text
    assert "secret" not in caplog.text
    assert store.unlocked == (method != "try_lock"), "a lock that was not taken is not given back"


@cases("kept", ["text", 5, {"token": "x"}])
def test_a_store_that_gives_something_else(make: MakeFace, kept: Any) -> None:
    host, store = Host(), Broken()
    store.kept = kept
    assert make(host, store=store).authorization() == "Bearer token-1"


@cases("path", ["", " ", "\n", "a\0b"])
def test_an_empty_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="FileTokenStore takes the path of a file") as caught:
        FileTokenStore(path)
    traceback.TracebackException.from_exception(caught.value, capture_locals=True)


@pytest.mark.parametrize("path", [b"tokens.json", None, 5])
def test_what_is_no_path_is_refused(path: Any) -> None:
    with pytest.raises(TypeError):
        FileTokenStore(path)


def test_what_a_killed_writer_left_is_removed_later(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path / "tokens.json")
    old, new, other = (tmp_path / name for name in (".tokens.json.a.tmp", ".tokens.json.b.tmp", ".other.json.a.tmp"))
    for leftover in (old, new, other):
        leftover.write_text("x")
    for leftover in (old, other):
        os.utime(leftover, (time.time() - 3600,) * 2)
    store.save("key", Token("abc"))
    assert (old.exists(), new.exists(), other.exists()) == (False, True, True)
    assert store.load("key") == Token("abc")


def test_a_login_that_fails_has_no_effect_on_the_call(make: MakeFace) -> None:
    host = Host()
    host.answer = lambda _: (503, {"message": "no"})
    with pytest.raises(ServerError) as caught:
        make(host).authorization()
    assert caught.value.may_have_taken_effect is False
