"""Say that one knows of a failure, so that only news stands on the start page."""

from django.db import transaction
from django.utils import timezone
from django_celery_results.models import TaskResult

from monitoring.models import Acknowledgement
from monitoring.services.tasks import task_control
from monitoring.services.tasks.task_control import NotPossible
from soccerpredict.jobs.heartbeats import heartbeats
from soccerpredict.jobs.models import JobRun

FAILED = "FAILURE"


@transaction.atomic
def job(run: JobRun, *, by: str) -> int:
    """Of the heartbeat's last failure and its failed tasks; returns how many tasks.

    Raises:
        NotPossible: its last run did not fail.
    """
    [beat] = heartbeats([run])
    if not beat.is_failed:
        raise NotPossible(f"{run}: its last run did not fail.")
    run.acknowledged_at, run.acknowledged_by = timezone.now(), by
    run.save(update_fields=["acknowledged_at", "acknowledged_by"])
    failed = TaskResult.objects.filter(task_name=run.task, status=FAILED, acknowledgement=None)
    ours = [one for one in failed if _kwargs(one) == run.kwargs]
    for one in ours:
        task(one, by=by)
    return len(ours)


def task(result: TaskResult, *, by: str) -> None:
    """Raises:
    NotPossible: the task did not fail.
    """
    if result.status != FAILED:
        raise NotPossible(f"{result.task_id} did not fail: {result.status}.")
    Acknowledgement.objects.get_or_create(task=result, defaults={"acknowledged_by": by})


def _kwargs(result: TaskResult) -> object:
    try:
        return task_control.arguments(result)[1]
    except NotPossible:
        return None
