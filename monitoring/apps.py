from typing import Any

from celery.signals import worker_init
from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        from monitoring import task_log, task_rows, tasks  # noqa: F401 - found by their names

        worker_init.connect(register_commands)
        task_log.connect()
        task_rows.connect()


def register_commands(**_: Any) -> None:
    """Only a worker needs them, and they bring in all of Celery's worker."""
    from monitoring import worker_commands  # noqa: F401
