"""Run a scheduled job: never beside itself, and with a heartbeat row that says how it went."""

import logging
from collections.abc import Callable
from typing import Any

from celery import Task
from django.utils import timezone

from soccerpredict.errors import SoccerPredictError
from soccerpredict.jobs import locks
from soccerpredict.jobs.models import JobRun, key_of

logger = logging.getLogger(__name__)

LONGEST = 2000
HOUR = 3600


class NothingToDo(Exception):
    """A job that had no reason to run; the text says why. It is no failure."""


class Job(Task):  # type: ignore[type-arg]
    """The base of a scheduled task, whose function returns the sentence for its heartbeat.

    It is taken off the queue when it starts: one that ends its worker is not started again, since
    its next turn comes anyhow.
    """

    abstract = True
    acks_late = False
    reject_on_worker_lost = False
    soft_time_limit = 3 * HOUR

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        return run(self.name, kwargs, lambda: str(self.run(*args, **kwargs)))


def run(task: str, kwargs: dict[str, Any], work: Callable[[], str]) -> str:
    """Do the work and keep its sentence; another run that still goes on is left alone."""
    key = key_of(task, kwargs)
    with locks.held(key) as is_ours:
        if not is_ours:
            logger.warning("%s runs already.", key)
            return "It runs already."
        job, _ = JobRun.objects.get_or_create(
            key=key, defaults={"name": key[:120], "task": task, "kwargs": kwargs}
        )
        return _recorded(job, work)


def _recorded(job: JobRun, work: Callable[[], str]) -> str:
    _save(job, state=JobRun.State.RUNNING, started_at=timezone.now(), ended_at=None)
    try:
        sentence = work()
    except NothingToDo as exc:
        sentence = str(exc)
        _end(job, JobRun.State.NOTHING, sentence)
    except SoccerPredictError as exc:
        _end(job, JobRun.State.FAILED, str(exc))
        raise
    except BaseException as exc:  # a time limit or a shutdown, too: else the row would say it runs
        _end(job, JobRun.State.FAILED, f"It broke off: {type(exc).__name__} {exc}".strip())
        raise
    else:
        _end(job, JobRun.State.DONE, sentence)
    return sentence


def _end(job: JobRun, state: JobRun.State, sentence: str) -> None:
    now = timezone.now()
    failed = state == JobRun.State.FAILED
    _save(
        job,
        state=state,
        result=sentence[:LONGEST],
        ended_at=now,
        succeeded_at=job.succeeded_at if failed else now,
        failures=job.failures + 1 if failed else 0,
    )


def _save(job: JobRun, **values: Any) -> None:
    for name, value in values.items():
        setattr(job, name, value)
    job.save(update_fields=list(values))
