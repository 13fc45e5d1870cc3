"""Every job's heartbeat beside its timetable: when it is due, and whether it is late."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from soccerpredict.jobs import locks
from soccerpredict.jobs.models import JobRun, key_of

GRACE = timedelta(minutes=10)
BROKE_OFF = "It ended without a word: its worker was stopped."


class JobHeartbeat(NamedTuple):
    """How a job is; `next_due` is None where its timetable is off or gone."""

    job: JobRun
    state: str
    result: str
    next_due: datetime | None
    is_late: bool

    @property
    def is_failed(self) -> bool:
        return self.state == JobRun.State.FAILED

    @property
    def is_acknowledged(self) -> bool:
        """Whether somebody has said that they know of this failure; the next one is news again."""
        seen, failed = self.job.acknowledged_at, self.job.ended_at or self.job.started_at
        return seen is not None and failed is not None and failed <= seen

    @property
    def is_news(self) -> bool:
        return self.is_late or (self.is_failed and not self.is_acknowledged)


def heartbeats(jobs: Iterable[JobRun] | None = None) -> list[JobHeartbeat]:
    """Every job by name, in three queries."""
    rows = list(JobRun.objects.all() if jobs is None else jobs)
    # A row goes on saying "running" when its worker is killed; the lock ends with it.
    running = [job.key for job in rows if job.state == JobRun.State.RUNNING]
    alive = locks.held_among(running) if running else set()
    turns = _turns()
    return [_heartbeat(job, alive, turns.get(job.key, [])) for job in rows]


def _turns() -> dict[str, list[PeriodicTask]]:
    found: dict[str, list[PeriodicTask]] = {}
    rows = PeriodicTask.objects.filter(enabled=True)
    for row in rows.select_related("crontab", "interval", "solar", "clocked"):
        if row.scheduler is None:
            continue
        try:
            key = key_of(row.task, json.loads(row.kwargs or "{}"))
        except (ValueError, AttributeError):  # an operator's slip: beat refuses it, too
            continue
        found.setdefault(key, []).append(row)
    return found


def _heartbeat(job: JobRun, alive: set[str], turns: list[PeriodicTask]) -> JobHeartbeat:
    state, result = job.state, job.result
    if state == JobRun.State.RUNNING and job.key not in alive:
        state, result = JobRun.State.FAILED.value, BROKE_OFF
    due = min((_due(job, turn) for turn in turns), default=None)
    is_late = due is not None and due + GRACE < timezone.now() and job.key not in alive
    return JobHeartbeat(job, state, result, due, is_late)


def _due(job: JobRun, turn: PeriodicTask) -> datetime:
    """Its first turn after the last start, or after its timetable was last changed."""
    last = job.started_at or turn.date_changed
    left: timedelta = turn.schedule.remaining_estimate(last)
    return timezone.now() + left
