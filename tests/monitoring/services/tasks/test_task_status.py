import time
import uuid

import pytest
from celery import current_app
from django_celery_results.models import TaskResult

KNOWN = "5f0f8f3c-2c39-4d5a-9c6e-0d8a37c0c5a1"
pytestmark = pytest.mark.usefixtures("redis_client")


def status_of(client, task_id):
    return client.get(f"/monitoring/task_status/{task_id}").json()


@pytest.mark.django_db
def test_an_unknown_task_is_pending(client):
    task_id = str(uuid.uuid4())

    assert status_of(client, task_id) == {"task_id": task_id, "status": "pending", "result": None}


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["STARTED", "FAILURE", "RETRY", "REVOKED"])
def test_it_tells_the_state_and_nothing_of_the_inside(client, state):
    outcome = {"pid": "secret"} if state == "STARTED" else ValueError("a secret text")
    current_app.backend.store_result(KNOWN, outcome, state, traceback="Traceback: a secret line")

    response = client.get(f"/monitoring/task_status/{KNOWN}")

    assert response.json() == {"task_id": KNOWN, "status": state.lower(), "result": None}
    assert b"secret" not in response.content


@pytest.mark.django_db
def test_it_tells_the_result_of_a_success(client, django_assert_num_queries):
    current_app.backend.store_result(KNOWN, {"proba_home": 0.5}, "SUCCESS")

    with django_assert_num_queries(0):
        found = status_of(client, KNOWN)

    assert found == {"task_id": KNOWN, "status": "success", "result": {"proba_home": 0.5}}


@pytest.mark.django_db(transaction=True)
def test_the_table_remembers_when_redis_has_forgotten(client, redis_client):
    current_app.backend.store_result(KNOWN, {"proba_home": 0.5}, "SUCCESS")
    redis_client.flushdb()

    found = status_of(client, KNOWN)

    assert (found["status"], found["result"]) == ("success", {"proba_home": 0.5})


@pytest.mark.django_db
@pytest.mark.parametrize("away", ["broker_at", "database_at"])
def test_what_is_frozen_is_not_waited_for_long(client, request, frozen_port, away):
    request.getfixturevalue(away)(frozen_port)
    began = time.monotonic()

    response = client.get(f"/monitoring/task_status/{KNOWN}")

    assert time.monotonic() - began < 1.5
    assert (response.status_code, response["Retry-After"]) == (503, "5")


@pytest.mark.django_db(transaction=True)
def test_the_table_keeps_tracebacks_to_itself(client):
    TaskResult.objects.create(
        task_id=KNOWN,
        status="FAILURE",
        result='{"exc_message": "secret"}',
        traceback="secret",
        task_args="secret",
    )

    assert status_of(client, KNOWN)["status"] == "failure"
    assert status_of(client, KNOWN)["result"] is None


@pytest.mark.django_db
def test_a_tasks_own_state_counts_as_started(client):
    current_app.backend.store_result(KNOWN, {"done": 3}, "PROGRESS")

    assert status_of(client, KNOWN) == {"task_id": KNOWN, "status": "started", "result": None}


@pytest.mark.django_db
def test_an_upper_case_id_is_the_same_task(client):
    current_app.backend.store_result(KNOWN, 1, "SUCCESS")

    assert status_of(client, KNOWN.upper())["result"] == 1


NO_UUIDS = [
    "1",
    "abc",
    KNOWN[:-1],
    KNOWN + "0",
    KNOWN + "%0a",
    KNOWN.replace("-", ""),
    KNOWN.replace("5", "\N{ARABIC-INDIC DIGIT FIVE}"),
    f"{{{KNOWN}}}",
    f"urn:uuid:{KNOWN}",
    "celery-task-meta-*",
    "%00",
    "x" * 5000,
]


@pytest.mark.parametrize("text", NO_UUIDS)
def test_an_id_is_a_uuid(client, text):
    response = client.get(f"/monitoring/task_status/{text}")

    assert response.status_code == 422
    assert response.json()["errors"][0]["loc"] == ["path", "task_id"]
