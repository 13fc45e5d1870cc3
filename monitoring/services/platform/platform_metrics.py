"""The platform's state as metrics, computed at a scrape: models, publications, data, queues."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max, Sum
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from livescores.models import ImportReport, Match
from monitoring.models import DriftReport, QualityReport
from monitoring.services.platform import quality_metrics, server_metrics
from monitoring.services.platform.snapshots import WAIT_SECONDS, Snapshot
from monitoring.services.tasks import queues, task_counts
from predictions.models import (
    AliasChange,
    BettingRun,
    ModelVersion,
    Publication,
    PublicationPointer,
    RegionReturn,
    Stage,
)
from predictions.workers import heartbeats, inference_times
from soccerpredict.jobs import heartbeats as job_heartbeats

# Where the last success of each command shows, whether a person ran it or the timetable.
JOBS = {
    "import": (ImportReport, "finished_at", {"status": "done", "is_routine": False}),
    "train_model": (ModelVersion, "registered_at", {}),
    "batch_inference": (Publication, "published_at", {}),
    "simulate_betting": (BettingRun, "computed_at", {}),
    "quality_report": (QualityReport, "generated_at", {}),
    "drift_report": (DriftReport, "generated_at", {}),
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
            last_success(),
            *timetable(),
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


def last_success() -> Metric:
    """The label is no plain `job`: Prometheus gives every series one of its own."""
    found = GaugeMetricFamily(
        "job_last_success_timestamp_seconds", "When a job last succeeded.", labels=["job_name"]
    )
    for name, (model, column, conditions) in JOBS.items():
        rows: Any = model._default_manager.filter(**conditions)
        moment: datetime | None = rows.aggregate(last=Max(column))["last"]
        if moment is not None:
            found.add_metric([name], moment.timestamp())
    return found


def timetable() -> list[Metric]:
    """What each line of the timetable's heartbeat tells."""
    late = GaugeMetricFamily("job_late", "1: its turn has passed.", labels=["job_name"])
    failures = GaugeMetricFamily("job_failures", "In a row, up to now.", labels=["job_name"])
    for beat in job_heartbeats.heartbeats():
        late.add_metric([beat.job.name], beat.is_late)
        failures.add_metric([beat.job.name], max(beat.job.failures, int(beat.is_failed)))
    return [late, failures]


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
