"""What waits in the queues: how many tasks, and for how long the first of them."""

from typing import Any, NamedTuple

import orjson
from kombu.transport.redis import PRIORITY_STEPS, Channel
from prometheus_client.core import GaugeMetricFamily, Metric

from monitoring.services.tasks import broker
from predictions.workers import lanes

QUEUES = (lanes.LIVE, lanes.QUEUE, "batch", "io")


def lengths() -> dict[str, int]:
    """Lengths of the queues' lists in Redis; each priority has a list of its own."""
    keys = [(queue, key) for queue in QUEUES for key in _keys(queue)]
    pipeline = broker.client().pipeline(transaction=False)
    for _, key in keys:
        pipeline.llen(key)
    counts = dict.fromkeys(QUEUES, 0)
    for (queue, _), length in zip(keys, pipeline.execute(), strict=True):
        counts[queue] += length
    return counts


class Waiting(NamedTuple):
    """A task that nobody has begun."""

    task_id: str
    task: str
    queue: str
    sent_at: float | None  # Unix time


def first_waiting(most: int = 20) -> list[Waiting]:
    """The next tasks of each queue, at most so many; the first is next."""
    pipeline = broker.client().pipeline(transaction=False)
    for queue in QUEUES:
        for key in _keys(queue):
            pipeline.lrange(key, -most, -1)
    found = iter(pipeline.execute())
    return [
        _told(queue, message)
        for queue in QUEUES
        for message in [one for _ in _keys(queue) for one in reversed(next(found))][:most]
    ]


def _told(queue: str, message: bytes) -> Waiting:
    headers: dict[str, Any] = orjson.loads(message).get("headers") or {}
    return Waiting(str(headers.get("id")), str(headers.get("task")), queue, headers.get("sent_at"))


def metrics(now: float) -> list[Metric]:
    length = GaugeMetricFamily("queue_length", "Waiting tasks.", labels=["queue"])
    age = GaugeMetricFamily(
        "queue_age_seconds", "Since the first of the waiting tasks was sent.", labels=["queue"]
    )
    counts = lengths()
    for queue in QUEUES:
        length.add_metric([queue], counts[queue])
        age.add_metric([queue], max((now - sent for sent in _first_sent(queue)), default=0.0))
    return [length, age]


def _first_sent(queue: str) -> list[float]:
    """When the tasks at the heads of a queue's lists were sent."""
    pipeline = broker.client().pipeline(transaction=False)
    for key in _keys(queue):
        pipeline.lindex(key, -1)
    return [sent for message in pipeline.execute() if message for sent in _sent_at(message)]


def _sent_at(message: bytes) -> list[float]:
    headers: dict[str, Any] = orjson.loads(message).get("headers") or {}
    sent = headers.get("sent_at")
    return [float(sent)] if sent is not None else []


def _keys(queue: str) -> list[str]:
    """As kombu names them: the plain queue for the first step."""
    names = [queue, *(lanes.NAMES if queue == lanes.QUEUE else ())]
    return [
        f"{name}{Channel.sep}{step}" if step else name for name in names for step in PRIORITY_STEPS
    ]
