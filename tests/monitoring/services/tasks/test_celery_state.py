"""What the Celery routes say where no worker runs."""

from typing import Any

import pytest

from predictions.workers import heartbeats


def test_there_is_an_empty_list(client, redis_client):
    response = client.get("/monitoring/celery/workers")

    assert (response.status_code, response.json()) == (200, {"workers": []})


def test_a_worker_that_died_lately_shows_what_it_told(client, redis_client):
    told: dict[str, Any] = {
        "name": "dead@tests",
        "queues": ["ml"],
        "concurrency": 2,
        "loaded_models": ["champion:run-1"],
    }
    beat: Any = {**told, "beaten_at": 0.0}
    heartbeats.beat(beat)

    response = client.get("/monitoring/celery/workers")

    assert response.json() == {"workers": [{**told, "ping": False}]}


def test_every_queue_is_listed(client, redis_client):
    response = client.get("/monitoring/celery/queues")

    assert response.json() == {"workers": {}, "queues": {"ml": 0, "jobs": 0, "batch": 0, "io": 0}}


def test_waiting_tasks_of_every_priority_count(client, redis_client):
    redis_client.lpush("ml", "a", "b")
    redis_client.lpush("ml\x06\x163", "c")
    redis_client.lpush("ml\x06\x169", "d")
    redis_client.lpush("io", "e")
    redis_client.lpush("jobs.0\x06\x163", "f")
    redis_client.lpush("jobs.15\x06\x163", "g")

    response = client.get("/monitoring/celery/queues")

    assert response.json()["queues"] == {"ml": 4, "jobs": 2, "batch": 0, "io": 1}


@pytest.mark.parametrize("route", ["queues", "workers"])
def test_an_absent_broker_is_a_503(client, broker_at, dead_port, route):
    broker_at(dead_port)

    response = client.get(f"/monitoring/celery/{route}")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.json()["detail"] == "The broker is away."
