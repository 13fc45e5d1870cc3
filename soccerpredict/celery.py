"""The Celery application: queues and limits are in settings, tasks in the apps."""

import os
from typing import Any

from celery import Celery
from celery.signals import (
    before_task_publish,
    celeryd_init,
    setup_logging,
    task_prerun,
)

from soccerpredict import threads
from soccerpredict.http import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soccerpredict.settings")

threads.settle()
app = Celery("soccerpredict")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def leave_logging_alone(**_: Any) -> None:
    """With a receiver of this signal, Celery puts up no handlers beside Django's."""


def share_the_cores(conf: Any = None, options: Any = None, **_: Any) -> None:
    """Among the processes of a worker that starts, before it loads what computes."""
    threads.settle(threads.share(options.get("concurrency") or conf.worker_concurrency))


celeryd_init.connect(share_the_cores)
setup_logging.connect(leave_logging_alone)
before_task_publish.connect(request_id.send_with_task)
task_prerun.connect(request_id.restore_from_task)
