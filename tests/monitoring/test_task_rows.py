import uuid
from typing import Any

import pytest
from celery import current_app
from django.db import OperationalError, connection
from django_celery_results.models import TaskResult

from monitoring import task_rows
from monitoring.task_rows import TaskRows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_client")]


@pytest.fixture
def task_id():
    return str(uuid.uuid4())


@pytest.fixture
def aside(monkeypatch):
    """As in a worker's process, but for its thread."""
    rows = TaskRows()
    rows.begun = True
    monkeypatch.setattr("monitoring.results.aside", rows)
    return rows


def states():
    return list(TaskResult.objects.order_by("task_id").values_list("task_id", "status"))


def test_a_worker_writes_the_rows_of_several_tasks_at_once(aside, django_assert_num_queries):
    for task_id in ("b", "a"):
        current_app.backend.store_result(task_id, {"n": 1}, "SUCCESS")
    assert states() == []

    with django_assert_num_queries(1):
        aside.write()

    assert states() == [("a", "SUCCESS"), ("b", "SUCCESS")]


def test_a_worker_that_has_ended_puts_nothing_aside(aside, task_id):
    current_app.backend.store_result("before", {"n": 1}, "SUCCESS")

    aside.end()
    current_app.backend.store_result("later", {"n": 1}, "SUCCESS")

    assert states() == [("before", "SUCCESS"), ("later", "SUCCESS")]


def test_the_caller_does_not_wait_for_the_row(aside, task_id, django_assert_num_queries):
    with django_assert_num_queries(0):
        current_app.backend.store_result(task_id, {"n": 1}, "SUCCESS")

    assert current_app.backend.get_result(task_id) == {"n": 1}


@pytest.mark.parametrize("together", [True, False])
def test_the_row_knows_when_its_task_started_and_how_it_ended(aside, task_id, together):
    current_app.backend.store_result(task_id, {"pid": 1}, "STARTED")
    if not together:
        aside.write()
    current_app.backend.store_result(task_id, ValueError("no"), "FAILURE")

    aside.write()

    row: Any = TaskResult.objects.get(task_id=task_id)
    assert row.status == "FAILURE"
    assert row.date_started is not None


def test_the_row_is_the_one_that_would_be_written_at_once(aside, task_id):
    outcome = {"n": [1, 2]}, "SUCCESS"
    backend: Any = current_app.backend
    backend._table._store_result("at once", *outcome)
    current_app.backend.store_result(task_id, *outcome)

    aside.write()

    own = {"id", "task_id", "date_created", "date_done"}
    one, other = (
        {name: value for name, value in row.items() if name not in own}
        for row in TaskResult.objects.values()
    )
    assert one == other


def test_with_the_database_away_the_rows_are_given_up(aside, task_id, monkeypatch, caplog):
    def away(*args):
        raise OperationalError

    current_app.backend.store_result(task_id, {"n": 1}, "SUCCESS")
    with monkeypatch.context() as patch:
        patch.setattr(task_rows, "store", away)
        patch.setattr(connection, "close", lambda: None)
        aside.write()

    aside.write()

    assert "The rows of 1 tasks could not be written." in caplog.text
    assert states() == []
