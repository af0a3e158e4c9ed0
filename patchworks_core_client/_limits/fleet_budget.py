"""The budget and the pause of a fleet, kept in Redis by scripts that go by the server's time."""

from __future__ import annotations

import math
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import _clock
from .budget import Budget

if TYPE_CHECKING:
    from .rate import Rate
    from .redis_connection import RedisLink

# Who has asked for nothing for so long is no member of the fleet any more.
MEMBER_S = 60
# The least time to live of a key, in milliseconds.
MIN_TTL_MS = 600_000

# Times are microseconds of the server. The state: `next`, when the budget is even again; `pause`, the end of the pause;
# `remaining` and `ends`, the server's own window. A request that has to wait gets a slot, with which it asks again
# when that has come: a pause may have begun meanwhile.
REQUEST = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, slack, window, count = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local slot, seen, longest = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local kept = redis.call('HMGET', KEYS[1], 'next', 'pause', 'remaining', 'ends')
local due, pause = tonumber(kept[1] or 0), tonumber(kept[2] or 0)
local remaining, ends = tonumber(kept[3] or -1), tonumber(kept[4] or 0)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[10]) * 1000000)
redis.call('ZADD', KEYS[2], now, ARGV[8])
redis.call('PEXPIRE', KEYS[2], ARGV[9])
local members = redis.call('ZCARD', KEYS[2])
if now >= ends then remaining = -1 end
if seen >= 0 and window > 0 then
  if remaining < 0 or seen > remaining + count / 10 + 1 then
    remaining, ends = seen, now + window
  else
    remaining = math.min(remaining, seen)
  end
end
local wait, kept_slot = math.max(0, pause - now), 0
if interval > 0 then
  local before = slot > 0 and slot + 2000000 > now and slot >= pause
  if before then
    wait = math.max(0, slot - now)
  else
    slot = math.max(now, due - slack, pause)
    if remaining == 0 then slot = math.max(slot, ends) end
    wait = slot - now
    if wait > longest then
      slot = 0
    else
      local step, start = interval, math.max(due, slot)
      if remaining >= 0 and start < ends then
        step = math.max(step, (ends - start) / math.max(1, remaining))
        remaining = math.max(0, remaining - 1)
      end
      due = start + step
    end
  end
  if wait > 0 then kept_slot = slot end
end
redis.call('HSET', KEYS[1], 'next', string.format('%.0f', due), 'remaining', string.format('%.0f', remaining),
  'ends', string.format('%.0f', ends))
redis.call('PEXPIRE', KEYS[1], ARGV[9])
return {string.format('%.0f', math.ceil(wait)), string.format('%.0f', kept_slot), members}
"""

PAUSE = """
local time = redis.call('TIME')
local ends = time[1] * 1000000 + time[2] + tonumber(ARGV[1])
local kept = tonumber(redis.call('HGET', KEYS[1], 'pause') or 0)
redis.call('HSET', KEYS[1], 'pause', string.format('%.0f', math.max(kept, ends)))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {0}
"""


class Answer(NamedTuple):
    """What `REQUEST` returns: the microseconds to wait, the slot to ask with again, and the members of the fleet."""

    wait: int
    slot: int
    members: int


class FleetBudget:
    """The budget and the pause of a fleet, as one client of it uses them; safe for threads.

    Args:
        link: to Redis.
        keys: of the state and of the members.
        rate: of the whole fleet; `None` shares the pause alone.
        member: names this client.
        workers: how many share the budget, while Redis has never said.
    """

    def __init__(self, link: RedisLink, keys: tuple[str, str], rate: Rate | None, member: str, workers: int) -> None:
        self._link = link
        self._keys = keys
        self.rate = rate
        self._member = member
        self._members = workers
        self._lock = Lock()
        self._slot = 0
        self._seen = -1
        self._local: Budget | None = None

    @property
    def connected(self) -> bool:
        """Whether Redis can be used, as far as is known."""
        return self._link.connected

    def observe(self, remaining: int) -> None:
        """Take in an `X-RateLimit-Remaining`, to be told with the next request."""
        self._seen = remaining

    def request(self, longest: float | None) -> float:
        """Ask for a request; returns the seconds after which to ask again, 0 if it may go out.

        Args:
            longest: the seconds that it can wait; `None` for however long it takes.
        """
        with self._lock:
            slot, self._slot = self._slot, 0
            seen, self._seen = self._seen, -1
        answer = self._link.run(REQUEST, self._keys, self._arguments(slot, seen, longest), _read)
        if answer is None:
            return self._request_locally()
        with self._lock:
            self._members, self._slot, self._local = max(1, answer.members), answer.slot, None
        return answer.wait / 1e6

    def pause(self, seconds: float) -> float:
        """Let no request of the fleet out for so many seconds; returns them."""
        ttl = MIN_TTL_MS + math.ceil(seconds * 1000)
        self._link.run(PAUSE, self._keys[:1], [math.ceil(seconds * 1e6), ttl], _ignore)
        return seconds

    def _arguments(self, slot: int, seen: int, longest: float | None) -> list[object]:
        rate = self.rate
        interval, slack, window, count = (0, 0, 0, 0) if rate is None else _microseconds(rate)
        most = 10**15 if longest is None else math.ceil(longest * 1e6)
        ttl = max(MIN_TTL_MS, 2 * window // 1000)
        return [interval, slack, window, count, slot, seen, most, self._member, ttl, MEMBER_S]

    def _request_locally(self) -> float:
        with self._lock:
            if self.rate is None:
                return 0.0
            if self._local is None:
                self._local = Budget(self.rate.share(self._members))
            now = _clock.now()
            delay = self._local.delay(now)
            if delay <= 0:
                self._local.take(now)
            return delay


def _microseconds(rate: Rate) -> tuple[int, int, int, int]:
    interval = math.ceil(rate.interval_s * 1e6)
    return interval, interval * (rate.burst - 1), math.ceil(rate.window_s * 1e6), rate.limit


def _read(values: Any) -> Answer:
    return Answer(int(values[0]), int(values[1]), int(values[2]))


def _ignore(_: Any) -> bool:
    return True
