"""The Celery application: queues and limits are in settings, tasks in the apps."""

import os
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, setup_logging, task_prerun

from soccerpredict.http import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soccerpredict.settings")

app = Celery("soccerpredict")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def leave_logging_alone(**_: Any) -> None:
    """With a receiver of this signal, Celery puts up no handlers beside Django's."""


setup_logging.connect(leave_logging_alone)
before_task_publish.connect(request_id.send_with_task)
task_prerun.connect(request_id.restore_from_task)
