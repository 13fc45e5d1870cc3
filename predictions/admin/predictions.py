"""Predictions, the runs that made them, and jobs that clients asked for."""

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.safestring import SafeString

from predictions.admin.columns import OfMatchAdmin, PredictionColumns, Staged
from predictions.models import BatchRun, Prediction, PredictionJob
from soccerpredict.access.models import ApiClient
from soccerpredict.http.admin import EstimatingPaginator, ReadOnlyAdmin, badge, facts, list_of

JOB_COLOURS = {"Queued": "info", "Running": "info", "Succeeded": "success", "Failed": "danger"}


@admin.register(Prediction)
class PredictionAdmin(PredictionColumns, OfMatchAdmin):
    list_display = (
        "id",
        "match",
        "home",
        "draw",
        "away",
        "model_version",
        "stage",
        "computed_at",
        "sample",
    )
    list_select_related = (*OfMatchAdmin.list_select_related, "batch__model_version")
    list_filter = ("batch__stage", "in_sample")
    indexed_lookups = ("match__id__exact", "batch__id__exact")
    fields = (
        "match",
        "start_time_utc",
        ("home", "draw", "away"),
        ("model_version", "stage", "computed_at", "sample"),
        "batch",
    )


@admin.register(BatchRun)
class BatchRunAdmin(Staged, ReadOnlyAdmin):
    list_display = ("computed_at", "alias", "model_version", "as_of", "predictions")
    list_filter = ("stage",)
    list_select_related = ("model_version",)
    search_fields = ("model_version__recipe", "model_version__run_id", "dataset_version")
    ordering = ("-computed_at",)
    fields = (
        "id",
        ("alias", "model_version"),
        ("computed_at", "as_of"),
        ("dataset_version", "predictions"),
    )

    @admin.display(ordering="n_predictions")
    def predictions(self, batch: BatchRun) -> SafeString:
        return list_of(Prediction, f"{batch.n_predictions:,}", batch__id__exact=batch.pk)


@admin.register(PredictionJob)
class PredictionJobAdmin(ReadOnlyAdmin):
    list_display = ("id", "state", "client", "attempts", "created_at", "started_at", "finished_at")
    list_filter = ("status",)
    search_fields = ("=id", "=request_id", "=idempotency_key")
    search_help_text = "The job's, the request's or the caller's own id."
    ordering = ("-created_at",)
    sortable_by = ("created_at",)
    paginator = EstimatingPaginator
    fields = (
        ("id", "state", "attempts"),
        ("client", "idempotency_key", "request_id"),
        ("created_at", "started_at", "finished_at", "expires_at"),
        "request_table",
        "result_table",
        "problem_table",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PredictionJob]:
        clients = ApiClient.objects.filter(pk=OuterRef("client_id")).values("name")
        found: QuerySet[PredictionJob] = super().get_queryset(request)
        return found.annotate(client_name=Subquery(clients))

    @badge("status", JOB_COLOURS)
    def state(self, job: PredictionJob) -> str:
        return job.get_status_display()

    @admin.display(empty_value="(deleted)")
    def client(self, job: PredictionJob) -> str | None:
        name: str | None = getattr(job, "client_name", None)
        return name

    @admin.display(description="request")
    def request_table(self, job: PredictionJob) -> SafeString:
        return facts(job.request)

    @admin.display(description="result")
    def result_table(self, job: PredictionJob) -> SafeString:
        return facts(job.result)

    @admin.display(description="problem")
    def problem_table(self, job: PredictionJob) -> SafeString:
        return facts(job.problem)
