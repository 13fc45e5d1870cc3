"""Requests per key and minute, counted in Redis by one atomic script.

A window is a hash: its name, and for each process how many uses it has claimed since the window
began. A process says its sum, not its last step: what was lost, comes late or comes twice is the
same number again, so that a Redis that stood still for a while counts no use twice.

This runs on every request, so it speaks to Redis over one plain connection per thread: the
client's pool, retries and instrumentation would cost more than the counting.
"""

import hashlib
import logging
import os
import time
import uuid
from dataclasses import dataclass
from threading import Lock, local

from django.conf import settings
from redis import Connection, ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 60
WAIT_SECONDS = 0.1  # to connect, and again to be answered
PAUSE_SECONDS = 5.0
PREFIX = "soccerpredict:throttle:"
# A window's time runs from its first use, whatever comes later. The greater sum stands, so that a
# claim which a newer one has overtaken takes no uses back.
COUNT = b"""
local key, process, known, following = KEYS[1], ARGV[1], ARGV[2], ARGV[4]
local sum, new = tonumber(ARGV[3]), tonumber(ARGV[5])
local window = redis.call('HGET', key, 'window')
if not window then
  window = following
  redis.call('HSET', key, 'window', window)
  redis.call('EXPIRE', key, ARGV[6])
end
local told = tonumber(redis.call('HGET', key, process) or 0)
if window == following then sum = new elseif window ~= known then sum = told + new end
sum = math.max(sum, told)
redis.call('HSET', key, process, sum)
local all = 0
for i, value in ipairs(redis.call('HVALS', key)) do all = all + (tonumber(value) or 0) end
return {window, sum, all - sum, redis.call('PTTL', key)}
"""
COUNT_SHA = hashlib.sha1(COUNT, usedforsecurity=False).hexdigest()
_HOST = uuid.uuid4().hex[:12]
_thread = local()


class Breaker:
    """After a failure, lets one caller try again every few seconds; the others don't wait."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._retry_at: float | None = None

    def allows(self) -> bool:
        if self._retry_at is None:  # read without the lock: nearly every request ends here
            return True
        with self._lock:
            now = time.monotonic()
            if now < (self._retry_at or now):  # it may have recovered meanwhile
                return False
            self._retry_at = now + PAUSE_SECONDS
            return True

    def failed(self) -> None:
        self._retry_at = time.monotonic() + PAUSE_SECONDS

    def succeeded(self) -> None:
        self._retry_at = None


breaker = Breaker()


@dataclass(frozen=True, slots=True)
class Claim:
    """What a process claims of a key's window, `new` of its `mine` since it last heard from Redis.

    If Redis knows no window, the `following` begins with what is new; so it does, once, however
    often the same claim arrives. In a window that another process began, what is new is added.
    """

    key_id: int
    window: str
    mine: int
    following: str
    new: int


@dataclass(frozen=True, slots=True)
class Told:
    """Redis's word: the window's name, uses claimed by this process and by others, time left."""

    window: str
    mine: int
    others: int
    milliseconds: int


def claim(claimed: Claim) -> Told | None:
    """Count a claim in the key's window; None while Redis is away."""
    if not breaker.allows():
        return None
    try:
        told = _ask_twice(claimed)
    except (RedisError, OSError) as exc:
        _hang_up()
        breaker.failed()
        logger.warning("Redis is away, each process counts by itself: %s", type(exc).__name__)
        return None
    breaker.succeeded()
    return told


def _ask_twice(claimed: Claim) -> Told:
    """Once more on a new connection: the kept one may be from before a restart of Redis."""
    try:
        return _ask("EVALSHA", COUNT_SHA, claimed)
    except NoScriptError:
        return _ask("EVAL", COUNT, claimed)
    except Disconnected:
        _hang_up()
        return _ask("EVAL", COUNT, claimed)


def _ask(command: str, script: str | bytes, claimed: Claim) -> Told:
    connection = _connection()
    name = f"{PREFIX}{claimed.key_id}"
    sums = (claimed.window, claimed.mine, claimed.following, claimed.new)
    words = (command, script, 1, name, process_name(), *sums, WINDOW_SECONDS)
    packed = connection.pack_command(*words)  # type: ignore[no-untyped-call]
    connection.send_packed_command(packed, check_health=False)  # type: ignore[no-untyped-call]
    window, *told = connection.read_response()
    return Told(window.decode(), *told)


def process_name() -> str:
    """Of this process alone, on any host: a fork takes the rest of the name along."""
    return f"{_HOST}:{os.getpid()}"


def _connection() -> Connection:
    if getattr(_thread, "url", None) != settings.REDIS_URL:
        _thread.url = settings.REDIS_URL
        pool = ConnectionPool.from_url(
            settings.REDIS_URL,
            socket_timeout=WAIT_SECONDS,
            socket_connect_timeout=WAIT_SECONDS,
            retry=Retry(NoBackoff(), 0),  # a request waits for one more try at most: `_ask_twice`
        )
        _thread.connection = pool.make_connection()
    connection: Connection = _thread.connection
    return connection


def _hang_up() -> None:
    """What comes late on a connection would be taken for the answer to the next question."""
    if getattr(_thread, "url", None):
        _thread.connection.disconnect()
