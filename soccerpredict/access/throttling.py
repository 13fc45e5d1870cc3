"""Requests per key and minute, counted in Redis by one atomic script."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.exceptions import RedisError
from redis.retry import Retry
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from soccerpredict.access.services import Credential
from soccerpredict.http.errors import TooManyRequests
from soccerpredict.http.promised_headers import promise

if TYPE_CHECKING:  # DRF loads this module while it loads its views
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 60
WAIT_SECONDS = 0.1  # connecting and asking, each
PAUSE_SECONDS = 5.0
PREFIX = "soccerpredict:throttle:"
COUNT = """
local used = redis.call('INCR', KEYS[1])
if used == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {used, redis.call('PTTL', KEYS[1])}
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a key stands in its window."""

    limit: int
    used: int
    reset_seconds: int

    @property
    def refused(self) -> bool:
        return self.used > self.limit

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "RateLimit-Reset": str(self.reset_seconds),
        }


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
            if self._retry_at is None or now < self._retry_at:
                return self._retry_at is None
            self._retry_at = now + PAUSE_SECONDS
            return True

    def failed(self) -> None:
        self._retry_at = time.monotonic() + PAUSE_SECONDS

    def succeeded(self) -> None:
        self._retry_at = None


breaker = Breaker()


class KeyThrottle(BaseThrottle):
    """Refuses a key over its limit; promises the `RateLimit-*` headers on every answer."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if isinstance(request.auth, Credential):
            verdict = count(request, request.auth)
            if verdict.refused:
                raise TooManyRequests(
                    f"At most {verdict.limit} requests a minute with this key.",
                    retry_after=verdict.reset_seconds,
                )
        return True


def count(request: Request, credential: Credential) -> Verdict:
    """Count this request, or let it pass uncounted while Redis is away."""
    limit = credential.limit_per_minute
    used, left_ms = _counted(credential.key_id)
    verdict = Verdict(limit, used, max(1, math.ceil(left_ms / 1000)))
    promise(request, verdict.headers)
    return verdict


def _counted(key_id: int) -> tuple[int, int]:
    """Uses in the window, this one included, and the window's milliseconds left."""
    if breaker.allows():
        try:
            used, left_ms = _script()(keys=[f"{PREFIX}{key_id}"], args=[WINDOW_SECONDS])
        except RedisError as exc:
            breaker.failed()
            logger.warning("Redis is away, requests pass uncounted: %s", type(exc).__name__)
        else:
            breaker.succeeded()
            return used, left_ms
    return 1, WINDOW_SECONDS * 1000


@lru_cache(maxsize=1)
def _script() -> Script:
    client = Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=WAIT_SECONDS,
        socket_connect_timeout=WAIT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    return client.register_script(COUNT)
