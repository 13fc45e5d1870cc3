"""What `/metrics` tells of models, data, queues and workers."""

import time
from datetime import timedelta
from threading import Event

import pytest
from celery import current_app
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from prometheus_client.core import GaugeMetricFamily

from livescores.models import ImportReport
from monitoring.models import DriftReport, QualityReport
from monitoring.services.platform import platform_metrics, quality_metrics, server_metrics
from monitoring.services.platform.snapshots import Snapshot
from monitoring.services.tasks import queues
from predictions.models import BettingRun, PublicationPointer, RegionReturn
from predictions.workers import heartbeats, inference_times
from soccerpredict.jobs.models import JobRun
from tests.factories import (
    HOUR,
    NOON,
    make_alias,
    make_batch,
    make_bookmaker,
    make_match,
    make_model_version,
    make_region,
)
from tests.monitoring.published import make_published

NOW = NOON.timestamp()


def values(families, name):
    """Label values → value, of the metric of this name."""
    families = [families] if not isinstance(families, list) else families
    return {
        tuple(sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if sample.name == name
    }


@pytest.mark.django_db
class TestDatabase:
    def test_it_names_what_serves(self):
        version = make_model_version(registered_at=NOON)
        make_alias(model_version=make_model_version())
        make_alias(model_version=version)

        found = platform_metrics.models()

        labels = ("champion", str(version.version), version.run_id, "logistic")
        assert values(found, "model_info") == {labels: 1}
        assert values(found, "model_registered_at_seconds") == {("champion",): NOW}

    def test_a_publication_grows_old(self):
        batch = make_published(at=NOON)
        publication = batch.publications.get()
        PublicationPointer.objects.create(stage="champion", publication=publication, batch=batch)

        found = platform_metrics.publication_age(NOW + 90)

        assert values(found, "publication_age_seconds") == {("champion",): 90}

    def test_data_is_as_old_as_the_newest_result(self):
        make_match(score=(1, 0), start_time_utc=NOON - 3 * HOUR)
        make_match(start_time_utc=NOON + HOUR)

        assert values(platform_metrics.data_age(NOW), "data_age_seconds") == {(): 3 * 3600}

    def test_a_failed_import_is_no_success(self):
        ImportReport.objects.create(source="test", status="done", finished_at=NOON)
        ImportReport.objects.create(source="test", status="failed", finished_at=NOON + HOUR)
        make_model_version(registered_at=NOON - HOUR)

        found = values(platform_metrics.last_success(), "job_last_success_timestamp_seconds")

        assert found == {("import",): NOW, ("train_model",): NOW - 3600}

    def test_a_job_that_misses_its_turn_is_late(self):
        every = IntervalSchedule.objects.create(every=1, period="hours")
        for name, ago in (("on time", HOUR / 2), ("late", 2 * HOUR)):
            task = f"tests.{name}"
            PeriodicTask.objects.create(name=name, task=task, interval=every)
            JobRun.objects.create(
                name=name, key=f"{task}()", task=task, started_at=timezone.now() - ago
            )
        JobRun.objects.create(name="broken", key="b", state="failed", failures=3)

        late, failures = platform_metrics.timetable()

        found = values(late, "job_late")
        assert (found[("on time",)], found[("late",)]) == (0, 1)
        assert values(failures, "job_failures")[("broken",)] == 3

    def test_drift_is_the_newest_reports(self):
        for score, generated_at in ((0.5, NOON), (0.25, NOON + HOUR)):
            DriftReport.objects.create(
                as_of=NOON,
                generated_at=generated_at,
                model_version=make_model_version(),
                n_matches=100,
                n_features=4,
                n_drifted=1,
                drift_score=score,
                prediction_drift_score=0,
                drifted=False,
                content={},
            )

        found = platform_metrics.drift()

        assert values(found, "model_feature_drift_score") == {(): 0.25}

    def test_quality_is_that_of_all_leagues(self):
        group = {"stage": "champion", "window": "7d", "n_matches": 9}
        scores = {"log_loss": {"value": 1.0, "low": 0.9, "high": 1.1}}
        line = {"scores": scores, "model_on_the_same": scores}
        rest = {"model": scores, "class_frequencies": None, "closing_line": line}
        league = {"league": {"name": "First"}}
        QualityReport.objects.create(
            as_of=NOON,
            n_matches=9,
            content={"groups": [group | rest | {"league": None}, group | rest | league]},
        )

        found = quality_metrics.newest()

        assert values(found, "quality_matches") == {("champion", "7d"): 9}
        assert values(found, "quality_score") == {
            ("champion", "7d", "model", "log_loss"): 1,
            ("champion", "7d", "closing_line", "log_loss"): 1,
            ("champion", "7d", "model_where_there_is_a_closing_line", "log_loss"): 1,
        }

    def test_betting_is_flat_stakes_on_any_edge(self):
        run = BettingRun.objects.create(stage="champion", batch=make_batch(), n_matches=2)
        fields = {"run": run, "region": make_region(), "n_matches": 9, "n_bets": 2, "n_won": 1}
        for strategy, edge, book in (("flat", 0, "A"), ("flat", 0.1, "A"), ("kelly", 0, "A")):
            RegionReturn.objects.create(
                bookmaker=make_bookmaker(book),
                strategy=strategy,
                min_edge=edge,
                staked=2,
                profit=-0.5,
                **fields,
            )

        found = platform_metrics.betting()

        assert values(found, "betting_staked_units") == {("champion",): 2}
        assert values(found, "betting_profit_units") == {("champion",): -0.5}

    def test_a_migration_that_was_forgotten_is_counted(self):
        MigrationRecorder(connection).record_unapplied("monitoring", "0001_initial")

        found = server_metrics.of_postgres()

        assert values(found, "migrations_unapplied") == {(): 1}
        assert values(found, "database_size_bytes")[()] > 1_000_000
        assert values(found, "database_connections")[()] >= 1

    def test_an_empty_database_has_no_numbers(self):
        assert values(platform_metrics.models(), "model_info") == {}
        assert values(platform_metrics.data_age(NOW), "data_age_seconds") == {}


@pytest.mark.usefixtures("redis_client")
class TestBroker:
    def test_a_queue_is_as_old_as_its_first_task(self):
        before = time.time()
        for _ in range(2):
            current_app.send_task("nobody.knows", queue="ml", headers={"sent_at": before - 60})
        current_app.send_task("nobody.knows", queue="ml")

        found = queues.metrics(before)

        assert values(found, "queue_length") == {
            ("ml",): 3,
            ("jobs",): 0,
            ("batch",): 0,
            ("io",): 0,
        }
        assert values(found, "queue_age_seconds")[("ml",)] == pytest.approx(60, abs=1)

    def test_an_empty_queue_has_no_age(self):
        assert values(queues.metrics(NOW), "queue_age_seconds")[("batch",)] == 0

    def test_workers_count_by_queue(self):
        for name, seconds in (("old@tests", 8), ("new@tests", 2)):
            heartbeats.beat(
                {
                    "name": name,
                    "queues": ["ml"],
                    "concurrency": 1,
                    "loaded_models": [],
                    "beaten_at": NOW - seconds,
                }
            )

        found = platform_metrics.workers(NOW)

        assert values(found, "workers_alive") == {
            ("ml",): 2,
            ("jobs",): 0,
            ("batch",): 0,
            ("io",): 0,
        }
        assert values(found, "worker_heartbeat_age_seconds") == {("ml",): 2}

    def test_inference_times_add_up_over_processes(self):
        for seconds in (0.0001, 0.003, 0.004, 60):
            inference_times.observe(seconds)

        found = platform_metrics.inference()

        buckets = values(found, "inference_duration_seconds_bucket")
        assert (buckets[("0.0005",)], buckets[("0.005",)], buckets[("+Inf",)]) == (1, 3, 4)
        assert values(found, "inference_duration_seconds_sum")[()] == pytest.approx(60.0071)

    def test_it_tells_how_redis_does(self):
        found = server_metrics.of_redis()

        assert values(found, "redis_memory_bytes")[()] > 100_000
        assert values(found, "redis_evicted_keys_total") == {(): 0}


def gauge(value):
    return [GaugeMetricFamily("found", "For the tests.", value)]


def seen(snapshot, seconds=1.0):
    return {
        sample.name: sample.value
        for family in snapshot.metrics(time.monotonic() + seconds)
        for sample in family.samples
    }


def test_a_snapshot_tells_what_it_found():
    assert seen(Snapshot("thing", lambda: gauge(3))) == {"thing_up": 1, "found": 3}


def test_a_fresh_snapshot_is_not_taken_again():
    numbers = iter([1, 2])
    snapshot = Snapshot("thing", lambda: gauge(next(numbers)))

    seen(snapshot)

    assert seen(snapshot)["found"] == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_counters_are_of_the_moment_or_not_told():
    numbers = iter([1, 2])  # a fault from then on
    snapshot = Snapshot("thing", lambda: gauge(next(numbers)), fresh_seconds=0)

    assert [seen(snapshot)["found"], seen(snapshot)["found"]] == [1, 2]
    assert seen(snapshot) == {"thing_up": 0}


def test_what_fails_is_down():
    def away():
        raise OperationalError("gone")

    assert seen(Snapshot("thing", away)) == {"thing_up": 0}


def test_what_is_frozen_is_not_waited_for():
    gate = Event()
    snapshot = Snapshot("thing", lambda: gauge(gate.wait(20)))

    assert seen(snapshot, 0.01) == {"thing_up": 0}
    gate.set()
    assert seen(snapshot) == {"thing_up": 1, "found": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("redis_client")
def test_the_route_shows_all_of_it(client):
    make_alias(model_version=make_model_version(registered_at=timezone.now() - timedelta(days=1)))

    text = client.get("/metrics").content.decode()

    assert "database_up 1.0" in text
    assert "broker_up 1.0" in text
    assert 'model_info{recipe="logistic"' in text
    assert 'queue_length{queue="ml"} 0.0' in text


@pytest.mark.django_db
def test_counters_are_there_with_everything_else_away(client, database_at, broker_at, dead_port):
    broker_at(dead_port)
    database_at(dead_port)
    client.get("/livez")

    text = client.get("/metrics").content.decode()

    assert 'http_requests_total{method="GET",route="livez",status="200"}' in text
    assert "broker_up 0.0" in text
