"""Links from a task and a job to the rows that came of it."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django_celery_results.models import TaskResult

from livescores.models import ImportReport
from monitoring.models import QualityReport
from monitoring.services.made import made_by
from predictions.models import BettingRun
from soccerpredict.jobs.models import JobRun
from tests.factories import HOUR, NOON, make_batch
from tests.soccerpredict.test_admin import make_job, page

BATCH = "predictions.tasks.run_batch_inference"
pytestmark = pytest.mark.django_db


def made(task, *args, **kwargs):
    return made_by(task, kwargs, args, started=NOON, ended=NOON + HOUR)


def batch_at(moment, stage="champion"):
    return make_batch(stage, computed_at=moment)


def test_a_batch_run_of_the_same_stage_in_that_time_is_its_own():
    own = batch_at(NOON + HOUR / 2)
    batch_at(NOON - HOUR)
    batch_at(NOON + 2 * HOUR)
    batch_at(NOON + HOUR / 2, "challenger")

    assert made(BATCH, stage="champion") == [own]


def test_an_import_report_of_the_same_source_is_its_own():
    own = ImportReport.objects.create(source="fonbet", started_at=NOON)
    ImportReport.objects.create(source="openfootball", started_at=NOON)

    assert made("predictions.tasks.fetch_odds", source="fonbet") == [own]


def test_reports_and_simulations_are_found():
    report = QualityReport.objects.create(
        as_of=NOON, generated_at=NOON, n_matches=1, content={"groups": []}
    )
    run = BettingRun.objects.create(
        stage="champion", batch=make_batch(), n_matches=1, computed_at=NOON
    )

    assert made("monitoring.tasks.run_quality_report") == [report]
    assert made("predictions.tasks.run_betting_simulation", stage="champion") == [run]


def test_a_job_of_a_client_is_found_by_its_id():
    job = make_job()

    assert made("predictions.tasks.predict_job", str(job.pk)) == [job]


def test_a_task_that_did_not_start_or_makes_no_rows_made_nothing():
    batch_at(NOON)

    assert made_by(BATCH, {}, (), started=None, ended=None) == []
    assert made("predictions.tasks.run_ratings") == []
    assert made(None) == []


def test_what_still_runs_has_made_what_is_there_by_now():
    own = batch_at(NOON)

    assert made_by(BATCH, {}, (), started=NOON, ended=None) == [own]


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


def test_the_page_of_a_job_leads_to_what_its_last_run_made(admin_client):
    own = batch_at(NOON + HOUR / 2)
    job = JobRun.objects.create(
        name="Predict",
        key="predict",
        task=BATCH,
        kwargs={"stage": "champion"},
        started_at=NOON,
        ended_at=NOON + HOUR,
    )

    text = unescape(admin_client.get(page(job)).content.decode())

    assert f'href="{reverse("admin:predictions_batchrun_change", args=[own.pk])}"' in text
    assert f"q={BATCH}" in text


def test_arguments_that_were_cut_lead_nowhere(admin_client):
    task = TaskResult.objects.create(task_id="1", task_name=BATCH, task_kwargs='"{"')
    own = batch_at(task.date_done)

    assert page(own) not in admin_client.get(page(task)).content.decode()
