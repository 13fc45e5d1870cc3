"""The Celery application: queues and limits are in settings, tasks in the apps."""

import os

from celery import Celery
from celery.signals import before_task_publish, task_prerun

from soccerpredict.http import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soccerpredict.settings")

app = Celery("soccerpredict")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

before_task_publish.connect(request_id.send_with_task)
task_prerun.connect(request_id.restore_from_task)
