"""What a task made: the rows that came of it, found by when it ran and what it was given.

Tasks say themselves which rows they make (`soccerpredict.jobs.task_outputs`). A job never runs
beside itself, so what such rows were made in that time is its own.
"""

import inspect
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from celery import current_app
from django.db.models import JSONField, Model
from django.utils import timezone

from soccerpredict.jobs.task_outputs import NOTHING, Output

MOST = 5


def task_named(name: str) -> Any:
    """The registered task, or None. A web process has not imported all of them."""
    if name not in current_app.tasks:
        current_app.loader.import_default_modules()
    return current_app.tasks.get(name)


def made_by(
    name: str | None,
    kwargs: dict[str, Any],
    args: Iterable[Any],
    *,
    started: datetime | None,
    ended: datetime | None,
) -> list[Model]:
    """The rows, oldest first, at most MOST of a kind; none of a task that did not start."""
    task = task_named(name or "")
    if task is None or started is None:
        return []
    given = _arguments(task, args, kwargs)
    span = (started, ended or timezone.now())
    outputs = getattr(task, "makes", NOTHING)
    return [row for output in outputs for row in _rows(output, given, span)]


def _arguments(task: Any, args: Iterable[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    """By name; none if they are of another version of the task."""
    try:
        bound = inspect.signature(task.run).bind(*args, **kwargs)
    except TypeError:
        return {}
    bound.apply_defaults()
    return bound.arguments


def _rows(
    output: Output, given: dict[str, Any], span: tuple[datetime, datetime]
) -> Iterator[Model]:
    if not set(output.bears.values()) <= given.keys():
        return
    wanted = {field: given[argument] for field, argument in output.bears.items()}
    if output.moment:
        wanted[f"{output.moment}__range"] = span
    large = [field.name for field in output.model._meta.fields if isinstance(field, JSONField)]
    found = output.model._default_manager.filter(**wanted).defer(*large)
    yield from found.order_by(output.moment or "pk", "pk")[:MOST]
