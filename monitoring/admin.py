"""Reports, and Celery's results and timetable, in the admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
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

from monitoring.models import DriftReference, DriftReport, QualityReport
from monitoring.services.reports import drift_page, headline
from soccerpredict.http.admin import (
    EstimatingPaginator,
    PlatformAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    badge,
    facts,
    link,
    percent,
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


@admin.register(QualityReport)
class QualityReportAdmin(ReadOnlyAdmin):
    list_display = ("as_of", "n_matches", "champion", "frequencies", "closing", "generated_at")
    list_filter = ("generated_at",)
    search_fields = ("as_of",)
    search_help_text = "A part of the moment, as 2026-03."
    fields = (("as_of", "generated_at"), ("n_matches", "champion"), "scores")

    @admin.display(description="log-loss", ordering="log_loss")
    def champion(self, report: QualityReport) -> str:
        return decimals(report.log_loss)

    @admin.display(description="of class frequencies", ordering="frequencies_log_loss")
    def frequencies(self, report: QualityReport) -> str:
        return decimals(report.frequencies_log_loss)

    @admin.display(description="of the closing line", ordering="closing_log_loss")
    def closing(self, report: QualityReport) -> str:
        return decimals(report.closing_log_loss)

    @admin.display(description="champion, all leagues, 90 days")
    def scores(self, report: QualityReport) -> SafeString:
        return facts(headline(report.content))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """A list shows no content; the page of a report reads it."""
        found: QuerySet[Any] = super().get_queryset(request)
        return found.defer("content")


@admin.register(DriftReport)
class DriftReportAdmin(ReadOnlyAdmin):
    list_display = ("generated_at", "verdict", "n_drifted", "share", "n_matches", "model_version")
    list_filter = ("drifted", "generated_at")
    search_fields = ("=model_version__run_id", "model_version__recipe")
    list_select_related = ("model_version",)
    fields = (
        ("generated_at", "as_of"),
        ("model_version", "n_matches"),
        ("verdict", "n_drifted", "n_features", "share"),
        "page",
        "columns",
    )

    @badge("verdict", {"drifted": "danger", "steady": "success"}, ordering="drifted")
    def verdict(self, report: DriftReport) -> str:
        return "drifted" if report.drifted else "steady"

    @admin.display(description="share of features", ordering="drift_score")
    def share(self, report: DriftReport) -> str:
        return percent(report.drift_score)

    @admin.display(description="features that drifted")
    def columns(self, report: DriftReport) -> SafeString:
        columns = report.content["features"]
        return facts({one["name"]: one["statistic"] for one in columns if one["drifted"]})

    @admin.display(description="plots")
    def page(self, report: DriftReport) -> SafeString:
        return link(reverse("admin:monitoring_driftreport_page"), "Evidently's newest page")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)
        return found.defer("content")

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.newest_page)
        ours = path("newest-page/", page, name="monitoring_driftreport_page")
        return [ours, *super().get_urls()]

    def newest_page(self, request: HttpRequest) -> FileResponse:
        """What Evidently drew for the newest report."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            return FileResponse(drift_page().open("rb"), content_type="text/html; charset=utf-8")
        except OSError as exc:
            raise Http404 from exc


@admin.register(DriftReference)
class DriftReferenceAdmin(ReadOnlyAdmin):
    list_display = ("model_version", "n_matches", "first_kickoff", "last_kickoff", "created_at")
    list_select_related = ("model_version",)
    search_fields = ("=model_version__run_id", "model_version__recipe")
    fields = ("model_version", "n_matches", ("first_kickoff", "last_kickoff"), "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)
        return found.defer("sample")


def decimals(score: float | None) -> str:
    return "-" if score is None else f"{score:.4f}"
