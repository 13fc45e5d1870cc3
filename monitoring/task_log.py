"""One log line and one count for each run of a task. Connected to Celery by `MonitoringConfig`."""

import logging
import time
from typing import Any

from celery.signals import task_postrun, task_prerun, task_revoked

from monitoring.services.tasks import task_counts

logger = logging.getLogger("soccerpredict.tasks")


def connect() -> None:
    task_prerun.connect(note_start)
    task_postrun.connect(tell_end)
    task_revoked.connect(tell_revoked)


def note_start(task: Any = None, **_: Any) -> None:
    task.request.begun_at = time.time()


def tell_end(task: Any = None, state: str | None = None, **_: Any) -> None:
    """`state` is Celery's; a task that its worker did not survive has no end, and no line."""
    begun = getattr(task.request, "begun_at", None) or time.time()
    sent = getattr(task.request, "sent_at", None) or begun
    state = state or "UNKNOWN"
    seconds = time.time() - begun
    duration_ms = round(seconds * 1000, 1)
    word = "succeeded" if state == "SUCCESS" else state.lower()
    logger.info(
        "%s %s in %.1f ms",
        *(task.name, word, duration_ms),
        extra={"task": task.name, "state": state, "duration_ms": duration_ms},
    )
    task_counts.observe(task.name, state, seconds=seconds, waited=max(0.0, begun - sent))


def tell_revoked(sender: Any = None, request: Any = None, expired: bool = False, **_: Any) -> None:
    """A task that came too late, or that an operator took back; in the worker's main process."""
    name = getattr(sender, "name", "unknown")
    why = "expired" if expired else "revoked"
    headers = getattr(request, "request_dict", None) or {}
    facts = {"request_id": headers.get("request_id"), "task_id": headers.get("id")}
    logger.warning("%s %s", name, why, extra={"task": name, "state": why.upper(), "facts": facts})
    task_counts.observe(name, why.upper(), seconds=0.0, waited=0.0)
