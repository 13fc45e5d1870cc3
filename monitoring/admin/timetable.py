"""When jobs run: django-celery-beat's rows, dressed."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django_celery_beat.admin import ClockedScheduleAdmin as BaseClockedScheduleAdmin
from django_celery_beat.admin import CrontabScheduleAdmin as BaseCrontabScheduleAdmin
from django_celery_beat.admin import PeriodicTaskAdmin as BasePeriodicTaskAdmin
from django_celery_beat.admin import PeriodicTaskForm, TaskSelectWidget
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from monitoring.admin.sending import SendingAdmin
from soccerpredict.back_office.admin import PlatformAdmin, ReadOnlyInline, minute

admin.site.unregister(
    (PeriodicTask, ClockedSchedule, CrontabSchedule, IntervalSchedule, SolarSchedule)
)


class TaskSelect(UnfoldAdminSelectWidget, TaskSelectWidget):  # type: ignore[misc]
    """Celery's list of registered tasks, dressed."""


class DressedPeriodicTaskForm(PeriodicTaskForm):  # type: ignore[misc]
    class Meta(PeriodicTaskForm.Meta):  # type: ignore[misc]
        help_texts = {
            "last_run_at": "When it was last sent; empty once it is switched off.",
            "queue": "Empty for the queue that the settings route the task to.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()

    def clean(self) -> dict[str, Any]:
        """What is wrong with the task is said already; the package would miss its value."""
        if "task" in self.errors:
            return dict(self.cleaned_data)
        cleaned: dict[str, Any] = super().clean()
        return cleaned


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(BasePeriodicTaskAdmin, SendingAdmin):  # type: ignore[misc]
    form = DressedPeriodicTaskForm
    list_display = ("name", "enabled", "when", "last_run", "task")
    list_filter = ("enabled", "one_off")
    date_hierarchy = None
    actions = ("enable_tasks", "disable_tasks", "run_tasks")

    list_select_related = ("interval", "crontab", "solar", "clocked")

    @admin.display(description="when")
    def when(self, row: PeriodicTask) -> str:
        """A crontab as it is written, without the theme's reminder of its columns."""
        cron = row.crontab
        if cron is None:
            return str(row.scheduler or "-")
        parts = (cron.minute, cron.hour, cron.day_of_month, cron.month_of_year, cron.day_of_week)
        return " ".join(parts)

    @admin.display(description="last run (UTC)", ordering="last_run_at", empty_value="-")
    def last_run(self, row: PeriodicTask) -> str | None:
        return minute(row.last_run_at) if row.last_run_at else None

    @admin.action(description="Run now", permissions=["change"])
    def run_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        for row in queryset:
            try:
                kwargs = named_arguments(row)
            except ValueError as exc:
                self.message_user(request, f"{row.name}: {exc}", messages.ERROR)
            else:
                self.send(request, row, row.task, kwargs, name=row.name)

    @admin.action(description="Switch on", permissions=["change"])
    def enable_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        super().enable_tasks(request, self.logged(request, queryset, "Switched on."))

    @admin.action(description="Switch off", permissions=["change"])
    def disable_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        super().disable_tasks(request, self.logged(request, queryset, "Switched off."))

    def logged(
        self, request: HttpRequest, queryset: QuerySet[PeriodicTask], deed: str
    ) -> QuerySet[PeriodicTask]:
        for row in queryset:
            self.log_change(request, row, deed)
        return queryset


def named_arguments(row: PeriodicTask) -> dict[str, Any]:
    """What a job is given, as somebody wrote it. Raises ValueError where it is no JSON object."""
    kwargs = json.loads(row.kwargs or "{}")
    if not isinstance(kwargs, dict):
        raise ValueError(f"its keyword arguments are no object: {row.kwargs[:60]}")  # noqa: TRY004
    return kwargs


class PeriodicTaskInline(ReadOnlyInline):
    model = PeriodicTask
    fields = ("name", "task", "enabled")


class ScheduleAdmin(PlatformAdmin):
    inlines = (PeriodicTaskInline,)


@admin.register(ClockedSchedule)
class ClockedScheduleAdmin(BaseClockedScheduleAdmin, ScheduleAdmin):  # type: ignore[misc]
    inlines = ScheduleAdmin.inlines
    search_fields = ("clocked_time",)


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(BaseCrontabScheduleAdmin, ScheduleAdmin):  # type: ignore[misc]
    inlines = ScheduleAdmin.inlines
    list_display = ("human_readable", "minute", "hour", "day_of_week", "timezone")
    search_fields = ("hour", "minute", "day_of_week")


@admin.register(IntervalSchedule)
class IntervalScheduleAdmin(ScheduleAdmin):
    list_display = ("__str__", "every", "period")
    list_filter = ("period",)
    search_fields = ("every", "period")


@admin.register(SolarSchedule)
class SolarScheduleAdmin(ScheduleAdmin):
    list_display = ("event", "latitude", "longitude")
    list_filter = ("event",)
    search_fields = ("event",)
