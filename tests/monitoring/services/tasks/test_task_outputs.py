"""Links from a task and a job to the rows that came of it: the tasks run, and pages are read."""

import os
import subprocess
import sys
from datetime import timedelta
from html import unescape

import pytest
from celery import current_app
from django.urls import reverse
from django.utils import timezone
from django_celery_results.models import TaskResult

from livescores.models import ImportReport, WaitingEvent
from monitoring import tasks as reporting
from monitoring.models import DriftReport, QualityReport
from monitoring.services.reports import evidently_page
from monitoring.services.tasks.task_outputs import made_by
from predictions import tasks
from predictions.models import (
    BatchRun,
    BettingRun,
    GateReport,
    ModelVersion,
    Odds,
    QuarantinedOdds,
)
from predictions.services.importing import simulated_world
from predictions.services.publishing import batch
from predictions.services.training import fitting
from soccerpredict.jobs.models import JobRun
from tests import provider
from tests.factories import HOUR, NOON, make_batch
from tests.predictions.feed_answers import followed_match, packet, prices_of, serving
from tests.predictions.pipeline import NOW, shrink_leagues
from tests.provider import content
from tests.soccerpredict.back_office.admin_pages import make_job, page

BATCH = tasks.run_batch_inference.name
WAIT_SECONDS = 60
RECORD = (
    b'{"matchId": 1, "tournamentName": "Serie A", "regionName": "Italy", "homeId": 1,'
    b'"awayId": 2, "homeName": "Roma", "awayName": "Lazio", "status": 1,'
    b'"startTimeUtc": "2026-05-01T18:00:00Z"}'
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    """Every task that a worker of ours knows."""
    current_app.loader.import_default_modules()
    apps = ("livescores.", "predictions.", "monitoring.", "soccerpredict.")
    return {name: task for name, task in current_app.tasks.items() if name.startswith(apps)}


def test_every_task_says_what_it_makes(ours):
    assert len(ours) > 20
    assert not [name for name, task in ours.items() if not hasattr(task, "makes")]


def test_it_speaks_of_fields_and_arguments_that_there_are(ours):
    for name, task in ours.items():
        for output in task.makes:
            assert set(output.bears.values()) <= task.run.__annotations__.keys(), name
            output.model.objects.order_by(*output.bears, output.moment or "pk").exists()


def test_a_web_process_knows_the_tasks_of_every_app():
    """It imports those that its own views send; the back office starts all of them."""
    code = (
        "import soccerpredict.wsgi\n"
        "from monitoring.services.tasks.task_outputs import task_named\n"
        f"print(task_named({reporting.run_quality_report.name!r}).makes)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "soccerpredict.settings"}

    told = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=True,
    )

    assert "QualityReport" in told.stdout


@pytest.fixture
def match():
    return followed_match()


@pytest.fixture
def web():
    with serving() as server:
        yield server


@pytest.fixture
def led_to(admin_client):
    """Runs a job as a worker does; the rows that its heartbeat's page then leads to, by model."""

    def led_to(task, *models, **kwargs):
        task.apply(kwargs=kwargs, throw=True)
        job = JobRun.objects.get(task=task.name)
        text = unescape(admin_client.get(page(job)).content.decode())
        return [[row for row in each.objects.all() if page(row) in text] for each in models]

    return led_to


def test_an_import_leads_to_its_report(led_to, settings):
    ImportReport.objects.create(source="whoscored", started_at=NOON)
    with provider.running() as server:
        address = server.on("/records.jsonl", content(RECORD))
        settings.SOURCES = {"whoscored": {"url": address}}

        [[report]] = led_to(tasks.fetch_matches, ImportReport, source="whoscored")

    assert report.inserted == 1


def test_a_feed_leads_to_the_prices_that_it_stored(led_to, web, match):
    web.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5))
    web.on("/line/50", packet(match, 51, 50, 1.4))
    led_to(tasks.fetch_odds, Odds, source="fonbet")

    [price], [report] = led_to(tasks.fetch_odds, Odds, ImportReport, source="fonbet")

    assert price.odd_home == 1.4
    assert report == ImportReport.objects.latest("pk")


def test_a_feed_leads_to_prices_that_cannot_be_true(led_to, web, match):
    web.on("/line/0", packet(match, 50, 0, 0.5, 4.0, 6.5))

    [[doubtful]] = led_to(tasks.fetch_odds, QuarantinedOdds, source="fonbet")

    assert doubtful.odd_home == 0.5


def test_a_feed_leads_to_events_that_wait_for_a_person(led_to, web, match):
    path = "/v4/sports/soccer_sweden_allsvenskan/odds"
    web.on(path, content(prices_of(match, home="Sirius")))
    leagues = ["soccer_sweden_allsvenskan"]

    [[event]] = led_to(tasks.fetch_odds, WaitingEvent, source="the-odds-api", leagues=leagues)

    assert event.home == "Sirius"


def test_a_world_that_goes_on_leads_to_its_report(led_to, monkeypatch):
    shrink_leagues(monkeypatch)
    simulated_world.simulate(seed=7, now=NOW)
    ImportReport.objects.update(started_at=NOW)

    [[report]] = led_to(tasks.run_simulated_world, ImportReport)

    assert report.started_at > NOW


@pytest.mark.usefixtures("own_files")
class TestInATrainedWorld:
    def test_a_batch_and_a_simulation_lead_to_their_runs(self, led_to):
        """Of their own stage."""
        batch.run(stage="challenger")

        [[run]] = led_to(tasks.run_batch_inference, BatchRun, stage="champion")
        [[betting]] = led_to(tasks.run_betting_simulation, BettingRun, stage="champion")

        assert (run.stage, betting.batch) == ("champion", run)

    def test_the_quality_report_is_found(self, led_to):
        batch.run(stage="champion")

        [[_]] = led_to(reporting.run_quality_report, QualityReport)

    def test_the_drift_report_is_found(self, led_to, monkeypatch):
        monkeypatch.setattr(evidently_page, "compare", lambda *_: (b"<html>", {}))
        monkeypatch.setattr(timezone, "now", lambda: NOW)

        [[_]] = led_to(reporting.run_drift_report, DriftReport)

    def test_a_retraining_leads_to_its_versions_and_gate_reports(self, led_to, monkeypatch):
        monkeypatch.setattr(fitting, "code_version", lambda: "of another day")
        known = set(ModelVersion.objects.all())

        versions, reports = led_to(tasks.run_retraining, ModelVersion, GateReport)

        assert set(versions) == set(ModelVersion.objects.all()) - known
        assert {report.candidate for report in reports} == set(versions)

    def test_decisions_lead_to_what_was_decided(self, trained):
        given = [trained.challenger.version, "champion", "ada", "To see."]

        [report] = made_now(tasks.decide_examination, *given)
        [change] = made_now(tasks.decide_promotion, report.pk, "ada", "It is better.", True)
        [back] = made_now(
            tasks.decide_rollback, "champion", "ada", "It is not.", report.candidate.version
        )

        assert isinstance(report, GateReport)
        assert change.model_version == trained.challenger
        assert back.model_version == trained.champion


def made_now(task, *args):
    started = timezone.now()
    task.apply(args=args, throw=True)
    return made_by(task.name, {}, args, started=started, ended=timezone.now())


def made(task, *args, **kwargs):
    return made_by(task, kwargs, args, started=NOON, ended=NOON + HOUR)


def batch_at(moment, stage="champion"):
    return make_batch(stage, computed_at=moment)


def test_a_batch_run_of_the_same_stage_in_that_time_is_its_own():
    own = batch_at(NOON + HOUR / 2)
    batch_at(NOON - HOUR)
    batch_at(NOON + 2 * HOUR)
    batch_at(NOON + HOUR / 2, "challenger")

    assert made(BATCH, stage="champion") == made(BATCH, "champion") == [own]


def test_a_job_of_a_client_is_found_by_its_id():
    job = make_job()

    assert made(tasks.predict_job.name, str(job.pk)) == [job]
    assert made(tasks.predict_job.name, job_id=str(job.pk)) == [job]


def test_a_task_that_did_not_start_or_makes_no_rows_made_nothing():
    batch_at(NOON)

    assert made_by(BATCH, {}, (), started=None, ended=None) == []
    assert made(tasks.run_ratings.name) == []
    assert made("predictions.tasks.of_an_older_version") == []
    assert made(None) == []


def test_arguments_of_an_older_version_lead_nowhere():
    batch_at(NOON)

    assert made(BATCH, level="champion") == []


def test_what_still_runs_has_made_what_is_there_by_now():
    own = batch_at(NOON)

    assert made_by(BATCH, {"stage": "champion"}, (), started=NOON, ended=None) == [own]


def test_the_page_of_a_task_leads_to_what_it_made(admin_client):
    task = TaskResult.objects.create(
        task_id="1",
        status="SUCCESS",
        task_name=BATCH,
        task_kwargs="\"{'stage': 'champion'}\"",
        task_args='"()"',
    )
    own = batch_at(task.date_done - timedelta(milliseconds=1))
    TaskResult.objects.filter(pk=task.pk).update(date_started=own.computed_at)

    text = unescape(admin_client.get(page(task)).content.decode())

    assert f'href="{reverse("admin:predictions_batchrun_change", args=[own.pk])}"' in text


def test_the_page_of_a_job_leads_to_its_results(admin_client):
    job = JobRun.objects.create(name="Predict", key="predict", task=BATCH)

    assert f"q={BATCH}" in unescape(admin_client.get(page(job)).content.decode())


def test_arguments_that_were_cut_lead_nowhere(admin_client):
    task = TaskResult.objects.create(task_id="1", task_name=BATCH, task_kwargs='"{"')
    own = batch_at(task.date_done)

    assert page(own) not in admin_client.get(page(task)).content.decode()
