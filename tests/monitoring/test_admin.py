"""Celery's results and timetable in the admin."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from django_celery_results.models import TaskResult

from monitoring.services.reports.report_files import drift_page
from tests import forms
from tests.forms import save

RESULTS = reverse("admin:django_celery_results_taskresult_changelist")
TRACEBACK = 'Traceback:\n  File "tasks.py", line 1\n    raise <nothing>'

pytestmark = pytest.mark.django_db


def make_result(task_id):
    return TaskResult.objects.create(
        task_id=task_id,
        task_name="predict",
        status="FAILURE",
        result='{"home": 1}',
        traceback=TRACEBACK,
    )


def test_a_result_shows_what_came_of_it(admin_client):
    result = make_result("task-1")

    text = admin_client.get(
        reverse("admin:django_celery_results_taskresult_change", args=[result.pk])
    ).content.decode()

    assert "{&quot;home&quot;: 1}" in text
    assert "FAILURE" in text
    [lines] = re.findall(r"<pre[^>]*>(.*?)</pre>", text, re.DOTALL)
    assert unescape(lines) == TRACEBACK


def test_a_list_reads_no_result(admin_client):
    make_result("task-1")

    with CaptureQueriesContext(connection) as queries:
        admin_client.get(RESULTS)

    assert not any('"traceback"' in query["sql"] for query in queries)


def test_a_result_is_found_by_its_whole_id(admin_client):
    result = make_result("task-1")
    make_result("task-12")

    answer = admin_client.get(RESULTS, {"q": "task-1"})

    assert list(answer.context["cl"].result_list) == [result]


def test_results_may_be_deleted(admin_client):
    first, second = make_result("task-1"), make_result("task-2")

    page = reverse("admin:django_celery_results_taskresult_delete", args=[first.pk])
    forms.confirm(admin_client, admin_client.get(page), page, post="yes")
    asking = forms.act(admin_client, RESULTS, "delete_selected", second)
    forms.confirm(admin_client, asking, RESULTS, post="yes")

    assert not TaskResult.objects.exists()


def test_a_periodic_task_can_be_made(admin_client):
    interval = IntervalSchedule.objects.create(every=3, period="hours")

    answer = save(
        admin_client,
        reverse("admin:django_celery_beat_periodictask_add"),
        {"name": "tidy", "task": "tidy", "interval": interval.pk},
    )

    assert answer.status_code == 302
    assert PeriodicTask.objects.get().interval == interval


def test_a_schedule_shows_the_tasks_that_use_it(admin_client):
    interval = IntervalSchedule.objects.create(every=3, period="hours")
    PeriodicTask.objects.create(name="tidy up", task="tidy", interval=interval)

    answer = admin_client.get(
        reverse("admin:django_celery_beat_intervalschedule_change", args=[interval.pk])
    )

    assert "tidy up" in answer.content.decode()


PAGE = reverse("admin:monitoring_driftreport_page")


def write_page(text):
    path = drift_page()
    path.parent.mkdir(parents=True)
    path.write_text(text)


def test_staff_may_see_evidentlys_page(admin_client, var_dir):
    write_page("<html>plots</html>")

    answer = admin_client.get(PAGE)

    assert answer.getvalue() == b"<html>plots</html>"
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer["Content-Security-Policy"].startswith("sandbox allow-scripts; default-src 'none'")


def test_without_a_page_there_is_none(admin_client, var_dir):
    assert admin_client.get(PAGE).status_code == 404


def test_others_may_not_see_it(client, settings, django_user_model, var_dir):
    settings.ROOT_URLCONF = "soccerpredict.urls"
    write_page("<html>plots</html>")
    client.force_login(django_user_model.objects.create_user("clerk", is_staff=True))

    assert client.get(PAGE).status_code == 403


def test_strangers_are_asked_to_log_in(client, settings, var_dir):
    settings.ROOT_URLCONF = "soccerpredict.urls"

    assert client.get(PAGE)["Location"].startswith("/admin/login/")
