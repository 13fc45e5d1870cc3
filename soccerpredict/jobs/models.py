"""What scheduled jobs last did. When they run stands in django-celery-beat's periodic tasks."""

from typing import Any

from django.db import models
from django.utils import timezone


class JobRun(models.Model):
    """A job's heartbeat: its last run, and whether it runs now."""

    class State(models.TextChoices):
        WAITING = "waiting", "not run yet"
        OFF = "off", "switched off"
        RUNNING = "running"
        DONE = "done"
        NOTHING = "nothing", "nothing to do"
        FAILED = "failed"

    name = models.CharField(max_length=120)
    key = models.CharField(max_length=200, unique=True, help_text="The task and what it is given.")
    task = models.CharField(max_length=120)
    kwargs = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    result = models.TextField(blank=True, help_text="What came of the last run, in a sentence.")
    failures = models.PositiveIntegerField(default=0, help_text="In a row, up to the last run.")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(
        null=True, blank=True, help_text="Somebody knows of failures up to then."
    )
    acknowledged_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


def key_of(task: str, kwargs: dict[str, Any]) -> str:
    """What tells one job from another: `predictions.tasks.fetch_odds(source=fonbet)`."""
    given = ", ".join(f"{name}={value}" for name, value in sorted(kwargs.items()))
    return f"{task}({given})"[:200]
