"""A connection to the broker that never waits long."""

from functools import lru_cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

WAIT_SECONDS = 1.0


@lru_cache(maxsize=4)
def _client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(
        url,
        socket_timeout=WAIT_SECONDS,
        socket_connect_timeout=WAIT_SECONDS,
        retry=Retry(NoBackoff(), retries=0),
    )


def client() -> "redis.Redis":
    return _client(settings.CELERY_BROKER_URL)
