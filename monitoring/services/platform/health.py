"""Whether this process and what it depends on are well."""

import json
import os
from typing import Literal, NotRequired, TypedDict

import psutil
from django.conf import settings
from django.db import connection

from monitoring.services.platform.probes import Probe, ask, short_lived_connection
from monitoring.services.tasks import broker
from predictions.models import AliasChange, PublicationPointer, Stage

BYTES_PER_MB = 2**20
PARTS_FILE = "parts.json"  # of soccerpredict.starting.parts
# An orchestrator asks often whether we are ready, and wants to know soon; to be called unhealthy
# takes more.
HEALTH_SECONDS, READY_SECONDS = 1.2, 0.25
State = Literal["available", "away"]


class Health(TypedDict):
    status: Literal["healthy", "unhealthy"]
    version: str
    worker_pid: int
    memory_usage_mb: float
    database: bool


class Part(TypedDict):
    """A program that `manage.py run` keeps up."""

    name: str
    state: Literal["running", "starting again"]
    failures: int
    last_end: str


class Readiness(TypedDict):
    status: Literal["ready", "not ready"]
    database: State
    broker: State
    model: State
    parts: NotRequired[list[Part]]


def health() -> Health:
    """This process, and whether the database answers it."""
    answers = database.attempt().wait(HEALTH_SECONDS)
    return {
        "status": "healthy" if answers else "unhealthy",
        "version": settings.VERSION,
        "worker_pid": os.getpid(),
        "memory_usage_mb": round(psutil.Process().memory_info().rss / BYTES_PER_MB, 1),
        "database": answers,
    }


def readiness() -> Readiness:
    """What serving needs: the database, the broker, and a champion with published predictions."""
    answers = ask(database, model, queue, within=READY_SECONDS)
    found: Readiness = {
        "status": "ready" if all(answers.values()) else "not ready",
        "database": _state(answers[database.name]),
        "broker": _state(answers[queue.name]),
        "model": _state(answers[model.name]),
    }
    parts = _parts()
    return {**found, "parts": parts} if parts else found


def _parts() -> list[Part]:
    """As the process that keeps them up has written it down; none elsewhere."""
    try:
        parts: list[Part] = json.loads((settings.VAR_DIR / PARTS_FILE).read_text())
    except (OSError, ValueError):
        return []
    return parts


def _state(answers: bool) -> State:
    return "available" if answers else "away"


def _database_is_there() -> bool:
    with short_lived_connection(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return True


def _champion_is_published() -> bool:
    with short_lived_connection():
        pointers = PublicationPointer.objects.filter(stage=Stage.CHAMPION)
        return pointers.exists() and AliasChange.objects.current(Stage.CHAMPION).exists()


def _broker_answers() -> bool:
    return bool(broker.client().ping())


database = Probe("database", _database_is_there)
model = Probe("model", _champion_is_published)
queue = Probe("broker", _broker_answers)
