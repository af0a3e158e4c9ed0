"""The token of a login that a fleet shares, kept in Redis."""

from __future__ import annotations

import math
import os
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from .. import _clock
from .._auth.tokens import Token

if TYPE_CHECKING:
    from .redis_connection import RedisConnection

# Whoever logs in has so long; after that another one may, whose token has a higher fencing number.
LOCK_TTL_MS = 15_000
# A token that never expires is kept for so long, and each for so long past its end.
TOKEN_TTL_MS = 86_400_000
MARGIN_MS = 3_600_000

# The lock of an account, with a number that rises each time that it is taken.
LOCK = """
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
local number = redis.call('HINCRBY', KEYS[1], 'locks', 1)
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return number
"""

UNLOCK = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
"""

# A token is replaced by one that was obtained under a later lock, or, without a lock, if it is still the one that was
# seen.
SAVE = """
local kept = redis.call('HMGET', KEYS[1], 'token', 'number')
local number = tonumber(ARGV[2])
if kept[1] then
  if number > 0 and number < tonumber(kept[2] or 0) then return 0 end
  if number == 0 and kept[1] ~= ARGV[3] then return 0 end
end
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'number', math.max(number, tonumber(kept[2] or 0)))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
"""

LOAD = "return redis.call('HGET', KEYS[1], 'token') or ''"


class FleetTokenStore:
    """Keeps tokens in Redis, by account; a store as `token_store=` takes it, for whose failures no call fails.

    Args:
        link: to Redis.
        prefix: of its keys.
    """

    def __init__(self, link: RedisConnection, prefix: str) -> None:
        self._link = link
        self._prefix = prefix
        self._held: dict[tuple[int, str], tuple[str, int]] = {}
        self._seen: dict[str, str] = {}

    def load(self, key: str) -> Token | None:
        """The token kept for an account."""
        text = self._link.run(LOAD, [self._token_key(key)], [], _text)
        self._seen[key] = text or ""
        try:
            return Token.from_json(text) if text else None
        except (ValueError, RecursionError):
            # Somebody else wrote it; the next login replaces it.
            return None

    def save(self, key: str, token: Token) -> None:
        """Keep a token for an account, unless a later one is kept."""
        _, number = self._held.get((os.getpid(), key), ("", 0))
        seen = self._seen.get(key, "")
        lifetime = TOKEN_TTL_MS
        if token.expires_at is not None:
            lifetime = min(10 * TOKEN_TTL_MS, max(0, math.ceil((token.expires_at - _clock.wall()) * 1000)))
        self._link.run(SAVE, [self._token_key(key)], [token.to_json(), number, seen, lifetime + MARGIN_MS], int)

    def try_lock(self, key: str) -> bool:
        """Take the lock of an account if it is free; whether it was. Without Redis, everybody logs in alone."""
        # One step, so that there is no lock that a fork or a signal could find taken; a child has none of these.
        owner, held = secrets.token_hex(16), (os.getpid(), key)
        if self._held.setdefault(held, (owner, 0))[0] != owner:
            return False
        keys = [self._token_key(key), self._lock_key(key)]
        number = self._link.run(LOCK, keys, [owner, LOCK_TTL_MS, MARGIN_MS], int)
        if number == 0:
            del self._held[held]
        else:
            self._held[held] = (owner, number or 0)
        return number != 0

    def unlock(self, key: str) -> None:
        """Give the lock back, without waiting for Redis."""
        owner, number = self._held.pop((os.getpid(), key), ("", 0))
        if number:
            self._link.submit(UNLOCK, [self._lock_key(key)], [owner])

    def __repr__(self) -> str:
        return "<FleetTokenStore>"

    def _token_key(self, key: str) -> str:
        # The account is named by a digest: an e-mail address need not stand in the names of keys.
        return f"{self._prefix}:token:{sha256(key.encode()).hexdigest()}"

    def _lock_key(self, key: str) -> str:
        return f"{self._token_key(key)}:lock"


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
