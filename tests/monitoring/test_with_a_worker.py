"""What the routes say of a real worker and its tasks; alone in its module, as it owns Redis."""

import os
import signal
import uuid

import psutil
import pytest
import redis
from celery import current_app
from django.conf import settings as django_settings
from django_celery_results.models import TaskResult

from monitoring.services.tasks import celery_state
from predictions.workers import heartbeats
from tests.monitoring import tasks
from tests.monitoring.conftest import WORKER, eventually

IDLE = {"active": 0, "scheduled": 0, "reserved": 0}
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]


@pytest.fixture
def frozen(worker):
    """The worker, stopped as a debugger or a swapping machine would."""
    os.kill(worker.pid, signal.SIGSTOP)
    yield
    os.kill(worker.pid, signal.SIGCONT)


@pytest.fixture
def busy(worker):
    """The worker's only process at a task, until the end of the test."""
    running = tasks.wait_at_the_gate.apply_async(queue="ml")
    eventually(lambda: running.state == "STARTED")
    yield
    with redis.Redis.from_url(django_settings.REDIS_URL) as client:
        client.lpush(tasks.GATE, "open")
    running.get(timeout=20)


def status_of(client, task):
    return client.get(f"/monitoring/task_status/{task.id}").json()


def end_our_connections():
    """As a restart of Redis does."""
    ours = {str(found.laddr.port) for found in psutil.Process().net_connections() if found.laddr}
    with redis.Redis.from_url(django_settings.REDIS_URL) as admin:
        for connected in admin.client_list():
            if connected["addr"].rpartition(":")[2] in ours:
                admin.client_kill_filter(_id=connected["id"], skipme=True)


def counted(client):
    celery_state.newest.forget()
    return client.get("/monitoring/celery/queues").json()["workers"][WORKER]


def test_it_lists_the_worker(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/monitoring/celery/workers")

    assert response.json() == {
        "workers": [
            {
                "name": WORKER,
                "ping": True,
                "queues": ["batch", "io", "ml"],
                "concurrency": 1,
                "loaded_models": [],
            }
        ]
    }


def test_an_idle_worker_has_no_tasks(client):
    response = client.get("/monitoring/celery/queues")

    assert response.json()["workers"] == {WORKER: IDLE}


def test_it_counts_running_and_waiting_tasks(client, busy):
    next_one = tasks.double.apply_async((1,), queue="ml")

    found = client.get("/monitoring/celery/queues").json()

    # A worker takes no task before it has done the one it is at, so none is reserved.
    assert found["workers"] == {WORKER: {"active": 1, "scheduled": 0, "reserved": 0}}
    assert found["queues"] == {"ml": 1, "jobs": 0, "batch": 0, "io": 0}
    current_app.control.revoke(next_one.id)


def test_it_counts_tasks_that_wait_for_their_time(client):
    later = tasks.double.apply_async((1,), countdown=60, queue="batch")

    eventually(lambda: counted(client)["scheduled"] == 1)

    current_app.control.revoke(later.id)


def test_a_frozen_worker_does_not_answer(client, frozen):
    assert client.get("/monitoring/celery/workers").json()["workers"][0]["ping"] is False
    assert client.get("/monitoring/celery/queues").json()["workers"] == {}


def test_a_dead_worker_hides_no_living_one(client):
    [living] = heartbeats.workers()
    heartbeats.beat({**living, "name": "dead@tests"})

    found = client.get("/monitoring/celery/workers").json()["workers"]

    heartbeats.stop("dead@tests")
    assert [(one["name"], one["ping"]) for one in found] == [
        ("dead@tests", False),
        (WORKER, True),
    ]


def test_it_survives_a_restart_of_the_broker(client):
    client.get("/monitoring/celery/workers")
    celery_state.newest.forget()
    end_our_connections()

    found = client.get("/monitoring/celery/workers").json()["workers"]

    assert found[0]["ping"] is True


def test_requests_of_a_moment_share_one_survey(client):
    client.get("/monitoring/celery/workers")
    heartbeats.stop(WORKER)

    assert len(client.get("/monitoring/celery/workers").json()["workers"]) == 1


def test_a_caller_gets_the_result_and_the_admin_a_row(client):
    task = tasks.double.apply_async((21,), queue="ml")

    assert task.get(timeout=20) == {"doubled": 42}
    eventually(lambda: TaskResult.objects.filter(task_id=task.id, status="SUCCESS").exists())
    assert status_of(client, task)["result"] == {"doubled": 42}


def test_what_a_failed_task_knew_stays_inside(client):
    task = tasks.fail.apply_async(("a secret",), queue="ml")

    eventually(lambda: TaskResult.objects.filter(task_id=task.id, status="FAILURE").exists())

    assert status_of(client, task) == {"task_id": task.id, "status": "failure", "result": None}


def test_a_task_that_tries_again_says_so(client):
    task = tasks.try_later.apply_async(queue="ml")

    eventually(lambda: status_of(client, task)["status"] == "retry")

    assert status_of(client, task)["result"] is None
    current_app.control.revoke(task.id)


def test_a_revoked_task_says_so(client):
    task_id = str(uuid.uuid4())
    current_app.control.broadcast("revoke", {"task_id": task_id}, reply=True, limit=1)
    task = tasks.double.apply_async((1,), queue="ml", task_id=task_id)

    eventually(lambda: status_of(client, task)["status"] == "revoked")
