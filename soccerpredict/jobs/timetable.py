"""When jobs run: settings say it once, then the rows of django-celery-beat are the operator's."""

import json
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from soccerpredict.jobs.models import JobRun, key_of

CRONTAB = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")


class Entry(NamedTuple):
    """A job of the settings' timetable; `needs` names a source, without which it starts off."""

    name: str
    task: str
    crontab: str
    kwargs: dict[str, Any] = {}
    expires: int = 3000  # seconds after which a turn that no worker took is dropped
    needs: str = ""

    @property
    def key(self) -> str:
        return key_of(self.task, self.kwargs)

    def is_off(self, fetched: Collection[str]) -> bool:
        return bool(self.needs) and self.needs not in fetched

    @property
    def why_off(self) -> str:
        return f"Off: FETCH_SOURCES does not name {self.needs}."


class Installed(NamedTuple):
    added: int
    switched_on: int

    def __str__(self) -> str:
        return f"Timetable: {self.added} jobs added, {self.switched_on} switched on."


@transaction.atomic
def install(*, fetched: Iterable[str] = ()) -> Installed:
    """Add the jobs that were never on the timetable; what was there once is the operator's.

    A job that started off, since its source was not configured, and that nobody has touched since,
    is switched on once it is, or where its source is among those `fetched` here.
    """
    sources = {*settings.FETCH_SOURCES, *fetched}
    jobs = {job.key: job for job in JobRun.objects.select_for_update()}
    entries = [Entry(**entry) for entry in settings.TIMETABLE]
    new = [entry for entry in entries if entry.key not in jobs]
    for entry in new:
        _add(entry, is_off=entry.is_off(sources))
    waited = [e for e in entries if _has_waited(jobs.get(e.key)) and not e.is_off(sources)]
    return Installed(len(new), sum(_switch_on(entry, jobs[entry.key]) for entry in waited))


def _add(entry: Entry, *, is_off: bool) -> None:
    state = JobRun.State.OFF if is_off else JobRun.State.WAITING
    why_off = entry.why_off if is_off else ""
    JobRun.objects.create(
        name=entry.name,
        key=entry.key,
        task=entry.task,
        kwargs=entry.kwargs,
        state=state,
        result=why_off,
    )
    PeriodicTask.objects.get_or_create(
        name=entry.name,
        defaults={
            "task": entry.task,
            "kwargs": json.dumps(entry.kwargs),
            "crontab": _crontab(entry.crontab),
            "expire_seconds": entry.expires,
            "enabled": not is_off,
            "description": why_off,
        },
    )


def _crontab(text: str) -> CrontabSchedule:
    fields = dict(zip(CRONTAB, text.split(), strict=True))
    zone = timezone.get_default_timezone()
    crontab, _ = CrontabSchedule.objects.get_or_create(**fields, timezone=zone)
    return crontab


def _has_waited(job: JobRun | None) -> bool:
    return job is not None and job.state == JobRun.State.OFF


def _switch_on(entry: Entry, job: JobRun) -> bool:
    job.state, job.result = JobRun.State.WAITING, ""
    job.save(update_fields=["state", "result"])
    # Still as it was laid: it never ran, and says of itself what we wrote.
    untouched = PeriodicTask.objects.filter(
        name=entry.name, enabled=False, last_run_at=None, description=entry.why_off
    ).first()
    if untouched is None:
        return False
    untouched.enabled, untouched.description = True, ""
    untouched.save()
    return True
