"""What the API's documentation offers to try: a match, a fixture and a task that there are."""

from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django_celery_results.models import TaskResult

from livescores.models import Match
from predictions.models import Prediction, PublicationPointer, Stage
from soccerpredict.jobs.models import JobRun

NO_TASK = str(UUID(int=0))


@dataclass(frozen=True)
class Example:
    """A published match, the next one to come where there is one; and a scheduled job's task."""

    match_id: int
    home_team_id: int
    away_team_id: int
    tournament_id: int
    kickoff: str
    task_id: str = NO_TASK


def current() -> Example | None:
    """None where nothing is published yet, or the database is away."""
    try:
        match = _match()
        return _of(match, _task_id()) if match else None
    except (DatabaseError, InterfaceError):
        return None


def _match() -> Match | None:
    pointer = PublicationPointer.objects.filter(stage=Stage.CHAMPION).only("batch_id").first()
    if pointer is None:
        return None
    rows = Prediction.objects.filter(batch=pointer.batch_id).select_related("match__season")
    coming = rows.filter(start_time_utc__gt=timezone.now())
    found = (
        coming.order_by("start_time_utc", "match").first()
        or rows.order_by("-start_time_utc", "-match").first()
    )
    return found.match if found else None


def _task_id() -> str:
    """Of a job of the timetable: what a client's own task brought is not for everybody."""
    jobs = TaskResult.objects.filter(task_name__in=JobRun.objects.values("task"))
    newest = jobs.order_by("-date_done").values_list("task_id", flat=True).first()
    return str(newest or NO_TASK)


def _of(match: Match, task_id: str) -> Example:
    return Example(
        match_id=match.pk,
        home_team_id=match.home_team_id,
        away_team_id=match.away_team_id,
        tournament_id=match.season.tournament_id,
        kickoff=f"{match.start_time_utc:%Y-%m-%dT%H:%M:%SZ}",
        task_id=task_id,
    )
