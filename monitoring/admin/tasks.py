"""Celery's workers, tasks and their results."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_celery_results.models import GroupResult, TaskResult

from monitoring.admin.sending import AWAY, links_to
from monitoring.models import Acknowledgement
from monitoring.services.tasks import acknowledging, celery_state, queues, task_control
from monitoring.services.tasks.task_outputs import made_by
from soccerpredict.back_office.admin import EstimatingPaginator, ReadOnlyAdmin, badge, once
from soccerpredict.errors import SoccerPredictError

STATE_COLOURS = {
    "SUCCESS": "success",
    "FAILURE": "danger",
    "REVOKED": "warning",
    "RETRY": "warning",
    "STARTED": "info",
}

admin.site.unregister((TaskResult, GroupResult))


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
    actions = ("send_once_more", "take_back", "acknowledge")
    list_display = ("task_id", "task_name", "state", "worker", "date_created", "date_done")
    list_filter = ("status", "date_done", ("acknowledgement", admin.EmptyFieldListFilter))
    search_fields = ("=task_id", "=task_name", "=worker")
    search_help_text = "The task's id or whole name, or its worker's."
    fields = (
        ("task_id", "state"),
        ("task_name", "periodic_task_name", "worker"),
        ("date_created", "date_started", "date_done"),
        ("task_args", "task_kwargs"),
        "made",
        "result",
        "traceback_lines",
        "meta",
    )

    @badge("state", STATE_COLOURS, ordering="status")
    def state(self, task: TaskResult) -> str:
        return str(task.status)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """A list shows neither results nor tracebacks, so it doesn't read them."""
        found: QuerySet[Any] = super().get_queryset(request)
        return found.defer("result", "traceback", "meta", "task_args", "task_kwargs")

    @admin.display(description="made")
    @once
    def made(self, task: TaskResult) -> SafeString | None:
        try:
            args, kwargs = task_control.arguments(task)
        except task_control.NotPossible:
            return None
        return links_to(made_by(task.task_name, kwargs, args, **times(task)))

    @admin.display(description="traceback")
    def traceback_lines(self, task: TaskResult) -> SafeString | None:
        if not task.traceback:
            return None
        return format_html(
            '<pre class="overflow-x-auto text-xs" tabindex="0">{}</pre>', task.traceback
        )

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Those whom nothing but the rights to change task results is given for."""
        return bool(request.user.has_perm("django_celery_results.change_taskresult"))

    @admin.action(description="Send once more", permissions=["steer"])
    def send_once_more(self, request: HttpRequest, tasks: QuerySet[TaskResult]) -> None:
        for task in tasks.defer(None):
            self._steer(
                request, task, lambda task: f"Sent once more as {task_control.retry(task)}."
            )

    @admin.action(description="Revoke", permissions=["steer"])
    def take_back(self, request: HttpRequest, tasks: QuerySet[TaskResult]) -> None:
        for task in tasks:
            self._steer(request, task, revoked)

    @admin.action(description="Acknowledge the failure", permissions=["steer"])
    def acknowledge(self, request: HttpRequest, tasks: QuerySet[TaskResult]) -> None:
        by = request.user.get_username()
        for task in tasks:
            self._steer(request, task, lambda task: acknowledged(task, by))

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
            task_control.revoke(str(UUID(task_id)))
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


def times(task: Any) -> dict[str, datetime | None]:
    """When it ran; django-celery-results has no types."""
    return {"started": task.date_started or task.date_created, "ended": task.date_done}


REVOKED = "Revoked: dropped when its turn comes, or ended if it runs."


def acknowledged(task: TaskResult, by: str) -> str:
    acknowledging.task(task, by=by)
    return "Acknowledged."


def revoked(task: TaskResult) -> str:
    if task.status in task_control.OVER:
        raise task_control.NotPossible(f"{task.task_id} is over: {task.status}.")
    task_control.revoke(task.task_id)
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


@admin.register(Acknowledgement)
class AcknowledgementAdmin(ReadOnlyAdmin):
    list_display = ("acknowledged_at", "acknowledged_by", "task_name")
    list_select_related = ("task",)
    search_fields = ("acknowledged_by", "=task__task_id", "=task__task_name")
    fields = ("task", ("acknowledged_at", "acknowledged_by"))

    @admin.display(description="task", ordering="task__task_name")
    def task_name(self, seen: Acknowledgement) -> str:
        return str(seen.task.task_name)
