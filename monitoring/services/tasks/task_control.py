"""What an operator may do to tasks: start a job now, take a task back, send it once more."""

import ast
from datetime import timedelta
from typing import Any

import orjson
from celery import current_app, states
from django_celery_results.models import TaskResult

from monitoring.services.tasks.task_outputs import task_named
from soccerpredict.errors import SoccerPredictError

ANSWER_SECONDS = 1.0
KEPT = timedelta(hours=1)  # what is sent once more and still waits then has been forgotten
OVER = states.READY_STATES


class NotPossible(SoccerPredictError):
    status = 409
    code = "not_possible"
    title = "Not possible"


def run_now(task: str, kwargs: dict[str, Any], *, name: str = "") -> str:
    """Send a job of the timetable before its time; returns the task's id.

    Raises:
        NotPossible: there is no such task.
    """
    if task_named(task) is None:
        raise NotPossible(f"There is no task {task} any more.")
    sent = current_app.send_task(
        task, kwargs=kwargs, expires=KEPT.total_seconds(), headers={"periodic_task_name": name}
    )
    return str(sent.id)


def retry(result: TaskResult) -> str:
    """Send a finished task once more, with the same arguments; returns the new one's id.

    Raises:
        NotPossible: it is still under way, no task of ours, or its arguments were not kept whole.
    """
    if result.status not in OVER:
        raise NotPossible(f"{result.task_id} is still {result.status}: revoke it first.")
    if task_named(result.task_name) is None:
        raise NotPossible(f"There is no task {result.task_name} any more.")
    args, kwargs = arguments(result)
    sent = current_app.send_task(
        result.task_name, args=args, kwargs=kwargs, expires=KEPT.total_seconds()
    )
    return str(sent.id)


def revoke(task_id: str) -> None:
    """Take a task back: one that waits is dropped when its turn comes, one that runs is ended."""
    current_app.control.revoke(task_id, terminate=True, reply=True, timeout=ANSWER_SECONDS, limit=1)


def arguments(result: TaskResult) -> tuple[Any, Any]:
    """What the task was given.

    Raises:
        NotPossible: its arguments were not kept whole.
    """
    return _written(result.task_args, ()), _written(result.task_kwargs, {})


def _written(text: str | None, default: Any) -> Any:
    """The arguments behind what django-celery-results keeps: Celery's repr of them, as JSON."""
    if not text:
        return default
    try:
        kept = orjson.loads(text)
        return ast.literal_eval(kept) if isinstance(kept, str) else kept
    except (ValueError, SyntaxError) as exc:
        raise NotPossible("Its arguments were not kept whole: start it by its command.") from exc
