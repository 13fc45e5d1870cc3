"""The timetable is laid once; then it is the operator's."""

import json

import pytest
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from soccerpredict.jobs import timetable
from soccerpredict.jobs.models import JobRun
from tests.predictions.commands import run

pytestmark = pytest.mark.django_db

TIDY = {"name": "Tidy up", "task": "tests.tidy_up", "crontab": "15 3 * * 1"}
FETCH = {
    "name": "Fetch the attic",
    "task": "tests.fetch",
    "kwargs": {"source": "attic"},
    "crontab": "7 * * * *",
    "needs": "attic",
}


@pytest.fixture(autouse=True)
def _small_timetable(settings):
    settings.TIMETABLE = [TIDY, FETCH]
    settings.FETCH_SOURCES = []


def task(name):
    return PeriodicTask.objects.get(name=name)


def test_it_lays_every_job_with_its_heartbeat():
    assert timetable.install() == (2, 0)

    tidy = task("Tidy up")
    assert (tidy.task, tidy.enabled, tidy.expire_seconds) == ("tests.tidy_up", True, 3000)
    assert str(tidy.crontab) == "15 3 * * 1 (m/h/dM/MY/d) UTC"
    assert JobRun.objects.get(key="tests.tidy_up()").state == "waiting"


def test_a_second_time_changes_nothing():
    timetable.install()
    before = list(PeriodicTask.objects.values())

    assert timetable.install() == (0, 0)
    assert list(PeriodicTask.objects.values()) == before


def test_an_operators_changes_stay():
    timetable.install()
    noon = CrontabSchedule.objects.create(minute="0", hour="12")
    PeriodicTask.objects.filter(name="Tidy up").update(
        crontab=noon, enabled=False, name="Tidy up at noon"
    )

    timetable.install()

    assert (task("Tidy up at noon").crontab, task("Tidy up at noon").enabled) == (noon, False)
    assert not PeriodicTask.objects.filter(name="Tidy up").exists()


def test_a_job_that_an_operator_deleted_stays_away():
    timetable.install()
    task("Tidy up").delete()

    timetable.install()

    assert not PeriodicTask.objects.filter(name="Tidy up").exists()


def test_a_source_that_is_not_configured_starts_off_and_says_why():
    timetable.install()

    job = JobRun.objects.get(name="Fetch the attic")
    assert (job.state, job.result) == ("off", "Off: FETCH_SOURCES does not name attic.")
    assert not task("Fetch the attic").enabled
    assert json.loads(task("Fetch the attic").kwargs) == {"source": "attic"}


def test_it_is_switched_on_once_it_is_configured(settings):
    timetable.install()
    settings.FETCH_SOURCES = ["attic"]

    assert timetable.install() == (0, 1)
    assert task("Fetch the attic").enabled
    assert JobRun.objects.get(name="Fetch the attic").state == "waiting"


def test_one_that_an_operator_keeps_off_stays_off(settings):
    timetable.install()
    PeriodicTask.objects.filter(name="Fetch the attic").update(description="Not before May.")
    settings.FETCH_SOURCES = ["attic"]

    assert timetable.install() == (0, 0)
    assert not task("Fetch the attic").enabled


def test_one_that_was_switched_off_later_stays_off(settings):
    settings.FETCH_SOURCES = ["attic"]
    timetable.install()
    PeriodicTask.objects.filter(name="Fetch the attic").update(enabled=False)

    timetable.install()

    assert not task("Fetch the attic").enabled


def test_the_command_says_what_it_did():
    assert run("schedule_jobs") == "Timetable: 2 jobs added, 0 switched on.\n"


def test_every_job_of_the_settings_is_a_task_on_a_named_queue():
    from soccerpredict.celery import app
    from soccerpredict.timetable import TIMETABLE

    app.loader.import_default_modules()
    routes = {
        entry["task"]: app.amqp.router.route({}, entry["task"])["queue"].name for entry in TIMETABLE
    }

    assert routes.keys() <= app.tasks.keys()
    assert {queue for name, queue in routes.items() if ".fetch_" in name} == {"io"}
    assert {queue for name, queue in routes.items() if ".run_" in name} == {"batch"}
