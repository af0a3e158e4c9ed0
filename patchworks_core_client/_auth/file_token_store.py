"""Keeps tokens in a file that only its owner can read, for the processes of one user on one machine."""

from __future__ import annotations

import errno
import json
import logging
import os
import stat
import tempfile
import time
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from .. import _clock
from .._http.masking import escaped
from .._lazy import resolvable
from .tokens import Token

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Generator

# A file of tokens is a few kilobytes; what is larger is something else.
MAX_FILE_BYTES = 1024 * 1024

# Writing takes milliseconds. A process that was stopped in the middle of it shall not stop all others.
MAX_WRITE_WAIT_S = 5.0
_WRITE_POLL_S = 0.01
# Whoever has not finished writing after so long was killed.
MAX_WRITE_AGE_S = 60.0

_OPEN_SAFELY = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)

_log = logging.getLogger("patchworks_core_client.login")


@resolvable
class FileTokenStore:
    """Keeps tokens in a file, so that the processes of one user on one machine log in once.

    The file can be read and written by its owner only (mode 0600), and so can its folder, if it is made here (0700). It
    is replaced as a whole, never written in place. Several accounts can share it. A file that is damaged, belongs to
    someone else, is open to others, or is a symbolic link is taken as empty, and a warning is logged.

    Lock files stand beside it, one for the file and one for each account, and stay there empty. Where the platform has
    no such locks (Windows), each process logs in by itself.

    Args:
        path: of the file; `~` is the home of the user.

    Raises:
        TypeError: it is no path of text.
        ValueError: it is empty.

    Example:
        ```python
        store = FileTokenStore("~/.cache/patchworks/tokens.json")
        pw = AsyncPatchworks(username="me@example.com", password="...", token_store=store)
        ```
    """

    # That of one whose constructor raised, which a debugger may print.
    _path = ""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        text: object = os.fspath(path)
        if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers need not be typed
            raise TypeError("FileTokenStore takes a path of text, not of bytes")
        if not text.strip() or "\0" in text:
            raise ValueError("FileTokenStore takes the path of a file, such as '~/.cache/patchworks/tokens.json'")
        self._path = os.path.abspath(os.path.expanduser(text))
        self._locks: dict[tuple[int, str], list[int]] = {}
        self._told = ""

    def load(self, key: str) -> Token | None:
        """The token kept for `key`."""
        return self._read().get(key)

    def save(self, key: str, token: Token) -> None:
        """Keep `token` for `key`; those of other accounts stay, unless they have expired.

        Raises:
            OSError: the file cannot be written.
        """
        with self._naming_file(), self._write_lock():
            now = _clock.wall()
            kept = {name: other for name, other in self._read().items() if not other.is_expired(now)}
            self._replace({**kept, key: token})
            self._remove_leftovers()

    def try_lock(self, key: str) -> bool:
        """Take the lock of an account if no other client or process has it; whether it was free.

        Raises:
            OSError: the lock file cannot be made, or is not ours.
        """
        # One step, so that there is no lock that a fork or a signal could find taken; a child has none of these.
        mine: list[int] = []
        if self._locks.setdefault((os.getpid(), key), mine) is not mine:
            return False
        try:
            with self._naming_file():
                handle = _lock(f"{self._path}.{sha256(key.encode()).hexdigest()[:16]}.lock")
            if handle is not None:
                mine.append(handle)
        finally:
            if not mine:
                self.unlock(key)
        return bool(mine)

    def unlock(self, key: str) -> None:
        """Give the lock back."""
        for handle in self._locks.pop((os.getpid(), key), ()):
            _unlock(handle)

    def __repr__(self) -> str:
        return f"FileTokenStore({self._path!r})"

    def _read(self) -> dict[str, Token]:
        try:
            handle = os.open(self._path, os.O_RDONLY | _OPEN_SAFELY)
        except (FileNotFoundError, NotADirectoryError):
            # Where there can be no such file, saving says so.
            return {}
        except OSError as error:
            return self._ignored(error.strerror or type(error).__name__)
        try:
            status = os.fstat(handle)
            if stat.S_ISDIR(status.st_mode):
                return {}
            problem = _reason_for_distrust(status)
            if problem is not None:
                return self._ignored(problem)
            with open(handle, "rb", closefd=False) as file:
                content = file.read(MAX_FILE_BYTES + 1)
        finally:
            os.close(handle)
        try:
            return _decode(content)
        except (ValueError, RecursionError):
            return self._ignored("it holds something else")

    def _ignored(self, reason: str) -> dict[str, Token]:
        if reason != self._told:
            # A login looks several times.
            self._told = reason
            _log.warning("The token file %s is taken as empty: %s.", escaped(self._path), reason)
        return {}

    @contextmanager
    def _naming_file(self) -> Generator[None, None, None]:
        """Make the folder, and name the token file in every error, whatever file beside it the error was about."""
        try:
            # A file that is put in its place would be the end of /dev/null for everybody.
            with suppress(FileNotFoundError, NotADirectoryError):
                if _is_device(os.lstat(self._path)):
                    raise OSError(errno.EINVAL, "it is a device")
            os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
            yield
        except OSError as error:
            raise OSError(error.errno, error.strerror or str(error), self._path) from None

    def _remove_leftovers(self) -> None:
        """Remove the temporary files of writers that were killed."""
        folder, name = os.path.split(self._path)
        oldest = time.time() - MAX_WRITE_AGE_S
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(f".{name}.") and entry.name.endswith(".tmp"):
                    with suppress(OSError):
                        if entry.stat(follow_symlinks=False).st_mtime < oldest:
                            os.unlink(entry.path)

    def _replace(self, tokens: dict[str, Token]) -> None:
        folder, name = os.path.split(self._path)
        # Made by mkstemp with mode 0600 under a new name, so that no one can have put a link there.
        handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=folder)
        try:
            with open(handle, "wb") as file:
                file.write(_encode(tokens))
            os.replace(temporary, self._path)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise

    @contextmanager
    def _write_lock(self) -> Generator[None, None, None]:
        """Keeps other processes from writing between our reading and our writing."""
        deadline = time.monotonic() + MAX_WRITE_WAIT_S
        while (handle := _lock(f"{self._path}.lock")) is None:
            if time.monotonic() > deadline:
                # Somebody else's token may be lost: that process will log in again.
                _log.warning(
                    "The token file %s was locked for too long; it is written all the same.", escaped(self._path)
                )
                break
            time.sleep(_WRITE_POLL_S)
        try:
            yield
        finally:
            if handle is not None:
                _unlock(handle)


def _encode(tokens: dict[str, Token]) -> bytes:
    kept = {key: json.loads(token.to_json()) for key, token in tokens.items()}
    return json.dumps({"version": 1, "tokens": kept}, indent=1).encode()


def _decode(content: bytes) -> dict[str, Token]:
    if len(content) > MAX_FILE_BYTES:
        raise ValueError("too large")
    whole: Any = json.loads(content)
    entries: Any = cast("dict[str, Any]", whole).get("tokens") if isinstance(whole, dict) else None
    if not isinstance(entries, dict):
        raise ValueError("no tokens")
    tokens: dict[str, Token] = {}
    for key, fields in cast("dict[str, Any]", entries).items():
        # One that cannot be read is no reason to lose the others.
        with suppress(ValueError):
            tokens[key] = Token.from_json(json.dumps(fields))
    return tokens


def _is_device(status: os.stat_result) -> bool:
    return stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode)


def _reason_for_distrust(status: os.stat_result) -> str | None:
    """Why a file is not to be trusted, if it is not."""
    if not stat.S_ISREG(status.st_mode):
        return "it is no regular file"
    if hasattr(os, "geteuid"):
        if status.st_uid != os.geteuid():
            return "it belongs to another user"
        if status.st_mode & 0o077:
            return "others than its owner have access to it"
    return None


def _lock(path: str) -> int | None:
    """Lock a file without waiting; `None` if another has it locked."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | _OPEN_SAFELY, 0o600)
    try:
        problem = _reason_for_distrust(os.fstat(handle))
        if problem is not None:
            # Whoever can open it can also keep it locked.
            raise PermissionError(f"the lock file is not used: {problem}")
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except BaseException:
        os.close(handle)
        raise
    return handle


def _unlock(handle: int) -> None:
    # Closing alone would not do where a child process has inherited the handle.
    if fcntl is not None:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_UN)
    os.close(handle)
