"""What a worker tells of itself from its start to its end."""

import logging
import time
from types import SimpleNamespace

import pytest

from predictions.services.live import inference
from predictions.workers import counters, heartbeats, lifecycle

NAME = "one@tests"


@pytest.fixture(autouse=True)
def _anew(monkeypatch):
    """Nobody that this process was before is told of."""
    fresh = dict.fromkeys(lifecycle._identity, "") | {"queues": [], "loaded_models": []}
    monkeypatch.setattr(lifecycle, "_identity", fresh)


def setup(*queues, concurrency=2):
    """As Celery tells of a worker before its pool forks."""
    consumed = SimpleNamespace(consume_from=dict.fromkeys(queues))
    amqp = SimpleNamespace(queues=consumed)
    instance = SimpleNamespace(app=SimpleNamespace(amqp=amqp), concurrency=concurrency)
    lifecycle._prepare(sender=NAME, instance=instance)


def only():
    (found,) = heartbeats.workers()
    return found


@pytest.mark.usefixtures("redis_client")
class TestWithRedis:
    def test_it_tells_its_name_queues_and_processes(self):
        setup("io", "batch", concurrency=3)
        began = time.time()

        lifecycle._beat()

        found = only()
        assert (found["name"], found["queues"], found["concurrency"]) == (NAME, ["batch", "io"], 3)
        assert began <= found["beaten_at"] <= time.time()

    def test_one_without_a_pool_is_one_process(self):
        setup("batch", concurrency=0)

        lifecycle._beat()

        assert only()["concurrency"] == 1

    def test_each_beat_is_later(self):
        setup("batch")
        lifecycle._beat()
        first = only()["beaten_at"]

        lifecycle._beat()

        assert only()["beaten_at"] > first

    def test_it_says_good_bye(self):
        setup("batch")
        lifecycle._beat()

        lifecycle._say_goodbye()

        assert heartbeats.workers() == []

    def test_its_end_writes_what_it_counted(self, monkeypatch):
        monkeypatch.setattr(counters, "pending", counters.Counters())
        counters.pending.begin()
        counters.pending.add("tests:ended", {"runs": 3})

        lifecycle._write_counters()

        assert counters.stored("tests:ended") == {"runs": 3.0}

    def test_models_that_it_holds_are_told(self, monkeypatch):
        held = SimpleNamespace(loaded=["champion:r-1"], refresh=lambda: None)
        monkeypatch.setattr(inference, "worker_state", held)
        setup("batch")

        lifecycle._look_for_models()
        lifecycle._beat()

        assert only()["loaded_models"] == ["champion:r-1"]

    def test_what_the_registry_breaks_by_does_not_end_it(self, monkeypatch, caplog):
        def refresh():
            raise OSError("no such folder")

        held = SimpleNamespace(loaded=["champion:r-1"], refresh=refresh)
        monkeypatch.setattr(inference, "worker_state", held)
        setup("batch")

        lifecycle._look_for_models()
        lifecycle._beat()

        assert [line.message for line in caplog.records] == ["Looking for models failed."]
        assert only()["loaded_models"] == ["champion:r-1"]


@pytest.fixture
def _redis_away(settings, closed_port):
    settings.REDIS_URL = f"redis://127.0.0.1:{closed_port}/0"


@pytest.mark.usefixtures("_redis_away")
def test_a_beat_that_nobody_hears_is_a_warning(caplog):
    setup("batch")

    lifecycle._beat()

    assert [line.message for line in caplog.records] == [
        "The heartbeat could not be written: ConnectionError"
    ]


@pytest.mark.usefixtures("_redis_away")
def test_a_worker_may_end_after_its_redis(caplog):
    caplog.set_level(logging.INFO, logger=lifecycle.__name__)
    setup("batch")

    lifecycle._say_goodbye()

    assert [line.message for line in caplog.records] == ["Redis is gone before its worker."]
