"""Reports, and Celery's results and timetable, in the admin."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
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
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from monitoring.models import DriftReference, DriftReport, QualityReport
from monitoring.services import celery_state, queues, steering
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
from soccerpredict.http.errors import SoccerPredictError

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
    actions = ("send_once_more", "take_back")
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

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Those whom nothing but the rights to change task results is given for."""
        return bool(request.user.has_perm("django_celery_results.change_taskresult"))

    @admin.action(description="Send selected tasks once more", permissions=["steer"])
    def send_once_more(self, request: HttpRequest, tasks: QuerySet[TaskResult]) -> None:
        for task in tasks.defer(None):
            self._steer(request, task, lambda task: f"Sent once more as {steering.retry(task)}.")

    @admin.action(description="Revoke selected tasks", permissions=["steer"])
    def take_back(self, request: HttpRequest, tasks: QuerySet[TaskResult]) -> None:
        for task in tasks:
            self._steer(request, task, revoked)

    def _steer(
        self, request: HttpRequest, task: TaskResult, act: Callable[[TaskResult], str]
    ) -> None:
        try:
            done = act(task)
        except (SoccerPredictError, *AWAY) as exc:
            self.message_user(request, f"{task.task_name}: {exc}", messages.ERROR)
        else:
            self.log_change(request, task, done)
            self.message_user(request, f"{task.task_name} {task.task_id}: {done}")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("workers/", view(self.workers), name="monitoring_workers"),
            path("workers/revoke/", view(self.revoke), name="monitoring_revoke"),
            *super().get_urls(),
        ]

    def workers(self, request: HttpRequest) -> TemplateResponse:
        """Workers, queues and what waits in them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": "Workers",
            "may_steer": self.has_steer_permission(request),
            **celery_facts(),
        }
        return TemplateResponse(request, "admin/monitoring/workers.html", context)

    def revoke(self, request: HttpRequest) -> HttpResponse:
        """Take back a task that waits, and so has no row yet."""
        if request.method != "POST" or not self.has_steer_permission(request):
            raise PermissionDenied
        task_id = request.POST.get("task_id", "")
        try:
            steering.revoke(str(UUID(task_id)))
        except (ValueError, *AWAY) as exc:
            self.message_user(request, f"{exc}", messages.ERROR)
        else:
            what = ContentType.objects.get_for_model(TaskResult)
            LogEntry.objects.create(  # type: ignore[misc]  # staff have logged in
                user=request.user,
                content_type=what,
                object_id=task_id,
                object_repr=task_id,
                action_flag=CHANGE,
                change_message="Revoked while it waited.",
            )
            self.message_user(request, f"{task_id}: {REVOKED}")
        return HttpResponseRedirect(reverse("admin:monitoring_workers"))


REVOKED = "Revoked: dropped when its turn comes, or ended if it runs."
AWAY = (RedisError, BrokerError, OSError)


def revoked(task: TaskResult) -> str:
    if task.status in steering.OVER:
        raise steering.NotPossible(f"{task.task_id} is over: {task.status}.")
    steering.revoke(task.task_id)
    return REVOKED


def celery_facts() -> dict[str, Any]:
    """What Redis and the workers tell; without Redis that it is away."""
    try:
        state = celery_state.queues()
        return {
            "workers": [
                {**worker, **state["workers"].get(worker["name"], {})}
                for worker in celery_state.workers()
            ],
            "queues": state["queues"],
            "waiting": queues.first_waiting(),
        }
    except AWAY:
        return {"is_away": True}


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
