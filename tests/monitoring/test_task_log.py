import time
from types import SimpleNamespace

import pytest

from monitoring import task_log
from monitoring.services.tasks import task_counts
from predictions.workers import heartbeats

TASK = "toy.tasks.double"


@pytest.fixture(autouse=True)
def _own_redis(redis_client):
    """Every test counts from nothing."""


def run(*, sent_at=None, begun_at=100.0, state="SUCCESS", monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 100.5)
    request = SimpleNamespace(sent_at=sent_at, begun_at=begun_at)
    task_log.tell_end(task=SimpleNamespace(name=TASK, request=request), state=state)


def counted():
    return {
        sample.name: sample.value
        for metric in task_counts.metrics()
        for sample in metric.samples
        if sample.labels["task"] == TASK and sample.labels.get("state") != "FAILURE"
    }


def test_it_counts_runs_and_their_time_and_wait(monkeypatch):
    run(sent_at=98.0, monkeypatch=monkeypatch)
    run(sent_at=99.0, monkeypatch=monkeypatch)

    assert counted() == {
        "task_runs_total": 2,
        "task_run_seconds_total": 1.0,
        "task_wait_seconds_total": 3.0,
    }


def test_it_tells_states_apart(monkeypatch):
    run(state="SUCCESS", monkeypatch=monkeypatch)
    run(state="FAILURE", monkeypatch=monkeypatch)

    [runs, *_] = task_counts.metrics()

    assert {sample.labels["state"]: sample.value for sample in runs.samples} == {
        "SUCCESS": 1,
        "FAILURE": 1,
    }


def test_a_task_that_has_not_failed_yet_says_so(monkeypatch):
    run(state="SUCCESS", monkeypatch=monkeypatch)

    [runs, *_] = task_counts.metrics()

    assert {sample.labels["state"]: sample.value for sample in runs.samples} == {
        "SUCCESS": 1,
        "FAILURE": 0,
    }


def test_it_counts_what_came_too_late(caplog):
    late = SimpleNamespace(request_dict={"id": "t-1", "request_id": "abc"})

    task_log.tell_revoked(sender=SimpleNamespace(name=TASK), request=late, expired=True)

    assert caplog.records[-1].getMessage() == f"{TASK} expired"
    assert caplog.records[-1].facts == {"request_id": "abc", "task_id": "t-1"}
    assert counted()["task_runs_total"] == 1


def test_without_redis_a_task_ends_all_the_same(monkeypatch, settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    run(monkeypatch=monkeypatch)

    assert "What was done is not counted yet" in caplog.text
    heartbeats._client.cache_clear()
