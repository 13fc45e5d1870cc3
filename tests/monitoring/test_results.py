import uuid

import psycopg
import pytest
from celery import current_app
from django.db import connection
from django_celery_results.models import TaskResult

from monitoring.results import RedisAndDatabaseBackend

pytestmark = pytest.mark.usefixtures("redis_client")


@pytest.fixture
def task_id():
    return str(uuid.uuid4())


def end_connection():
    """As a restart of Postgres does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    parts = connection.settings_dict
    with psycopg.connect(
        host=parts["HOST"],
        port=parts["PORT"],
        user=parts["USER"],
        password=parts["PASSWORD"],
        dbname=parts["NAME"],
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_celery_finds_it_by_its_setting():
    assert isinstance(current_app.backend, RedisAndDatabaseBackend)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["STARTED", "SUCCESS", "FAILURE", "RETRY", "REVOKED"])
def test_every_state_reaches_redis_and_the_table(task_id, state):
    outcome = ValueError("no") if state in ("FAILURE", "RETRY", "REVOKED") else {"n": 1}

    current_app.backend.store_result(task_id, outcome, state)

    assert current_app.backend.get_state(task_id) == state
    assert TaskResult.objects.get(task_id=task_id).status == state


@pytest.mark.django_db
def test_the_row_follows_the_states(task_id):
    current_app.backend.store_result(task_id, {"pid": 1}, "STARTED")
    current_app.backend.store_result(task_id, {"n": 2}, "SUCCESS")

    row = TaskResult.objects.get(task_id=task_id)
    assert (row.status, row.result) == ("SUCCESS", '{"n": 2}')


@pytest.mark.django_db
def test_the_task_goes_on_without_its_row(task_id, database_at, closed_port, caplog):
    connection.close()
    database_at(closed_port)

    current_app.backend.store_result(task_id, {"n": 1}, "SUCCESS")

    assert current_app.backend.get_result(task_id) == {"n": 1}
    assert f"Task {task_id} is SUCCESS, but its row could not be written" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_broken_connection_is_mended(task_id):
    end_connection()

    current_app.backend.store_result(task_id, {"n": 1}, "SUCCESS")

    assert TaskResult.objects.get(task_id=task_id).status == "SUCCESS"


@pytest.mark.django_db
def test_a_first_state_takes_few_queries(task_id, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):  # look, savepoint, insert, release
        current_app.backend.store_result(task_id, {"n": 1}, "STARTED")


@pytest.mark.django_db
def test_old_rows_go_and_new_ones_stay(task_id):
    old = TaskResult.objects.create(task_id="old")
    TaskResult.objects.filter(pk=old.pk).update(date_done="2020-01-01T00:00Z")
    current_app.backend.store_result(task_id, {"n": 1}, "SUCCESS")

    current_app.backend.cleanup()

    assert list(TaskResult.objects.values_list("task_id", flat=True)) == [task_id]
