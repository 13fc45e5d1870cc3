"""`/predict/async`: the job that a client comes back for."""

import signal
import uuid

import pytest

from predictions.models import PredictionJob
from tests.running.jobs import finished
from tests.stack import eventually
from tests.stack_world import issue_key

pytestmark = pytest.mark.stack


def kill_children(stack, gate):
    """SIGKILL to whoever holds the job, before its result is written."""
    eventually(gate.has_waiting)
    for child in stack.jobs.children():
        child.send_signal(signal.SIGKILL)
    gate.lose_waiting()


def test_a_job_is_queued_and_then_done(api, fixture_body):
    queued = api.post("/predict/async", json=fixture_body)

    job = queued.json()
    assert queued.status_code == 202
    assert job["status"] == "queued"
    assert job["status_url"] == f"{api.base}/predict/async/{job['job_id']}"
    done = finished(api, job)
    assert done["status"] == "succeeded"
    assert (
        done["result"]["prediction"] == api.post("/predict", json=fixture_body).json()["prediction"]
    )
    assert done["result"]["meta"]["request_id"] == queued.headers["X-Request-ID"]


def test_an_array_is_answered_with_an_array(api, fixture_body):
    job = api.post("/predict/async", json=[fixture_body, fixture_body]).json()

    first, second = finished(api, job)["result"]
    assert first["prediction"] == second["prediction"]


def test_a_job_under_way_says_202(api, fixture_body, gate):
    job = api.post("/predict/async", json=fixture_body).json()
    eventually(gate.has_waiting)

    response = api.get(f"/predict/async/{job['job_id']}")

    assert response.status_code == 202
    assert response.json()["status"] == "running"
    gate.open()
    assert finished(api, job)["status"] == "succeeded"


def test_a_repeat_gets_the_same_job(api, fixture_body):
    headers = {"Idempotency-Key": uuid.uuid4().hex}

    first = api.post("/predict/async", json=fixture_body, headers=headers)
    second = api.post("/predict/async", json=fixture_body, headers=headers)

    assert first.status_code == second.status_code == 202
    assert first.json()["job_id"] == second.json()["job_id"]


def test_another_body_under_the_same_key_conflicts(api, fixture_body):
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    api.post("/predict/async", json=fixture_body, headers=headers)

    other = {**fixture_body, "neutral_venue": True}
    response = api.post("/predict/async", json=other, headers=headers)

    assert response.status_code == 409


def test_keys_of_two_clients_do_not_meet(api, fixture_body, in_stack):
    headers = {"Idempotency-Key": uuid.uuid4().hex}
    stranger = {**headers, "X-API-Key": issue_key("stranger")}

    ours = api.post("/predict/async", json=fixture_body, headers=headers).json()
    theirs = api.post("/predict/async", json=fixture_body, headers=stranger).json()

    assert ours["job_id"] != theirs["job_id"]


def test_another_clients_job_is_unknown(api, fixture_body, in_stack):
    job = api.post("/predict/async", json=fixture_body).json()

    stranger = {"X-API-Key": issue_key("stranger")}
    response = api.get(f"/predict/async/{job['job_id']}", headers=stranger)

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("job_id", "status"),
    [("00000000-0000-4000-8000-000000000000", 404), ("1", 422), ("%00", 422)],
)
def test_an_unknown_job(api, job_id, status):
    assert api.get(f"/predict/async/{job_id}").status_code == status


def test_a_job_whose_worker_is_killed_is_done_again(api, fixture_body, gate, in_stack):
    job = api.post("/predict/async", json=fixture_body).json()

    kill_children(in_stack, gate)

    eventually(gate.has_waiting, seconds=40)
    gate.open()
    assert finished(api, job)["status"] == "succeeded"
    assert PredictionJob.objects.get(pk=job["job_id"]).attempts == 2


def test_a_job_that_kills_every_worker_is_given_up(api, fixture_body, gate, in_stack):
    job = api.post("/predict/async", json=fixture_body).json()

    kill_children(in_stack, gate)
    kill_children(in_stack, gate)
    eventually(gate.has_waiting, seconds=40)
    gate.open()

    done = finished(api, job)
    assert done["status"] == "failed"
    assert done["problem"]["code"] == "job_quarantined"
    assert "result" not in done
