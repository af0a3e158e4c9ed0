"""A token that a login gave, and where tokens are kept: the protocol, and the store in memory."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import Any, Protocol, cast, runtime_checkable

from .._lazy import resolvable
from .authorization import bearer

# Larger numbers (and what is none: infinity) are no time that anybody meant.
_END_OF_TIME_S = 1e12

# What the value of an `Authorization` header may hold. A line break in it would be a header of its own.
_SENDABLE = re.compile(r"[\x21-\x7e]+")


@resolvable
@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """A token as a login gave it.

    Attributes:
        value: the token itself; no `repr` shows it.
        expires_at: when it expires, in seconds since 1970; `None` where the server did not say, and it is used until it
            is refused.
        obtained_at: when it was obtained, in seconds since 1970, if that is known.

    Raises:
        ValueError: the value is empty, or cannot be sent in a header. The message does not repeat it.
    """

    value: str
    expires_at: float | None = None
    obtained_at: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.value, str) or not _SENDABLE.fullmatch(self.value):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError("a token must be text that can be sent in a header")

    @property
    def authorization(self) -> str:
        """The value of the `Authorization` header."""
        return bearer(self.value)

    def is_expired(self, now: float) -> bool:
        """Whether it is certainly of no use any more."""
        return self.expires_at is not None and now >= self.expires_at

    def to_json(self) -> str:
        """Text for a store to keep. It holds the token, so keep it where nobody else can read it."""
        return json.dumps({"value": self.value, "expires_at": self.expires_at, "obtained_at": self.obtained_at})

    @classmethod
    def from_json(cls, text: str | bytes) -> Token:
        """The token of such a text.

        Raises:
            ValueError: it is no such text.
        """
        fields: Any = json.loads(text)
        if not isinstance(fields, dict):
            raise ValueError("a token is kept as a JSON object")
        kept = cast("dict[str, Any]", fields)
        return cls(kept.get("value", ""), _moment(kept.get("expires_at")), _moment(kept.get("obtained_at")))

    def __repr__(self) -> str:
        return "<Token>" if self.expires_at is None else f"<Token that expires at {self.expires_at:.0f}>"


def _moment(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _END_OF_TIME_S:
        return float(value)
    raise ValueError("the times of a token are seconds since 1970")


@resolvable
class TokenStore(Protocol):
    """Where the token of a login is kept, so that not every client, or process, has to log in by itself.

    Both methods may block; the asynchronous client calls them in a worker thread. What they raise is logged, and the
    login goes on as if nothing had been kept. They may be called from several threads.

    A store that several clients or processes share can also let one of them log in while the others wait for its
    token. It then has two more methods: `try_lock(key) -> bool` takes the lock of an account if it is free, without
    waiting, and `unlock(key)` gives it back. A lock whose holder has died must become free by itself.

    Example:
        ```python
        import redis

        class RedisTokenStore:
            def __init__(self) -> None:
                self._redis = redis.Redis(decode_responses=True)

            def load(self, key: str) -> Token | None:
                text = self._redis.get(f"patchworks:{key}")
                return Token.from_json(text) if isinstance(text, str) else None

            def save(self, key: str, token: Token) -> None:
                self._redis.set(f"patchworks:{key}", token.to_json())

        pw = Patchworks(username="me@example.com", password="...", token_store=RedisTokenStore())
        ```
    """

    def load(self, key: str) -> Token | None:
        """The token kept for `key`, which names the account: its user and where it logs in; `None` if there is none."""
        ...

    def save(self, key: str, token: Token) -> None:
        """Keep `token` for `key`, in the place of an older one."""
        ...


@resolvable
@runtime_checkable
class LockingTokenStore(TokenStore, Protocol):
    """A store in which one of several can log in for all."""

    def try_lock(self, key: str) -> bool:
        """Take the lock of an account if it is free; whether it was."""
        ...

    def unlock(self, key: str) -> None:
        """Give the lock back; nothing happens if it was not taken."""
        ...


@resolvable
class MemoryTokenStore:
    """Keeps tokens in this process. Clients that are given the same one share their tokens, and log in once."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._locked: dict[tuple[int, str], object] = {}

    def load(self, key: str) -> Token | None:
        """The token kept for `key`."""
        return self._tokens.get(key)

    def save(self, key: str, token: Token) -> None:
        """Keep `token` for `key`."""
        self._tokens[key] = token

    def try_lock(self, key: str) -> bool:
        """Take the lock of an account if it is free; whether it was."""
        # One step, so that there is no lock that a fork or a signal could find taken; a child has none of these.
        mine = object()
        return self._locked.setdefault((os.getpid(), key), mine) is mine

    def unlock(self, key: str) -> None:
        """Give the lock back."""
        self._locked.pop((os.getpid(), key), None)

    def __repr__(self) -> str:
        return f"<MemoryTokenStore with {len(self._tokens)} tokens>"
