"""The platform's state as metrics, computed at a scrape: models, publications, data, queues."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max, Model, Sum
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from livescores.models import ImportReport, Match
from monitoring.models import DriftReport, QualityReport
from monitoring.services import quality_metrics, queues, server_metrics, task_counts
from monitoring.services.snapshots import WAIT_SECONDS, Snapshot
from predictions.models import (
    AliasChange,
    BettingRun,
    ModelVersion,
    Publication,
    PublicationPointer,
    RegionReturn,
    Stage,
)
from predictions.services import heartbeats, inference_times

HOUR = 3600


class Job(NamedTuple):
    """Where a job's success shows, and after how many hours without one somebody should look."""

    model: type[Model]
    column: str
    conditions: dict[str, str]
    late_after: float | None  # hours; None: it runs when somebody wants it to


JOBS = {
    "import": Job(ImportReport, "finished_at", {"status": "done"}, None),
    "train_model": Job(ModelVersion, "registered_at", {}, None),
    "batch_inference": Job(Publication, "published_at", {}, 36),
    "simulate_betting": Job(BettingRun, "computed_at", {}, None),
    "quality_report": Job(QualityReport, "generated_at", {}, 30),
    "drift_report": Job(DriftReport, "generated_at", {}, 30),
}


class PlatformCollector(Collector):
    """Asks the database and the broker at the same time, and waits for neither beyond a limit."""

    def __init__(self, *snapshots: Snapshot) -> None:
        self.snapshots = snapshots

    def collect(self) -> Iterator[Metric]:
        deadline = time.monotonic() + WAIT_SECONDS
        for snapshot in self.snapshots:
            snapshot.begin()
        for snapshot in self.snapshots:
            yield from snapshot.metrics(deadline)


def of_database() -> list[Metric]:
    """All that Postgres knows; in a thread of its own, so over a connection of its own."""
    try:
        now = time.time()
        return [
            *models(),
            publication_age(now),
            data_age(now),
            *jobs(),
            *drift(),
            *quality_metrics.newest(),
            *betting(),
            *server_metrics.of_postgres(),
        ]
    finally:
        connection.close()


def of_broker() -> list[Metric]:
    """All that Redis knows."""
    now = time.time()
    return [
        *workers(now),
        *queues.metrics(now),
        *task_counts.metrics(),
        inference(),
        *server_metrics.of_redis(),
    ]


def models() -> list[Metric]:
    info = GaugeMetricFamily(
        "model_info",
        "1 for what serves each stage.",
        labels=["stage", "version", "run_id", "recipe"],
    )
    registered = GaugeMetricFamily(
        "model_registered_at_seconds", "When it was registered, Unix time.", labels=["stage"]
    )
    for stage in Stage.values:
        change = AliasChange.objects.current(stage).first()
        if change is not None:
            version = change.model_version
            info.add_metric([stage, str(version.version), version.run_id, version.recipe], 1)
            registered.add_metric([stage], version.registered_at.timestamp())
    return [info, registered]


def publication_age(now: float) -> Metric:
    age = GaugeMetricFamily(
        "publication_age_seconds", "Since a stage's predictions were published.", labels=["stage"]
    )
    pointers = PublicationPointer.objects.values_list("stage", "publication__published_at")
    for stage, published_at in pointers:
        age.add_metric([stage], now - published_at.timestamp())
    return age


def data_age(now: float) -> Metric:
    """Of the newest result: by kick-off, which has an index."""
    age = GaugeMetricFamily("data_age_seconds", "Since the newest finished match kicked off.")
    newest = Match.objects.settled().order_by("-start_time_utc").values_list("start_time_utc")
    for (kickoff,) in newest[:1]:
        age.add_metric([], now - kickoff.timestamp())
    return age


def jobs() -> list[Metric]:
    """The label is no plain `job`: Prometheus gives every series one of its own."""
    success = GaugeMetricFamily(
        "job_last_success_timestamp_seconds", "When a job last succeeded.", labels=["job_name"]
    )
    late = GaugeMetricFamily(
        "job_late_after_seconds", "How long it may take from one to the next.", labels=["job_name"]
    )
    for name, job in JOBS.items():
        moment = _last_success(job)
        if moment is not None:
            success.add_metric([name], moment.timestamp())
        if job.late_after is not None:
            late.add_metric([name], job.late_after * HOUR)
    return [success, late]


class JobState(NamedTuple):
    name: str
    last_success: datetime | None
    is_late: bool


def job_states() -> list[JobState]:
    """For people, what `jobs` tells Prometheus."""
    return [
        JobState(name, moment, _is_late(job, moment))
        for name, job in JOBS.items()
        for moment in [_last_success(job)]
    ]


def _last_success(job: Job) -> datetime | None:
    rows: Any = job.model._default_manager.filter(**job.conditions)
    moment: datetime | None = rows.aggregate(last=Max(job.column))["last"]
    return moment


def _is_late(job: Job, moment: datetime | None) -> bool:
    if job.late_after is None:
        return False
    return moment is None or timezone.now() - moment > timedelta(hours=job.late_after)


def drift() -> list[Metric]:
    """As the last drift_report left it."""
    score = GaugeMetricFamily("model_feature_drift_score", "Share of features that drifted.")
    of_proba = GaugeMetricFamily("prediction_drift_score", "Share of probabilities that drifted.")
    report = DriftReport.objects.defer("content").first()
    if report is not None:
        score.add_metric([], report.drift_score)
        of_proba.add_metric([], report.prediction_drift_score or 0.0)
    return [score, of_proba]


def betting() -> list[Metric]:
    """Flat stakes on any edge in the newest simulation, all bookmakers together."""
    staked = GaugeMetricFamily("betting_staked_units", "Flat stakes.", labels=["stage"])
    profit = GaugeMetricFamily("betting_profit_units", "Profit of them.", labels=["stage"])
    for stage in Stage.values:
        run = BettingRun.objects.filter(stage=stage).first()
        if run is not None:
            bets = RegionReturn.objects.filter(run=run, strategy="flat", min_edge=0)
            found = bets.aggregate(staked=Sum("staked"), profit=Sum("profit"))
            staked.add_metric([stage], found["staked"] or 0.0)
            profit.add_metric([stage], found["profit"] or 0.0)
    return [staked, profit]


def workers(now: float) -> list[Metric]:
    alive = GaugeMetricFamily("workers_alive", "Workers with a heartbeat.", labels=["queue"])
    age = GaugeMetricFamily(
        "worker_heartbeat_age_seconds", "Since the newest heartbeat.", labels=["queue"]
    )
    beats = heartbeats.workers()
    for queue in queues.QUEUES:
        moments = [beat["beaten_at"] for beat in beats if queue in beat["queues"]]
        alive.add_metric([queue], len(moments))
        if moments:
            age.add_metric([queue], max(0.0, now - max(moments)))
    return [alive, age]


def inference() -> Metric:
    times = inference_times.read()
    found = HistogramMetricFamily("inference_duration_seconds", "A worker's time to predict.")
    found.add_metric([], times.cumulated, times.total_seconds)
    return found


collector = PlatformCollector(
    Snapshot("database", of_database), Snapshot("broker", of_broker, fresh_seconds=0)
)
