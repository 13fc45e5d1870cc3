"""The scheduler's doors to the reports; queues are named in CELERY_TASK_ROUTES."""

from celery import shared_task

from soccerpredict.jobs.runs import Job


@shared_task(base=Job)
def run_quality_report() -> str:
    from monitoring.services import quality

    return str(quality.report())


@shared_task(base=Job)
def run_drift_report() -> str:
    from monitoring.services import drift  # models and Evidently: for batch workers

    return str(drift.report())


@shared_task(base=Job)
def run_retraining_if_needed() -> str:
    from monitoring.services import decay

    return decay.retrain_if_needed()
