"""How many tasks workers have done, in what state and how long, counted in Redis.

Workers run on any number of machines and their processes are replaced now and then; a counter in
Redis neither misses one of them nor goes back.
"""

import logging
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, Metric
from redis.exceptions import RedisError

from predictions.services import heartbeats

logger = logging.getLogger(__name__)

KEY = "soccerpredict:task_counts"
SEP = " "
RUN, WAIT, FAILED = "run", "wait", "FAILURE"


def observe(task: str, state: str, *, seconds: float, waited: float) -> None:
    """Count one run of a task; `waited` is the time from its sending to its start, in seconds."""
    try:
        with heartbeats.client().pipeline(transaction=False) as pipeline:
            pipeline.hincrby(KEY, SEP.join((task, state)), 1)
            pipeline.hincrbyfloat(KEY, SEP.join((task, RUN)), seconds)
            pipeline.hincrbyfloat(KEY, SEP.join((task, WAIT)), waited)
            pipeline.execute()
    except RedisError as exc:
        logger.warning("A task was not counted: %s", type(exc).__name__)


def metrics() -> list[Metric]:
    runs = CounterMetricFamily("task_runs", "Runs of tasks in workers.", labels=["task", "state"])
    run = CounterMetricFamily("task_run_seconds", "Time that tasks ran.", labels=["task"])
    wait = CounterMetricFamily(
        "task_wait_seconds", "Time from tasks' sending to their start.", labels=["task"]
    )
    stored = sorted(_stored())
    for task in {task for task, *_ in stored} - {
        task for task, what, _ in stored if what == FAILED
    }:
        runs.add_metric([task, FAILED], 0)  # Prometheus sees no rise in what was not there before
    for task, what, value in stored:
        if what == RUN:
            run.add_metric([task], value)
        elif what == WAIT:
            wait.add_metric([task], value)
        else:
            runs.add_metric([task, what], value)
    return [runs, run, wait]


def _stored() -> Iterator[tuple[str, str, float]]:
    found: dict[bytes, bytes] = heartbeats.client().hgetall(KEY)  # type: ignore[assignment]
    for name, value in found.items():
        task, what = name.decode().split(SEP)
        yield task, what, float(value)
