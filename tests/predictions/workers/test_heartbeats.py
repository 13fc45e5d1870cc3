import time

import pytest

from predictions.workers import heartbeats

pytestmark = pytest.mark.usefixtures("redis_client")


@pytest.fixture(autouse=True)
def _nothing_seen(monkeypatch):
    heartbeats._seen.clear()
    heartbeats._trusted.clear()
    monkeypatch.setattr(heartbeats, "TRUSTED_SECONDS", 0.0)


def beat(name, *queues):
    heartbeats.beat(
        {
            "name": name,
            "queues": list(queues),
            "concurrency": 1,
            "loaded_models": [],
            "beaten_at": 0.0,
        }
    )


def test_a_queue_is_served_while_a_worker_of_it_beats():
    beat("one@tests", "ml")

    assert heartbeats.is_served("ml")
    assert not heartbeats.is_served("batch")

    heartbeats.stop("one@tests")
    assert not heartbeats.is_served("ml")


def test_a_worker_that_was_alive_a_moment_ago_is_not_asked_after(monkeypatch):
    monkeypatch.setattr(heartbeats, "TRUSTED_SECONDS", 0.2)
    beat("one@tests", "ml")
    assert heartbeats.is_served("ml")

    heartbeats.stop("one@tests")

    assert heartbeats.is_served("ml")
    time.sleep(0.21)
    assert not heartbeats.is_served("ml")


def test_another_worker_takes_the_place_of_the_one_that_was_seen():
    beat("one@tests", "ml")
    assert heartbeats.is_served("ml")
    beat("two@tests", "ml")

    heartbeats.stop("one@tests")

    assert heartbeats.is_served("ml")
    heartbeats.stop("two@tests")
    assert not heartbeats.is_served("ml")


def test_a_worker_that_came_back_for_another_queue_does_not_count():
    beat("one@tests", "ml")
    assert heartbeats.is_served("ml")

    beat("one@tests", "batch")

    assert not heartbeats.is_served("ml")
    assert heartbeats.is_served("batch")
