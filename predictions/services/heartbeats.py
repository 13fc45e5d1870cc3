"""Which workers are alive: each writes a key in Redis every few seconds that soon expires."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TypedDict

import orjson
import redis
from django.conf import settings

PREFIX = "soccerpredict:worker:"
EVERY_SECONDS = 2.0
EXPIRE_SECONDS = 10
WAIT_SECONDS = 1.0


class Heartbeat(TypedDict):
    """What a worker tells of itself; `loaded_models` are '<stage>:<model run id>'."""

    name: str
    queues: list[str]
    concurrency: int
    loaded_models: list[str]
    beaten_at: float


@lru_cache(maxsize=4)
def _client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(
        url, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS
    )


def client() -> "redis.Redis":
    return _client(settings.REDIS_URL)


def beat(heartbeat: Heartbeat) -> None:
    client().set(PREFIX + heartbeat["name"], orjson.dumps(heartbeat), ex=EXPIRE_SECONDS)


def stop(name: str) -> None:
    """The worker says good-bye: nobody need wait until its key expires."""
    client().delete(PREFIX + name)


def workers() -> list[Heartbeat]:
    """The heartbeats that have not expired, by name."""
    return sorted(_found(), key=lambda heartbeat: heartbeat["name"])


def is_served(queue: str) -> bool:
    """Whether any living worker takes tasks of this queue."""
    return any(queue in heartbeat["queues"] for heartbeat in _found())


def _found() -> Iterator[Heartbeat]:
    names = list(client().scan_iter(match=f"{PREFIX}*", count=500))
    for text in client().mget(names) if names else []:
        if text:  # it may have expired since it was found
            yield orjson.loads(text)
