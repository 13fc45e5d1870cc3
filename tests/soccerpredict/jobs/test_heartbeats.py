"""When a job is due, whether it is late, and what the admin shows of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from soccerpredict.jobs import locks
from soccerpredict.jobs.heartbeats import heartbeats
from soccerpredict.jobs.models import JobRun

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def make_job(ago=None, *, name="Tidy up", **fields):
    started = timezone.now() - ago if ago is not None else None
    return JobRun.objects.create(
        name=name, key=f"{name}()", task=name, started_at=started, **fields
    )


def make_turn(task="Tidy up", every=1, **fields):
    interval, _ = IntervalSchedule.objects.get_or_create(every=every, period="hours")
    return PeriodicTask.objects.create(
        name=f"{task} {every}", task=task, interval=interval, **fields
    )


def only():
    (beat,) = heartbeats()
    return beat


def test_it_is_due_an_interval_after_its_start():
    make_turn()
    job = make_job(ago=timedelta(minutes=20))

    beat = only()

    assert abs(beat.next_due - (job.started_at + HOUR)) < timedelta(seconds=2)
    assert not beat.is_late


def test_it_is_late_ten_minutes_after_it_was_due():
    make_turn()
    make_job(ago=HOUR + timedelta(minutes=11))

    assert only().is_late


def test_a_few_minutes_are_not_late():
    make_turn()
    make_job(ago=HOUR + timedelta(minutes=9))

    assert not only().is_late


def test_a_crontab_counts_by_the_clock():
    crontab = CrontabSchedule.objects.create(minute="0", hour="0")
    PeriodicTask.objects.create(name="nightly", task="Tidy up", crontab=crontab)
    make_job(ago=timedelta(days=2))

    beat = only()

    assert (beat.next_due.hour, beat.next_due.minute, beat.is_late) == (0, 0, True)


def test_one_that_never_ran_is_due_after_it_was_scheduled():
    make_turn()
    make_job()

    beat = only()

    assert abs(beat.next_due - (timezone.now() + HOUR)) < timedelta(seconds=2)


def test_of_two_turns_the_earlier_counts():
    make_turn(every=5)
    make_turn(every=1)
    job = make_job(ago=timedelta(minutes=1))

    assert only().next_due < job.started_at + 2 * HOUR


@pytest.mark.parametrize(
    "change",
    [
        {"enabled": False},
        {"kwargs": '{"source": "cellar"}'},
        {"kwargs": '{"source": '},
        {"kwargs": '["cellar"]'},
    ],
)
def test_without_a_turn_it_is_never_due(change):
    make_turn(**change)
    make_job(ago=timedelta(days=3))

    beat = only()

    assert (beat.next_due, beat.is_late) == (None, False)


def test_a_turn_of_no_time_at_all_is_none():
    """As a row is left whose interval an operator deleted past Django."""
    PeriodicTask.objects.filter(pk=make_turn().pk).update(interval=None)
    make_job(ago=timedelta(days=3))

    assert only().next_due is None


def test_a_failure_is_news_until_somebody_knows_of_it():
    ended = timezone.now() - HOUR
    job = make_job(ago=2 * HOUR, state=JobRun.State.FAILED, ended_at=ended)
    assert only().is_news

    job.acknowledged_at = ended + timedelta(minutes=1)
    job.save()
    assert (only().is_failed, only().is_news) == (True, False)

    job.ended_at = timezone.now()  # it failed once more
    job.save()
    assert only().is_news


def test_a_run_whose_worker_died_has_failed():
    make_job(ago=HOUR, state="running")

    assert only()[1:3] == ("failed", "It ended without a word: its worker was stopped.")


def test_a_run_that_goes_on_is_neither_failed_nor_late():
    make_turn()
    make_job(ago=timedelta(hours=3), state="running")

    with locks.held("Tidy up()"):
        beat = only()

    assert (beat.state, beat.is_late) == ("running", False)


def test_the_admin_shows_late_and_failed_jobs(admin_client):
    make_turn()
    make_job(ago=timedelta(hours=3), state="done", result="Sorted.")
    make_job(name="Sweep", state="failed", result="There is no broom.", failures=2)

    text = admin_client.get(reverse("admin:jobs_jobrun_changelist")).content.decode()

    assert "Late" in text
    assert "There is no broom." in text


def test_its_list_needs_as_many_queries_for_many(admin_client):
    address = reverse("admin:jobs_jobrun_changelist")
    make_job(state="running")
    with CaptureQueriesContext(connection) as of_one:
        admin_client.get(address)
    for number in range(9):
        make_job(name=f"Sweep {number}", state="running")

    with CaptureQueriesContext(connection) as of_ten:
        admin_client.get(address)

    assert len(of_ten) == len(of_one)
