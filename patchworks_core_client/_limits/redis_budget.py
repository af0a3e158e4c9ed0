"""The budget and the pause of a fleet, kept in Redis by scripts that go by the server's time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .budget import Answer, Ask, Budget, ClientBudget

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from .rate import Rate
    from .redis_connection import RedisConnection

# Who has asked for nothing for so long, and waits for nothing, is no member of the fleet any more.
MEMBER_S = 60
# How long keys live, at the least, after what they say is over.
TTL_S = 600

SERVER_TIME = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
"""

# `Budget.request` in Lua, in seconds. The state: `due`, `pause` (`paused_until`), `remaining` and `ends`. Members are
# kept by the moment from which they wait for nothing.
REQUEST = """
local interval, slack, late = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local limit, window = tonumber(ARGV[4]), tonumber(ARGV[5])
local slot, seen, age, longest = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local kept = redis.call('HMGET', KEYS[1], 'due', 'pause', 'remaining', 'ends')
local due, paused_until = tonumber(kept[1] or 0), tonumber(kept[2] or 0)
local remaining, ends = tonumber(kept[3] or -1), tonumber(kept[4] or 0)

local at = now - age
if seen >= 0 and at >= ends then
  remaining, ends = seen, at + window
elseif seen >= 0 and now < ends and at >= ends - window then
  if seen > remaining + limit / 10 + 1 then
    remaining, ends = seen, at + window
  end
  remaining = math.min(remaining, seen)
end
if now >= ends then remaining = -1 end

local function next_at()
  local at = due - slack
  if remaining == 0 then at = math.max(at, ends) end
  return at
end

local pause = math.max(0, paused_until - now)
local wait, after = pause, 0
if interval == 0 then
  slot = 0
else
  if slot > 0 and slot >= paused_until and slot + window > now then
    due = math.max(due, now - late + interval)
  else
    slot = math.max(now, next_at(), paused_until)
    if slot - now > longest then
      wait, slot = slot - now, 0
    else
      local step, start = interval, math.max(due, slot)
      if remaining >= 0 and start < ends then
        step = math.max(step, (ends - start) / math.max(1, remaining))
        remaining = math.max(0, remaining - 1)
      end
      due = start + step
    end
  end
  if slot > 0 then
    wait = slot - now
    if wait <= 0.000001 then wait = 0 end
  end
  after = next_at() - now
end

local function text(number) return string.format('%.17g', number) end
local ttl = math.ceil(1000 * (tonumber(ARGV[10]) + math.max(0, due - now, pause, ends - now)))
redis.call('HSET', KEYS[1], 'due', text(due), 'remaining', text(remaining), 'ends', text(ends))
redis.call('PEXPIRE', KEYS[1], ttl)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', text(now - tonumber(ARGV[11])))
redis.call('ZADD', KEYS[2], text(now + wait), ARGV[12])
redis.call('PEXPIRE', KEYS[2], ttl)
return {text(wait), text(slot), text(pause), text(after), redis.call('ZCARD', KEYS[2])}
"""

PAUSE = """
local ends = math.max(tonumber(redis.call('HGET', KEYS[1], 'pause') or 0), now + tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'pause', string.format('%.17g', ends))
local ttl = math.ceil(1000 * (tonumber(ARGV[2]) + ends - now))
if redis.call('PTTL', KEYS[1]) < ttl then redis.call('PEXPIRE', KEYS[1], ttl) end
return 0
"""


class FleetBudget(ClientBudget):
    """The budget and the pause of a fleet, as one client of it uses them.

    Args:
        link: to Redis.
        keys: of the state and of the members.
        rate: of the whole fleet; `None` shares the pause alone.
        member: names this client.
        workers: how many share the budget, while Redis has never said.
    """

    def __init__(
        self, link: RedisConnection, keys: tuple[str, str], rate: Rate | None, member: str, workers: int
    ) -> None:
        super().__init__(rate)
        self._link = link
        self._keys = keys
        self._member = member
        self._members = workers
        self._sent_at = -math.inf
        self._alone = False
        self.patience_s = link.timeout

    @property
    def connected(self) -> bool:
        return self._link.connected

    def ask(self, longest: float, now: float, wake: Callable[[], object]) -> Future[Any] | None:
        rate, budget = self.rate, (0.0, 0.0, 0.0, 0, 0.0)
        if rate is not None:
            budget = (rate.interval_s, rate.slack_s, rate.late_s, rate.limit, rate.seen_window_s)
        # The slots of a share are none of Redis.
        ask = Ask(0.0 if self._alone else self._slot, self._seen, now - self._seen_at, min(longest, 1e9))
        asked = self._link.submit(SERVER_TIME + REQUEST, self._keys, [*budget, *ask, TTL_S, MEMBER_S, self._member])
        if asked is not None:
            if not self._alone:
                # Nobody else may ask with it.
                self._slot = 0.0
            asked.add_done_callback(lambda _: wake())
        return asked

    def hear(self, asked: Future[Any] | None) -> Any:
        return self._link.result(asked, _read)

    def answer(self, heard: Any, longest: float, now: float) -> Answer:
        answer: Answer
        if heard is not None:
            self._alone = False
            answer, self._members = heard
            self._keep(answer, now)
        else:
            if not self._alone:
                self._begin_alone()
            answer = super().answer(None, longest, now)
        if answer.wait == 0:
            self._sent_at = now
        return answer

    def pause(self, seconds: float) -> None:
        # Whether it comes to Redis is seen at the next request.
        self._link.submit(SERVER_TIME + PAUSE, self._keys[:1], [seconds, TTL_S])

    def _begin_alone(self) -> None:
        """Go on with a share of the budget, from the last request on."""
        self._alone, self._slot = True, 0.0
        share = None if self.rate is None else self.rate.share(self._members)
        self._budget = Budget(share)
        if share is not None:
            self._budget.due = self._sent_at + share.interval_s


def _read(values: Any) -> tuple[Answer, int]:
    wait, slot, pause, after = (float(value) for value in values[:4])
    return Answer(wait, slot, pause, after), max(1, int(values[4]))
