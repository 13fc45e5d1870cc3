"""Which workers are alive: each writes a key in Redis every few seconds that soon expires."""

import time
from functools import lru_cache
from typing import TypedDict

import orjson
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.retry import Retry

PREFIX = "soccerpredict:worker:"
NAMES = "soccerpredict:workers"  # to find the keys by: Redis would go through all that it holds
EVERY_SECONDS = 2.0
EXPIRE_SECONDS = 10
WAIT_SECONDS = 1.0
TRUSTED_SECONDS = 0.2  # a worker that was alive is not asked after again
_seen: dict[str, str] = {}  # by queue: the name of a worker that served it
_trusted: dict[str, float] = {}  # by queue: until when (monotonic)


class WorkerHeartbeat(TypedDict):
    """What a worker tells of itself; `loaded_models` are '<stage>:<model run id>'."""

    name: str
    queues: list[str]
    concurrency: int
    loaded_models: list[str]
    beaten_at: float


@lru_cache(maxsize=4)
def _client(url: str) -> "redis.Redis":
    """Tries again only where a kept connection is from before a restart of Redis."""
    return redis.Redis.from_url(
        url,
        socket_timeout=WAIT_SECONDS,
        socket_connect_timeout=WAIT_SECONDS,
        retry=Retry(NoBackoff(), 1, supported_errors=(Disconnected,)),
    )


def client() -> "redis.Redis":
    return _client(settings.REDIS_URL)


def beat(heartbeat: WorkerHeartbeat) -> None:
    # For one round trip, not for all or nothing: the next beat mends what half of one leaves.
    with client().pipeline(transaction=False) as pipeline:
        pipeline.set(PREFIX + heartbeat["name"], orjson.dumps(heartbeat), ex=EXPIRE_SECONDS)
        pipeline.sadd(NAMES, heartbeat["name"])
        pipeline.execute()


def stop(name: str) -> None:
    """The worker says good-bye: nobody need wait until its key expires."""
    client().delete(PREFIX + name)
    client().srem(NAMES, name)


def workers() -> list[WorkerHeartbeat]:
    """The heartbeats that have not expired, by name."""
    members: set[bytes] = client().smembers(NAMES)  # type: ignore[assignment]
    names = sorted(name.decode() for name in members)
    texts = client().mget([PREFIX + name for name in names]) if names else []
    gone = [name for name, text in zip(names, texts, strict=True) if text is None]
    if gone:
        client().srem(NAMES, *gone)
    return [orjson.loads(text) for text in texts if text]


def is_served(queue: str) -> bool:
    """Whether any living worker takes tasks of this queue, or did a moment ago."""
    now = time.monotonic()
    if now < _trusted.get(queue, 0.0):
        return True
    is_alive = _is_alive(queue)
    _trusted[queue] = now + TRUSTED_SECONDS if is_alive else 0.0
    return is_alive


def _is_alive(queue: str) -> bool:
    """Asks for the worker seen last before it asks for all."""
    name = _seen.get(queue)
    if name is not None:
        text: bytes | None = client().get(PREFIX + name)  # type: ignore[assignment]
        if text is not None and queue in orjson.loads(text)["queues"]:
            return True
    for heartbeat in workers():
        if queue in heartbeat["queues"]:
            _seen[queue] = heartbeat["name"]
            return True
    return False


def ping() -> None:
    """Find out within a second whether the broker answers; raises RedisError if not."""
    client().ping()
