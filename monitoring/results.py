"""Celery's result backend: Redis answers the waiting caller, a row tells the admin afterwards."""

import logging
from datetime import timedelta
from typing import Any

from celery import states
from celery.backends.redis import RedisBackend
from django.db import Error, InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from django_celery_results.backends import DatabaseBackend
from django_celery_results.models import TaskResult
from kombu.exceptions import EncodeError

from monitoring.task_rows import aside

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)  # Redis forgets within minutes; the rows stay a while for the admin


class TaskTable(DatabaseBackend):  # type: ignore[misc]
    """Writes django-celery-results' TaskResult rows."""

    def _get_extended_properties(self, request: Any, traceback: Any) -> dict[str, Any]:
        properties = super()._get_extended_properties(request, traceback)
        # It would try three times at once, and wait three times for a database that is away.
        return {**properties, "exception_retry_count": 0}

    def keep(self, *args: Any, **kwargs: Any) -> None:
        """Write a row: a worker soon, with those of other tasks, anybody else at once.

        Over a new connection if the old one turns out to be broken: Postgres may have restarted.
        """
        if aside.begun:
            aside.put(self.row(*args, **kwargs))
            return
        try:
            self._store_result(*args, **kwargs)
        except (OperationalError, InterfaceError):
            close_old_connections()
            self._store_result(*args, **kwargs)

    def row(
        self, task_id: str, result: Any, state: str, traceback: Any = None, request: Any = None
    ) -> TaskResult:
        """What `_store_result` would write."""
        content_type, content_encoding, content = self.encode_content(result)
        meta = self._get_meta_from_request(request)
        properties = self._get_extended_properties(request, traceback)
        del properties["exception_retry_count"]
        return TaskResult(
            task_id=task_id,
            status=state,
            result=content,
            content_type=content_type,
            content_encoding=content_encoding,
            meta=self.encode_content({**meta, "children": self.current_task_children(request)})[2],
            date_started=timezone.now() if state == states.STARTED else None,
            **properties,
        )


class Listening(RedisBackend.ResultConsumer):  # type: ignore[valid-type,misc]
    """Waits for a result by subscription.

    Celery asks Redis once more when the wait begins, for a result that came before. This process
    has subscribed to the tasks it sends before it sends them, and misses nothing of those.
    """

    def on_wait_for_pending(self, result: Any, **kwargs: Any) -> None:
        if not getattr(result, "was_sent_here", False):
            super().on_wait_for_pending(result, **kwargs)


class RedisAndDatabaseBackend(RedisBackend):
    """Stores every state in Redis, then in the database; only Redis decides about the task."""

    ResultConsumer = Listening

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._table = TaskTable(app=self.app, expires=KEPT)  # type: ignore[attr-defined]

    def _store_result(
        self, task_id: str, result: Any, state: str, *args: Any, **kwargs: Any
    ) -> Any:
        stored = super()._store_result(task_id, result, state, *args, **kwargs)  # type: ignore[misc]
        try:
            self._table.keep(task_id, result, state, *args, **kwargs)
        except (Error, EncodeError):
            logger.exception("Task %s is %s, but its row could not be written", task_id, state)
        return stored

    def cleanup(self) -> None:
        """What `celery.backend_cleanup` runs: Redis expires keys by itself, rows need it."""
        self._table.cleanup()
