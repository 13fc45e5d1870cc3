"""What a task made: the rows that came of it, found by when it ran and what it was given.

A job never runs beside itself, so what its kind made in that time is its own.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet
from django.utils import timezone

from livescores.models import ImportReport
from monitoring.models import DriftReport, QualityReport
from predictions.models import BatchRun, BettingRun, ModelVersion, PredictionJob

MOST = 5


class Kind(NamedTuple):
    """A model, when its rows say that they were made, and which argument they bear."""

    rows: Callable[[], QuerySet[Any]]
    moment: str
    argument: str = ""


KINDS = {
    "predictions.tasks.fetch_matches": Kind(ImportReport.objects.all, "started_at", "source"),
    "predictions.tasks.fetch_odds": Kind(ImportReport.objects.all, "started_at", "source"),
    "predictions.tasks.fetch_scores": Kind(ImportReport.objects.all, "started_at", "source"),
    "predictions.tasks.run_simulated_world": Kind(ImportReport.objects.all, "started_at"),
    "predictions.tasks.run_batch_inference": Kind(BatchRun.objects.all, "computed_at", "stage"),
    "predictions.tasks.run_betting_simulation": Kind(
        BettingRun.objects.all, "computed_at", "stage"
    ),
    "predictions.tasks.run_training": Kind(ModelVersion.objects.all, "registered_at"),
    "monitoring.tasks.run_quality_report": Kind(
        lambda: QualityReport.objects.defer("content"), "generated_at"
    ),
    "monitoring.tasks.run_drift_report": Kind(
        lambda: DriftReport.objects.defer("content").select_related("model_version"),
        "generated_at",
    ),
}


def made_by(
    task: str | None,
    kwargs: dict[str, Any],
    args: Iterable[Any],
    *,
    started: datetime | None,
    ended: datetime | None,
) -> list[Model]:
    """The rows, oldest first, at most MOST; none of a task that makes no rows or did not start."""
    if task == "predictions.tasks.predict_job":
        return list(PredictionJob.objects.filter(pk__in=list(args)[:1]))
    kind = KINDS.get(task or "")
    if kind is None or started is None:
        return []
    given = {kind.argument: kwargs[kind.argument]} if kind.argument in kwargs else {}
    until = ended or timezone.now()
    made = kind.rows().filter(**{f"{kind.moment}__range": (started, until)}, **given)
    return list(made.order_by(kind.moment, "pk")[:MOST])
