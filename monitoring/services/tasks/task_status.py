"""How a task is doing: from Redis while it remembers, afterwards from the admin's row."""

from typing import Any, TypedDict
from uuid import UUID

import orjson
from celery import current_app, states
from django_celery_results.models import TaskResult

from monitoring.services.platform.probes import Attempt, short_lived_connection
from predictions.workers import heartbeats
from soccerpredict.errors import ServiceUnavailable

DATABASE_SECONDS = 1.2
STATUSES = ("pending", "started", "success", "failure", "retry", "revoked")


class TaskStatus(TypedDict):
    task_id: str
    status: str
    result: Any


def task_status(task_id: UUID) -> TaskStatus:
    """Its state, and its result if it went well; a task that nobody knows is pending.

    Arguments, tracebacks and the texts of exceptions stay inside.

    Raises:
        ServiceUnavailable: Redis does not know it, and the database does not answer.
    """
    state, result = _in_redis(str(task_id)) or _in_database(str(task_id)) or (states.PENDING, None)
    return {
        "task_id": str(task_id),
        "status": _word(state),
        "result": result if state == states.SUCCESS else None,
    }


def _word(state: str) -> str:
    """Celery's states in the API's words; a task's own states and RECEIVED are on the way."""
    return state.lower() if state.lower() in STATUSES else "started"


def _in_redis(task_id: str) -> tuple[str, Any] | None:
    backend: Any = current_app.backend
    # Not `get_task_meta`: that would make an exception object of what a failed task left. Nor the
    # backend's client, which waits for a frozen server twice.
    stored = heartbeats.client().get(backend.get_key_for_task(task_id))
    if not stored:
        return None
    found = backend.decode(stored)
    return found["status"], found.get("result")


def _in_database(task_id: str) -> tuple[str, Any] | None:
    """Asked from a thread of its own: of a frozen server no answer ever comes."""
    rows = TaskResult.objects.filter(task_id=task_id).values_list("status", "result")
    found: list[tuple[str, str | None]] = []

    def look() -> bool:
        with short_lived_connection():
            found.extend(rows[:1])
        return True

    if not Attempt("database", look).wait(DATABASE_SECONDS):
        raise ServiceUnavailable("The database is away.")
    if not found:
        return None
    status, result = found[0]
    return status, orjson.loads(result) if result and status == states.SUCCESS else None
