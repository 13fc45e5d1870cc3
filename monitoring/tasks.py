"""The scheduler's doors to the reports; queues are named in CELERY_TASK_ROUTES."""

import logging
from collections.abc import Callable

from celery import shared_task
from django.db.models import Model

from soccerpredict.http.errors import SoccerPredictError

logger = logging.getLogger(__name__)


@shared_task
def run_quality_report() -> str:
    from monitoring.services import quality

    return _in_words(quality.report)


@shared_task
def run_drift_report() -> str:
    from monitoring.services import drift  # models and Evidently: for batch workers

    return _in_words(drift.report)


def _in_words(make: Callable[[], Model]) -> str:
    try:
        return str(make())
    except SoccerPredictError as exc:
        logger.warning("No report: %s", exc)
        return str(exc)
