"""How the scheduled jobs are doing; when they run is edited in the periodic tasks."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from soccerpredict.back_office.admin import ReadOnlyAdmin, UncountedChangeList, badge, minute
from soccerpredict.jobs.heartbeats import JobHeartbeat, heartbeats
from soccerpredict.jobs.models import JobRun

COLOURS = {
    "Failed": "danger",
    "Late": "danger",
    "Running": "info",
    "Done": "success",
    "Nothing to do": "success",
    "Switched off": "warning",
}


class HeartbeatList(UncountedChangeList):
    """Reads the heartbeats of all rows at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        for beat in heartbeats(self.result_list):
            beat.job.beat = beat  # type: ignore[attr-defined]


def beat_of(job: JobRun) -> JobHeartbeat:
    if not hasattr(job, "beat"):
        job.beat = heartbeats([job])[0]  # type: ignore[attr-defined]
    known: JobHeartbeat = job.beat  # type: ignore[attr-defined]
    return known


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    list_display = ("name", "how", "sentence", "started", "took", "next_due", "failures")
    list_filter = ("state",)
    search_fields = ("name", "key")
    ordering = ("name",)
    sortable_by = ("name", "failures")
    fields: tuple[Any, ...] = (
        ("name", "key"),
        ("how", "next_due", "failures"),
        "sentence",
        ("started_at", "ended_at", "succeeded_at"),
        ("acknowledged_at", "acknowledged_by"),
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[HeartbeatList]:
        return HeartbeatList

    @badge("state", COLOURS)
    def how(self, job: JobRun) -> str:
        beat = beat_of(job)
        return "Late" if beat.is_late else JobRun.State(beat.state).label.capitalize()

    @admin.display(description="result")
    def sentence(self, job: JobRun) -> str:
        return beat_of(job).result

    @admin.display(description="last start (UTC)")
    def started(self, job: JobRun) -> str:
        return minute(job.started_at) if job.started_at else "-"

    @admin.display
    def took(self, job: JobRun) -> str:
        if not (job.started_at and job.ended_at):
            return "-"
        return shown(job.ended_at - job.started_at)

    @admin.display(description="next due (UTC)")
    def next_due(self, job: JobRun) -> str:
        due = beat_of(job).next_due
        return minute(due) if due else "-"


def shown(took: timedelta) -> str:
    seconds = took.total_seconds()
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
