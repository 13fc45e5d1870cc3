"""Tasks are sent by their names: here by a fresh process, which is no worker."""

import os
import subprocess
import sys

from django.conf import settings

from predictions import task_names

SHOW = """
import django
django.setup()
from celery import current_app
print(*current_app.tasks)
"""


def test_a_web_process_knows_every_task_that_it_may_send():
    sent = {name for word, name in vars(task_names).items() if word.isupper()}
    timed = {entry["task"] for entry in settings.TIMETABLE}

    fresh = subprocess.run(
        [sys.executable, "-c", SHOW],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "soccerpredict.settings"},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert sent | timed <= set(fresh.stdout.split())
