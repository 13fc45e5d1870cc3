"""The scheduler's doors to the reports; queues are named in CELERY_TASK_ROUTES."""

from celery import shared_task

from monitoring.models import DriftReport, QualityReport
from predictions.tasks import TRAINED
from soccerpredict.errors import NotFound
from soccerpredict.jobs.runs import Job, NothingToDo
from soccerpredict.jobs.task_outputs import Output


@shared_task(base=Job, makes=(Output(QualityReport, "generated_at"),))
def run_quality_report() -> str:
    from monitoring.services.reports import quality

    try:
        return str(quality.report())
    except NotFound as exc:
        raise NothingToDo(str(exc)) from exc


@shared_task(base=Job, makes=(Output(DriftReport, "generated_at"),))
def run_drift_report() -> str:
    from monitoring.services.reports import drift  # models and Evidently: for batch workers

    try:
        return str(drift.report())
    except NotFound as exc:
        raise NothingToDo(str(exc)) from exc


@shared_task(base=Job, makes=TRAINED)
def run_retraining_if_needed() -> str:
    from monitoring.services.reports import decay

    return decay.retrain_if_needed()
