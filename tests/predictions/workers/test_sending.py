"""Tasks on their way to a worker: queued by name, with an end, or refused within seconds."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from celery import Celery

from predictions import task_names
from predictions.workers import sending
from predictions.workers.sending import BrokerAway
from soccerpredict.celery import app

TASK = task_names.PREDICT_MATCH
QUEUE = "ml"
ARGUMENTS = [7, "champion", []]


@pytest.fixture
def app_at():
    """Another application takes the place of ours for this test, with its broker at a port."""

    def move(port):
        there = f"redis://127.0.0.1:{port}/0"
        patience = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
        moved = Celery("moved", broker=there, backend=there)
        moved.conf.update(broker_transport_options=patience, redis_socket_timeout=0.3)
        moved.set_current()

    yield move
    app.set_current()


def queued(client):
    """The messages of the queue, headers and arguments."""
    messages = [json.loads(text) for text in client.lrange(QUEUE, 0, -1)]
    return [(message["headers"], message) for message in messages]


def test_a_task_waits_in_the_queue_of_its_route(redis_client):
    sent = sending.send(TASK, ARGUMENTS, expires=30)

    ((headers, message),) = queued(redis_client)
    assert (headers["task"], headers["id"]) == (TASK, sent.id)
    assert headers["argsrepr"] == "(7, 'champion', [])"
    assert message["properties"]["delivery_info"]["routing_key"] == QUEUE


def test_it_ends_with_the_patience_of_the_caller(redis_client):
    before = datetime.now(UTC)

    sending.send(TASK, ARGUMENTS, expires=30)

    ((headers, _),) = queued(redis_client)
    end = datetime.fromisoformat(headers["expires"])
    assert timedelta(seconds=29) < end - before < timedelta(seconds=35)


def test_the_sender_is_who_waits_for_the_result(redis_client):
    assert sending.send(TASK, ARGUMENTS, expires=30).was_sent_here  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["closed_port", "frozen_port"])
def test_a_broker_that_is_away_is_told_of(kind, app_at, request):
    app_at(request.getfixturevalue(kind))

    with pytest.raises(BrokerAway, match="The broker is away") as told:
        sending.send(TASK, ARGUMENTS, expires=30)

    assert (told.value.status, told.value.code) == (503, "broker_away")
