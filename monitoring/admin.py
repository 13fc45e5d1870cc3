"""Celery's results and timetable in the admin, dressed like the rest of it."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
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
from django_celery_results.models import GroupResult, TaskResult
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from soccerpredict.http.admin import (
    EstimatingPaginator,
    PlatformAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    badge,
)

THIRD_PARTY = (
    TaskResult,
    GroupResult,
    PeriodicTask,
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    SolarSchedule,
)
STATE_COLOURS = {
    "SUCCESS": "success",
    "FAILURE": "danger",
    "REVOKED": "warning",
    "RETRY": "warning",
    "STARTED": "info",
}

admin.site.unregister(THIRD_PARTY)


class ExpiringAdmin(ReadOnlyAdmin):
    """What Celery wrote and a nightly task deletes: a person may delete it sooner."""

    paginator = EstimatingPaginator
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-date_done",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        codename = f"{self.opts.app_label}.delete_{self.opts.model_name}"
        return bool(request.user.has_perm(codename))


@admin.register(TaskResult)
class TaskResultAdmin(ExpiringAdmin):
    list_display = ("task_id", "task_name", "state", "worker", "date_created", "date_done")
    list_filter = ("status", "date_done")
    search_fields = ("=task_id", "=task_name", "=worker")
    search_help_text = "The task's id or whole name, or its worker's."
    fields = (
        ("task_id", "state"),
        ("task_name", "periodic_task_name", "worker"),
        ("date_created", "date_started", "date_done"),
        ("task_args", "task_kwargs"),
        "result",
        "traceback",
        "meta",
    )

    @badge("state", STATE_COLOURS, ordering="status")
    def state(self, task: TaskResult) -> str:
        return str(task.status)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """A list shows neither results nor tracebacks, so it doesn't read them."""
        found: QuerySet[Any] = super().get_queryset(request)
        return found.defer("result", "traceback", "meta", "task_args", "task_kwargs")


@admin.register(GroupResult)
class GroupResultAdmin(ExpiringAdmin):
    list_display = ("group_id", "date_created", "date_done")
    list_filter = ("date_done",)
    search_fields = ("=group_id",)
    fields = ("group_id", ("date_created", "date_done"), "result")


class TaskSelect(UnfoldAdminSelectWidget, TaskSelectWidget):  # type: ignore[misc]
    """Celery's list of registered tasks, dressed."""


class DressedPeriodicTaskForm(PeriodicTaskForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(BasePeriodicTaskAdmin, PlatformAdmin):  # type: ignore[misc]
    form = DressedPeriodicTaskForm
    list_display = ("name", "enabled", "scheduler", "task", "last_run_at", "one_off")
    list_filter = ("enabled", "one_off")
    date_hierarchy = None


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
