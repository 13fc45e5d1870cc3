import os
import sys
import time
from threading import Event

import pytest
from django.conf import settings as django_settings

from monitoring.services.platform import health, probes
from predictions.models import Publication, PublicationPointer
from soccerpredict.starting.parts import Parts
from tests.factories import make_alias, make_batch
from tests.stack import eventually


def publish_champion():
    batch = make_batch()
    publication = Publication.objects.create(
        stage="champion", batch=batch, n_predictions=0, etag="e", played_crc=0, played_bytes=0
    )
    PublicationPointer.objects.create(stage="champion", publication=publication, batch=batch)


@pytest.mark.django_db
def test_it_is_healthy_with_its_database(client):
    response = client.get("/healthcheck/")

    body = response.json()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert body.pop("memory_usage_mb") > 10
    assert body == {
        "status": "healthy",
        "version": django_settings.VERSION,
        "worker_pid": os.getpid(),
        "database": True,
    }


@pytest.mark.django_db
def test_it_is_unhealthy_without_its_database(client, database_at, dead_port):
    database_at(dead_port)

    response = client.get("/healthcheck/")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert (response.json()["status"], response.json()["database"]) == ("unhealthy", False)


@pytest.mark.django_db
def test_it_recovers(client, database_at, closed_port, monkeypatch):
    with monkeypatch.context():
        database_at(closed_port)
        client.get("/healthcheck/")
    monkeypatch.undo()
    monkeypatch.setattr(probes, "FRESH_SECONDS", 0)

    assert client.get("/healthcheck/").json()["database"] is True


@pytest.mark.django_db
def test_requests_of_a_moment_share_one_question(client, monkeypatch):
    questions = []
    monkeypatch.setattr(health.database, "_question", lambda: questions.append(1) or True)

    for _ in range(20):
        client.get("/healthcheck/")

    assert len(questions) == 1


def test_a_question_without_an_answer_is_put_again_after_a_while(monkeypatch):
    probe = probes.Probe("thing", lambda: False)
    stuck = probe.attempt()
    stuck._answered.clear()

    assert probe.attempt() is stuck

    monkeypatch.setattr(probes, "GIVEN_UP_SECONDS", 0)
    assert probe.attempt() is not stuck


def test_a_late_answer_is_no_failure_where_the_last_one_was_well(monkeypatch):
    monkeypatch.setattr(probes, "FRESH_SECONDS", 0)
    gate = Event()
    gate.set()
    probe = probes.Probe("thing", lambda: gate.wait(20))
    assert probes.ask(probe, within=5)["thing"]

    gate.clear()
    late = probes.ask(probe, within=0.01)["thing"]
    monkeypatch.setattr(probes, "LATE_SECONDS", 0)
    frozen = probes.ask(probe, within=0.01)["thing"]
    monkeypatch.setattr(probes, "GIVEN_UP_SECONDS", 0)
    monkeypatch.setattr(probes, "LATE_SECONDS", 5)
    asked_again = probes.ask(probe, within=0.01)["thing"]
    gate.set()

    assert (late, frozen, asked_again) == (True, False, False)


@pytest.mark.parametrize("lately", [True, False])
def test_an_answer_of_long_ago_stands_for_nothing(monkeypatch, lately):
    monkeypatch.setattr(probes, "FRESH_SECONDS", 0)
    monkeypatch.setattr(probes, "LATELY_SECONDS", 15 if lately else 0)
    gate = Event()
    gate.set()
    probe = probes.Probe("thing", lambda: gate.wait(20))
    probes.ask(probe, within=5)
    gate.clear()

    assert probes.ask(probe, within=0.01)["thing"] is lately
    gate.set()


@pytest.mark.django_db
def test_the_health_check_keeps_its_hands_off_the_requests_connection(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        client.get("/healthcheck/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("written", ["", "{", None])
def test_a_machine_whose_programs_nobody_keeps_up_tells_of_none(
    client, settings, tmp_path, written
):
    settings.VAR_DIR = tmp_path
    if written is not None:
        (tmp_path / health.PARTS_FILE).write_text(written)

    assert "parts" not in client.get("/readyz").json()


@pytest.mark.django_db(transaction=True)
def test_programs_that_are_started_again_are_told_of(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    parts = Parts(tmp_path / "logs", tmp_path, tmp_path / health.PARTS_FILE, say=print)
    parts.start("beat", [sys.executable, "-c", "raise SystemExit(3)"], {})
    eventually(lambda: not parts.runs("beat"))
    parts.watch()

    assert client.get("/readyz").json()["parts"] == [
        {
            "name": "beat",
            "state": "starting again",
            "failures": 1,
            "last_end": "with status 3",
        }
    ]
    parts.stop()


def test_it_lives_without_any_server(client, broker_at, closed_port):
    broker_at(closed_port)

    response = client.get("/livez")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.django_db(transaction=True)
def test_it_is_ready_with_a_published_champion(client):
    make_alias("champion")
    publish_champion()

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "database": "available",
        "broker": "available",
        "model": "available",
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("half", [lambda: make_alias("champion"), publish_champion])
def test_a_champion_needs_its_alias_and_its_publication(client, half):
    half()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["model"] == "away"


@pytest.mark.django_db(transaction=True)
def test_it_is_not_ready_without_its_broker(client, broker_at, dead_port):
    make_alias("champion")
    publish_champion()
    broker_at(dead_port)

    response = client.get("/readyz")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.json() == {
        "status": "not ready",
        "database": "available",
        "broker": "away",
        "model": "available",
    }


@pytest.mark.django_db(transaction=True)
def test_what_is_frozen_is_told_soon(client, broker_at, database_at, frozen_port):
    broker_at(frozen_port)
    database_at(frozen_port)
    began = time.monotonic()

    answers = [client.get("/readyz") for _ in range(3)]

    assert time.monotonic() - began < 0.9
    assert {answer.status_code for answer in answers} == {503}
    assert answers[0].json() == {
        "status": "not ready",
        "database": "away",
        "broker": "away",
        "model": "away",
    }


@pytest.mark.django_db
def test_it_is_not_ready_without_its_database(client, database_at, dead_port):
    database_at(dead_port)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        "status": "not ready",
        "database": "away",
        "broker": "available",
        "model": "away",
    }
