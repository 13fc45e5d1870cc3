"""A failure that somebody knows of leaves the start page; the next one comes back to it."""

import pytest
from django.utils import timezone
from django_celery_results.models import TaskResult

from monitoring.models import Acknowledgement
from monitoring.services.platform import overview
from monitoring.services.tasks import acknowledging
from monitoring.services.tasks.task_control import NotPossible
from soccerpredict.jobs.models import JobRun
from soccerpredict.jobs.runs import run

pytestmark = pytest.mark.django_db
TASK = "predictions.tasks.run_ratings"


def fail(**kwargs):
    """As the worker does it: the heartbeat of a job whose work raises."""

    def work():
        raise OSError("The disk is full.")

    with pytest.raises(OSError, match="full"):
        run(TASK, kwargs, work)
    return JobRun.objects.get(task=TASK, kwargs=kwargs)


def failed_task(kwargs="{}"):
    return TaskResult.objects.create(
        task_id=f"task {TaskResult.objects.count()}",
        task_name=TASK,
        task_kwargs=f'"{kwargs}"',
        status="FAILURE",
        date_done=timezone.now(),
    )


def news():
    told = overview.jobs()
    return [beat.job.task for beat in told.troubled], told.failed_tasks


def test_an_acknowledged_job_leaves_the_start_page_with_its_tasks():
    job = fail()
    failed_task()
    assert news() == ([TASK], 1)

    acknowledging.job(job, by="ann")

    assert news() == ([], 0)
    assert Acknowledgement.objects.get().acknowledged_by == "ann"


def test_the_next_failure_is_news_again():
    acknowledging.job(fail(), by="ann")
    fail()

    assert news() == ([TASK], 0)


def test_the_task_of_another_job_stays():
    job = fail(stage="champion")
    failed_task("{'stage': 'challenger'}")
    failed_task("{'stage': 'champion'}")

    assert acknowledging.job(job, by="ann") == 1
    assert overview.jobs().failed_tasks == 1


def test_what_did_not_fail_cannot_be_acknowledged():
    run(TASK, {}, lambda: "Done.")
    done = TaskResult.objects.create(task_id="done", task_name=TASK, status="SUCCESS")

    with pytest.raises(NotPossible, match="did not fail"):
        acknowledging.job(JobRun.objects.get(), by="ann")
    with pytest.raises(NotPossible, match="did not fail"):
        acknowledging.task(done, by="ann")


def test_a_task_acknowledged_twice_is_whom_it_was_first():
    task = failed_task()

    acknowledging.task(task, by="ann")
    acknowledging.task(task, by="bob")

    assert Acknowledgement.objects.get().acknowledged_by == "ann"
