"""A job's heartbeat, with what its last run made, and buttons to run it now or acknowledge."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django_celery_results.models import TaskResult

from monitoring.admin.sending import SendingAdmin, links_to
from monitoring.services.tasks import acknowledging
from monitoring.services.tasks.task_control import NotPossible
from monitoring.services.tasks.task_outputs import made_by
from soccerpredict.back_office.admin import list_of, once
from soccerpredict.jobs.admin import JobRunAdmin
from soccerpredict.jobs.heartbeats import heartbeats
from soccerpredict.jobs.models import JobRun

# The heartbeats know nothing of what jobs make; here their pages get it.
admin.site.unregister(JobRun)


@admin.register(JobRun)
class SteeredJobRunAdmin(SendingAdmin, JobRunAdmin):
    actions = ("run_now", "acknowledge")
    fields = (*JobRunAdmin.fields, "made", "results")

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Who may change heartbeats; their own pages stay to be read only."""
        return bool(request.user.has_perm("jobs.change_jobrun"))

    @admin.action(description="Run now", permissions=["steer"])
    def run_now(self, request: HttpRequest, queryset: QuerySet[JobRun]) -> None:
        for beat in heartbeats(queryset):
            job = beat.job
            if beat.state == JobRun.State.RUNNING:
                self.message_user(request, f"{job} runs already.", messages.WARNING)
            else:
                self.send(request, job, job.task, job.kwargs, name=job.name)

    @admin.action(description="Acknowledge the failure", permissions=["steer"])
    def acknowledge(self, request: HttpRequest, queryset: QuerySet[JobRun]) -> None:
        by = request.user.get_username()
        for job in queryset:
            try:
                n_tasks = acknowledging.job(job, by=by)
            except NotPossible as exc:
                self.message_user(request, str(exc), messages.ERROR)
            else:
                self.log_change(request, job, f"Acknowledged, with failed tasks: {n_tasks}.")
                self.message_user(request, f"{job}: acknowledged.", messages.SUCCESS)

    @admin.display(description="made by the last run")
    @once
    def made(self, job: JobRun) -> SafeString | None:
        return links_to(
            made_by(job.task, job.kwargs, (), started=job.started_at, ended=job.ended_at)
        )

    @admin.display(description="runs")
    def results(self, job: JobRun) -> SafeString:
        lookups: dict[str, Any] = {"q": job.task}
        return list_of(TaskResult, "task results", **lookups)
