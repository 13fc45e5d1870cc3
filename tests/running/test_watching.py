"""What an operator sees of the running stack: logs, metrics, probes."""

import re
import uuid

import orjson
import pytest
from django.conf import settings

from tests.stack import N_CHILDREN, eventually

pytestmark = pytest.mark.stack


def counted(api, view):
    """Answers of a route, as `/metrics` tells."""
    text = api.get("/metrics").text
    pattern = rf'^http_requests_total{{[^}}]*route="{view}".*}} (.+)$'
    return sum(float(value) for value in re.findall(pattern, text, re.MULTILINE))


def test_one_id_goes_through_web_and_worker(api, coming, stack):
    request_id = f"tests-{uuid.uuid4()}"

    api.get(f"/predict/{coming['match_id']}", headers={"X-Request-ID": request_id})

    eventually(lambda: stack.web.lines(request_id, "/predict/<str:match_id> 200"))
    eventually(lambda: stack.worker.lines(request_id, "predict_match", "succeeded"))


def test_lines_of_web_and_worker_tell_of_request_task_key_and_model(api, coming, key, stack):
    request_id = f"tests-{uuid.uuid4()}"

    found = api.get(f"/predict/{coming['match_id']}", headers={"X-Request-ID": request_id}).json()

    [web] = eventually(lambda: stack.web.lines(request_id, "soccerpredict.requests"))
    [worker] = eventually(lambda: stack.worker.lines(request_id, "soccerpredict.tasks"))
    web, worker = orjson.loads(web), orjson.loads(worker)
    assert (web["method"], web["status"]) == ("GET", 200)
    assert web["route"] == "/predict/<str:match_id>"
    assert web["key_prefix"] == key.split("_")[1]
    assert min(web["duration_ms"], worker["duration_ms"]) > 0
    assert worker["task_id"] == found["task_id"]
    assert (worker["task"], worker["state"]) == ("predictions.tasks.predict_match", "SUCCESS")
    assert web["model_run_id"] == worker["model_run_id"] == found["model_run_id"]


def is_json(line):
    try:
        return type(orjson.loads(line)) is dict
    except orjson.JSONDecodeError:
        return False


def test_every_line_is_json(api, stack):
    api.get("/livez")

    for program in (stack.web, stack.worker, stack.jobs):
        lines = program.log.read_text().splitlines()
        assert lines
        assert [line for line in lines if not is_json(line)] == []


def test_one_id_goes_through_to_the_job(api, fixture_body, stack):
    request_id = f"tests-{uuid.uuid4()}"

    api.post("/predict/async", json=fixture_body, headers={"X-Request-ID": request_id})

    eventually(lambda: stack.web.lines(request_id, "/predict/async 202"))
    eventually(lambda: stack.jobs.lines(request_id, "predict_job", "succeeded"))


def test_metrics_tell_of_both_processes(api_of_each):
    first, second = api_of_each
    before = counted(first, "livez")

    for api in (first, first, second):
        api.get("/livez")

    assert counted(first, "livez") == counted(second, "livez") == before + 3


def test_metrics_are_for_prometheus(api):
    response = api.get("/metrics")

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "http_request_duration_seconds_bucket" in response.text


def test_it_is_healthy_live_and_ready(api):
    health = api.get("/healthcheck/").json()

    assert health.pop("worker_pid") > 1
    assert health.pop("memory_usage_mb") > 10
    assert health == {"status": "healthy", "version": settings.VERSION, "database": True}
    assert api.get("/livez").json() == {"status": "alive"}
    assert api.get("/readyz").json() == {
        "status": "ready",
        "database": "available",
        "broker": "available",
        "model": "available",
    }


def test_the_workers_are_listed(api):
    workers = api.get("/monitoring/celery/workers").json()["workers"]

    told = [(each["name"], each["queues"], each["concurrency"], each["ping"]) for each in workers]
    assert told == [
        ("jobs@stack", ["jobs"], 1, True),
        ("ml@stack", ["ml"], N_CHILDREN, True),
    ]
    assert [len(worker["loaded_models"]) for worker in workers] == [2, 2]


def test_each_process_holds_its_models_once(stack):
    """A child that ended at once would be started again, and log it once more."""
    assert len(stack.worker.children()) == N_CHILDREN
