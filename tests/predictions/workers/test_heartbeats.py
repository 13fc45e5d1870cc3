import time

import pytest
from redis.exceptions import RedisError

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


def test_workers_are_told_by_name():
    beat("two@tests", "batch")
    beat("one@tests", "ml")

    assert [one["name"] for one in heartbeats.workers()] == ["one@tests", "two@tests"]


def test_one_whose_key_has_expired_is_gone_and_forgotten(redis_client, monkeypatch):
    monkeypatch.setattr(heartbeats, "EXPIRE_SECONDS", 1)
    beat("killed@tests", "ml")
    monkeypatch.undo()
    beat("one@tests", "ml")

    time.sleep(1.1)

    assert [one["name"] for one in heartbeats.workers()] == ["one@tests"]
    assert redis_client.smembers(heartbeats.NAMES) == {b"one@tests"}


def test_a_beat_is_kept_for_as_long_as_five_are_missed(redis_client):
    beat("one@tests", "ml")

    left = redis_client.ttl(heartbeats.PREFIX + "one@tests")

    assert heartbeats.EXPIRE_SECONDS == 5 * heartbeats.EVERY_SECONDS
    assert heartbeats.EXPIRE_SECONDS - 1 <= left <= heartbeats.EXPIRE_SECONDS


@pytest.mark.parametrize("kind", ["closed_port", "frozen_port"])
def test_a_broker_that_does_not_answer_is_known_within_seconds(kind, settings, request):
    settings.REDIS_URL = f"redis://127.0.0.1:{request.getfixturevalue(kind)}/0"
    began = time.monotonic()

    with pytest.raises(RedisError):
        heartbeats.ping()

    assert time.monotonic() - began < 3 * heartbeats.WAIT_SECONDS


def test_a_connection_from_before_a_restart_of_redis_is_made_anew(redis_client):
    heartbeats.ping()

    redis_client.client_kill_filter(_type="normal", skipme=True)

    heartbeats.ping()
