"""What staff see of workers and do to tasks in the admin."""

import uuid
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import PeriodicTask
from django_celery_results.models import TaskResult

from monitoring.services.tasks import queues, task_control
from predictions import tasks
from soccerpredict.jobs import locks, timetable
from soccerpredict.jobs.models import JobRun
from tests import forms

LIST = "admin:django_celery_results_taskresult_changelist"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_client")]


def make_result(status="FAILURE", **fields):
    fields = {
        "task_name": "predictions.tasks.predict_match",
        "task_args": "\"(5, 'champion', [])\"",
        "task_kwargs": '"{}"',
        **fields,
    }
    return TaskResult.objects.create(task_id=str(uuid.uuid4()), status=status, **fields)


def act(client, action, *results):
    return forms.act(client, reverse(LIST), action, *results).content.decode()


@pytest.fixture
def client():
    """Of all routes, not of monitoring's alone."""
    return Client()


@pytest.fixture
def viewer(client, django_user_model):
    """Staff who may see results and change none."""
    user = django_user_model.objects.create_user("viewer", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_taskresult"))
    client.force_login(user)
    return client


def test_a_failed_task_is_sent_once_more(admin_client):
    failed = make_result()

    shown = act(admin_client, "send_once_more", failed)

    [waiting] = queues.first_waiting()
    assert (waiting.task, waiting.queue) == ("predictions.tasks.predict_match", "ml")
    assert f"Sent once more as {waiting.task_id}." in shown
    assert waiting.task_id in LogEntry.objects.get(object_id=failed.pk).change_message


def test_it_gets_the_same_arguments():
    kept = make_result(task_args="\"(5, 'champion', ['markets'])\"")

    assert task_control._written(kept.task_args, ()) == (5, "champion", ["markets"])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"status": "STARTED"}, "still STARTED"),
        ({"task_name": "nobody.knows"}, "no task nobody.knows"),
        ({"task_args": '"(1, 2, ...)"', "task_kwargs": '"{"'}, "not kept whole"),
    ],
)
def test_what_cannot_be_sent_again_says_why(admin_client, fields, reason):
    shown = act(admin_client, "send_once_more", make_result(**fields))

    assert reason in shown
    assert not queues.first_waiting()
    assert not LogEntry.objects.exists()


def test_a_task_that_is_over_is_not_revoked(admin_client):
    assert "is over" in act(admin_client, "take_back", make_result("SUCCESS"))


def test_a_running_task_is_revoked_on_record(admin_client):
    running = make_result("STARTED")

    act(admin_client, "take_back", running)

    assert "Revoked" in LogEntry.objects.get(object_id=running.pk).change_message


def test_staff_without_the_right_have_no_such_actions(viewer):
    result = make_result()
    page = viewer.get(reverse(LIST)).content.decode()
    by_hand = {"action": "send_once_more", "_selected_action": result.pk}
    viewer.post(reverse(LIST), by_hand)

    assert "send_once_more" not in page
    assert not queues.first_waiting()


def test_waiting_tasks_are_listed_and_can_be_revoked(admin_client):
    sent = tasks.run_expire_jobs.delay()

    page = admin_client.get(reverse("admin:monitoring_workers")).content.decode()
    assert "No worker is alive." in page
    assert sent.id in page

    form = forms.form_in(page, having="task_id")
    admin_client.post(form.action, form.fields())
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (sent.id, "Revoked while it waited.")


def test_staff_without_the_right_see_but_do_not_revoke(viewer):
    sent = tasks.run_expire_jobs.delay()

    page = viewer.get(reverse("admin:monitoring_workers")).content.decode()
    answer = viewer.post(reverse("admin:monitoring_revoke"), {"task_id": sent.id})

    assert sent.id in page
    assert "Revoke" not in page.split("<table", 1)[1]
    assert answer.status_code == 403


def test_strangers_see_no_workers(client):
    assert client.get(reverse("admin:monitoring_workers")).status_code == 302


def test_no_id_is_revoked_that_is_none(admin_client):
    admin_client.post(reverse("admin:monitoring_revoke"), {"task_id": "all of them"})

    assert not LogEntry.objects.exists()


def test_without_redis_it_says_so(admin_client, broker_at, closed_port):
    broker_at(closed_port)

    page = admin_client.get(reverse("admin:monitoring_workers")).content.decode()

    assert "Redis does not answer" in page


HEARTBEATS = reverse("admin:jobs_jobrun_changelist")
TIMETABLE = reverse("admin:django_celery_beat_periodictask_changelist")


@pytest.fixture
def timetable_installed():
    timetable.install()


def choose(client, address, action, *rows):
    return unescape(forms.act(client, address, action, *rows).content.decode())


@pytest.mark.usefixtures("timetable_installed")
@pytest.mark.parametrize(
    ("address", "action", "model"),
    [(HEARTBEATS, "run_now", JobRun), (TIMETABLE, "run_tasks", PeriodicTask)],
)
def test_a_job_is_run_now_on_record(admin_client, address, action, model):
    row = model.objects.get(name="Predict with the champion")

    shown = choose(admin_client, address, action, row)

    [waiting] = queues.first_waiting()
    assert (waiting.task, waiting.queue) == ("predictions.tasks.run_batch_inference", "batch")
    assert f"was sent as {waiting.task_id}" in shown
    assert LogEntry.objects.get().change_message == f"Run now as {waiting.task_id}."


def test_a_job_whose_task_is_gone_says_so(admin_client):
    gone = JobRun.objects.create(name="gone", key="gone()", task="nobody.knows")

    shown = choose(admin_client, HEARTBEATS, "run_now", gone)

    assert "There is no task nobody.knows any more." in shown
    assert not LogEntry.objects.exists()


@pytest.mark.usefixtures("timetable_installed")
def test_jobs_are_switched_off_and_on_on_record(admin_client):
    row = PeriodicTask.objects.get(name="Rate teams")

    choose(admin_client, TIMETABLE, "disable_tasks", row)
    row.refresh_from_db()
    assert not row.enabled
    choose(admin_client, TIMETABLE, "enable_tasks", row)
    row.refresh_from_db()
    assert row.enabled

    told = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert list(told) == ["Switched off.", "Switched on."]


@pytest.mark.usefixtures("timetable_installed")
def test_a_job_that_runs_is_not_sent_once_more(admin_client):
    job = JobRun.objects.get(name="Rate teams")
    JobRun.objects.filter(pk=job.pk).update(state=JobRun.State.RUNNING)

    with locks.held(job.key):
        shown = choose(admin_client, HEARTBEATS, "run_now", job)

    assert "Rate teams runs already." in shown
    assert not queues.first_waiting()


@pytest.mark.usefixtures("timetable_installed")
@pytest.mark.parametrize("kwargs", ["{oops", "[1]", '"all"', "7"])
def test_a_timetable_that_cannot_be_read_is_not_run(admin_client, kwargs):
    row = PeriodicTask.objects.get(name="Rate teams")
    PeriodicTask.objects.filter(pk=row.pk).update(kwargs=kwargs)

    choose(admin_client, TIMETABLE, "run_tasks", row)

    assert not queues.first_waiting()
    assert not LogEntry.objects.exists()
