"""Requests per key and minute, counted in Redis by one atomic script.

This runs on every request, so it speaks to Redis over one plain connection per thread: the
client's pool, retries and instrumentation would cost more than the counting.
"""

import hashlib
import logging
import time
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
COUNT = b"""
local used = redis.call('INCRBY', KEYS[1], ARGV[2])
if used == tonumber(ARGV[2]) then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {used, redis.call('PTTL', KEYS[1])}
"""
COUNT_SHA = hashlib.sha1(COUNT, usedforsecurity=False).hexdigest()
_thread = local()


class Breaker:
    """After a failure, lets one caller try again every few seconds; the others don't wait."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._retry_at: float | None = None

    def allows(self) -> bool:
        if self._retry_at is None:
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


def count(key_id: int, uses: int = 1) -> tuple[int, int]:
    """Uses in the key's window, these included, and the window's milliseconds left.

    While Redis is away these are the first: reading goes on.
    """
    if breaker.allows():
        try:
            counted = _ask_twice(f"{PREFIX}{key_id}", uses)
        except (RedisError, OSError) as exc:
            _hang_up()
            breaker.failed()
            logger.warning("Redis is away, requests pass uncounted: %s", type(exc).__name__)
        else:
            breaker.succeeded()
            return counted
    return uses, WINDOW_SECONDS * 1000


def _ask_twice(name: str, uses: int) -> tuple[int, int]:
    """Once more on a new connection: the kept one may be from before a restart of Redis."""
    try:
        return _ask("EVALSHA", COUNT_SHA, name, uses)
    except NoScriptError:
        return _ask("EVAL", COUNT, name, uses)
    except Disconnected:
        _hang_up()
        return _ask("EVAL", COUNT, name, uses)


def _ask(command: str, script: str | bytes, name: str, uses: int) -> tuple[int, int]:
    connection = _connection()
    words = (command, script, 1, name, WINDOW_SECONDS, uses)
    packed = connection.pack_command(*words)  # type: ignore[no-untyped-call]
    connection.send_packed_command(packed, check_health=False)  # type: ignore[no-untyped-call]
    used, left_ms = connection.read_response()
    return used, left_ms


def _connection() -> Connection:
    if getattr(_thread, "url", None) != settings.REDIS_URL:
        _thread.url = settings.REDIS_URL
        pool = ConnectionPool.from_url(
            settings.REDIS_URL,
            socket_timeout=WAIT_SECONDS,
            socket_connect_timeout=WAIT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        _thread.connection = pool.make_connection()
    connection: Connection = _thread.connection
    return connection


def _hang_up() -> None:
    """What comes late on a connection would be taken for the answer to the next question."""
    if getattr(_thread, "url", None):
        _thread.connection.disconnect()
