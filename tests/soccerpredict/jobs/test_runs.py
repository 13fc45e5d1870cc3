"""A job's heartbeat row, and the lock that keeps it from overlapping itself."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from celery import shared_task
from django.conf import settings
from django.db import connection

from soccerpredict.errors import NotFound
from soccerpredict.jobs import locks, runs
from soccerpredict.jobs.models import JobRun
from soccerpredict.jobs.runs import Job, NothingToDo
from tests.soccerpredict.embedded.users import line_of

pytestmark = pytest.mark.django_db

TASK, GIVEN = "tests.tidy_up", {"source": "attic"}
KEY = "tests.tidy_up(source=attic)"


def run(work):
    return runs.run(TASK, GIVEN, work)


def fail(exc):
    def work():
        raise exc

    return work


def test_a_run_leaves_its_sentence():
    began = datetime.now(UTC)

    assert run(lambda: "3 boxes sorted.") == "3 boxes sorted."

    job = JobRun.objects.get(key=KEY)
    assert (job.state, job.result, job.failures) == ("done", "3 boxes sorted.", 0)
    assert began <= job.started_at <= job.ended_at == job.succeeded_at


def test_a_failure_is_kept_and_raised():
    for _ in range(2):
        with pytest.raises(NotFound):
            run(fail(NotFound("There is no attic.")))

    job = JobRun.objects.get(key=KEY)
    assert (job.state, job.result, job.failures) == ("failed", "There is no attic.", 2)
    assert job.succeeded_at is None


def test_a_success_ends_a_row_of_failures():
    with pytest.raises(NotFound):
        run(fail(NotFound("There is no attic.")))

    run(lambda: "Sorted.")

    assert JobRun.objects.get(key=KEY).failures == 0


def test_an_error_of_the_code_is_named():
    with pytest.raises(ZeroDivisionError):
        run(fail(ZeroDivisionError("by nothing")))

    job = JobRun.objects.get(key=KEY)
    assert (job.state, job.result) == ("failed", "It broke off: ZeroDivisionError by nothing")


def test_nothing_to_do_is_no_failure():
    assert run(fail(NothingToDo("The attic is empty."))) == "The attic is empty."

    assert JobRun.objects.get(key=KEY).state == "nothing"


def test_a_job_does_not_overlap_itself():
    assert run(lambda: run(lambda: "inside")) == "It runs already."

    assert JobRun.objects.get(key=KEY).state == "done"


def test_another_job_may_run_beside_it():
    inside = run(lambda: runs.run(TASK, {"source": "cellar"}, lambda: "The cellar, too."))

    assert inside == "The cellar, too."


def test_its_lock_outlives_a_closed_connection():
    def work():
        connection.cursor().execute("SELECT 1")
        assert locks.held_among([KEY, "another()"]) == {KEY}
        with locks.held(KEY) as got:
            return f"got: {got}"

    assert run(work) == "got: False"
    assert locks.held_among([KEY]) == set()


HOLD = f"""
import django
django.setup()
from soccerpredict.jobs import locks
from django.db import connections
connections.databases["default"]["NAME"] = {{name!r}}
with locks.held({KEY!r}) as got:
    print(got, flush=True)
    import time
    time.sleep(60)
"""


def test_the_lock_dies_with_the_worker():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "soccerpredict.settings"}
    code = HOLD.format(name=connection.settings_dict["NAME"])
    worker = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert line_of(worker, 60) == "True\n"
    assert run(lambda: "mine") == "It runs already."

    worker.send_signal(signal.SIGKILL)
    worker.wait(20)
    deadline = time.monotonic() + 5
    while locks.held_among([KEY]) and time.monotonic() < deadline:
        time.sleep(0.02)

    assert run(lambda: "mine") == "mine"


@shared_task(base=Job, name=TASK)
def tidy_up(source):
    return f"The {source} is tidy."


def test_a_task_of_its_base_keeps_a_heartbeat():
    assert tidy_up.apply(kwargs=GIVEN).get() == "The attic is tidy."

    assert JobRun.objects.get(key=KEY).state == "done"
    assert not tidy_up.acks_late
