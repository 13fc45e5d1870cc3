"""What the workers do and what waits for them, without ever waiting long for a frozen one."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from celery import current_app
from redis.exceptions import ConnectionError as RedisConnectionError

from monitoring.services.tasks import queues as waiting_tasks
from predictions.workers import heartbeats
from predictions.workers.heartbeats import WorkerHeartbeat

WAIT_SECONDS = 1.0
FRESH_SECONDS = 1.0


class Workload(TypedDict):
    """Counts of a worker's tasks: running, waiting for their time, waiting for a process."""

    active: int
    scheduled: int
    reserved: int


class Worker(TypedDict):
    name: str
    ping: bool
    queues: list[str]
    concurrency: int
    loaded_models: list[str]


class Queues(TypedDict):
    workers: dict[str, Workload]
    queues: dict[str, int]


@dataclass(frozen=True, slots=True)
class Survey:
    """The workers that have a heartbeat, and the workloads of those that answered."""

    heartbeats: list[WorkerHeartbeat]
    workloads: Mapping[str, Workload]
    taken_at: float = field(default_factory=time.monotonic)

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.taken_at < FRESH_SECONDS


def queues() -> Queues:
    """Task counts of each worker that answers, and how many tasks wait in each queue."""
    waiting = waiting_tasks.lengths()  # first: it fails fast where the broker is away
    workloads = newest.survey().workloads
    return {"workers": dict(sorted(workloads.items())), "queues": waiting}


def workers() -> list[Worker]:
    """The living workers by name; one that does not answer has a false `ping`."""
    survey = newest.survey()
    return [
        {
            "name": heartbeat["name"],
            "ping": heartbeat["name"] in survey.workloads,
            "queues": heartbeat["queues"],
            "concurrency": heartbeat["concurrency"],
            "loaded_models": heartbeat["loaded_models"],
        }
        for heartbeat in survey.heartbeats
    ]


class Surveys:
    """The newest survey, shared by all requests of a moment."""

    def __init__(self, take: Callable[[], Survey]) -> None:
        self._take = take
        self._lock = threading.Lock()
        self._newest: Survey | None = None

    def survey(self) -> Survey:
        with self._lock:  # who comes while one is taken waits for that one
            if self._newest is None or not self._newest.is_fresh:
                self._newest = self._take()
            return self._newest

    def forget(self) -> None:
        self._newest = None


def _take() -> Survey:
    living = heartbeats.workers()
    return Survey(living, _workloads([heartbeat["name"] for heartbeat in living]))


def _workloads(names: list[str]) -> dict[str, Workload]:
    """What those of the named workers that answer have to do."""
    if not names:
        return {}
    try:
        return _asked(names)
    except RedisConnectionError:
        # The broker was there a moment ago: the kept connection is from before its restart.
        return _asked(names)


def _asked(names: list[str]) -> dict[str, Workload]:
    """One question to all; `limit` ends the wait with the last of their answers."""
    replies = current_app.control.broadcast(
        "workload", destination=names, reply=True, timeout=WAIT_SECONDS, limit=len(names)
    )
    return {name: workload for reply in replies or () for name, workload in reply.items()}


newest = Surveys(_take)
