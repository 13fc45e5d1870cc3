"""Whether this process and what it depends on are well."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, TypedDict

import psutil
from django.conf import settings
from django.db import connection

from monitoring.services import broker
from monitoring.services.probes import Probe, ask
from predictions.models import AliasChange, PublicationPointer, Stage

BYTES_PER_MB = 2**20
# An orchestrator asks often whether we are ready, and wants to know soon; to be called unhealthy
# takes more.
DATABASE_SECONDS, READY_SECONDS = 1.2, 0.25
State = Literal["available", "away"]


class Health(TypedDict):
    status: Literal["healthy", "unhealthy"]
    version: str
    worker_pid: int
    memory_usage_mb: float
    database: bool


class Readiness(TypedDict):
    status: Literal["ready", "not ready"]
    database: State
    broker: State
    model: State


def health() -> Health:
    """This process, and whether the database answers it."""
    answers = database_answers()
    return {
        "status": "healthy" if answers else "unhealthy",
        "version": settings.VERSION,
        "worker_pid": os.getpid(),
        "memory_usage_mb": round(psutil.Process().memory_info().rss / BYTES_PER_MB, 1),
        "database": answers,
    }


def database_answers() -> bool:
    """Whether a query would come back: of a frozen server it never does, and holds its thread."""
    return ask(database, within=DATABASE_SECONDS)[database.name]


def readiness() -> Readiness:
    """What serving needs: the database, the broker, and a champion with published predictions."""
    answers = ask(database, model, queue, within=READY_SECONDS)
    return {
        "status": "ready" if all(answers.values()) else "not ready",
        "database": _state(answers[database.name]),
        "broker": _state(answers[queue.name]),
        "model": _state(answers[model.name]),
    }


def _state(answers: bool) -> State:
    return "available" if answers else "away"


@contextmanager
def _short_lived_connection() -> Iterator[None]:
    """Django's connections belong to threads, and a probe's thread ends."""
    try:
        yield
    finally:
        connection.close()


def _database_is_there() -> bool:
    with _short_lived_connection(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return True


def _champion_is_published() -> bool:
    with _short_lived_connection():
        pointers = PublicationPointer.objects.filter(stage=Stage.CHAMPION)
        return pointers.exists() and AliasChange.objects.current(Stage.CHAMPION).exists()


def _broker_answers() -> bool:
    return bool(broker.client().ping())


database = Probe("database", _database_is_there)
model = Probe("model", _champion_is_published)
queue = Probe("broker", _broker_answers)
