"""TaskResult rows of a worker process: put aside while it works, written together soon after.

A row of its own for every state would make each task wait for two commits, which is longer than
most predictions take. Only the admin reads the rows; who waits for a result has it from Redis.
Connected to Celery by `MonitoringConfig`.
"""

import logging
import time
from threading import Lock, Thread
from typing import Any

from celery.signals import (
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutdown,
)
from django.db import Error, connection
from django_celery_results.models import TaskResult

logger = logging.getLogger(__name__)

EVERY_SECONDS = 0.5
# What a later state says anew; when the task started, only one of its states knows.
STATE = [
    "status",
    "result",
    "traceback",
    "meta",
    "content_encoding",
    "content_type",
    "periodic_task_name",
    "task_name",
    "task_args",
    "task_kwargs",
    "worker",
    "date_done",
]
STARTED = [*STATE, "date_started"]
Row = Any  # a TaskResult; its type stubs lack the column date_started


class TaskRows:
    """The newest row of each task, until it is written."""

    def __init__(self) -> None:
        self.begun = False
        self._rows: dict[str, Row] = {}
        self._lock = Lock()

    def begin(self) -> None:
        """Anew in each process: what a parent has put aside when it forks, it writes itself."""
        self.begun = True
        self._rows, self._lock = {}, Lock()
        Thread(target=self._write_on, name="task rows", daemon=True).start()

    def put(self, row: Row) -> None:
        with self._lock:
            before = self._rows.pop(row.task_id, None)
            if before is not None and row.date_started is None:
                row.date_started = before.date_started
            self._rows[row.task_id] = row

    def write(self) -> None:
        """All of them; what cannot be written is told in the log, and given up."""
        with self._lock:
            rows, self._rows = list(self._rows.values()), {}
        try:
            store([row for row in rows if row.date_started is None], STATE)
            store([row for row in rows if row.date_started is not None], STARTED)
        except Error:
            logger.exception("The rows of %d tasks could not be written.", len(rows))
            connection.close()  # it may be from before a restart of Postgres

    def end(self) -> None:
        """Write what there is; from now on rows are written at once."""
        self.begun = False
        self.write()

    def _write_on(self) -> None:
        while self.begun:
            self.write()
            time.sleep(EVERY_SECONDS)


def store(rows: list[Row], fields: list[str]) -> None:
    """Insert the rows, or bring those that are there to this state."""
    TaskResult.objects.bulk_create(
        sorted(rows, key=lambda row: row.task_id),  # two processes never wait for each other
        update_conflicts=True,
        unique_fields=["task_id"],
        update_fields=fields,
    )


aside = TaskRows()


def connect() -> None:
    for begins in (worker_process_init, worker_ready):
        begins.connect(_begin)
    for ends in (worker_process_shutdown, worker_shutdown):
        ends.connect(_end)


def _begin(**_: Any) -> None:
    aside.begin()


def _end(**_: Any) -> None:
    aside.end()
