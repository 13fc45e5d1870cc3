"""Predictions, the runs that made them, and jobs that clients asked for."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import DropdownFilter

from livescores.admin_search import DaysFilter
from livescores.models import Match, Season, Tournament
from predictions.admin.columns import MOST_MATCHES, OfMatchAdmin, PredictionColumns, Staged
from predictions.admin.course import course_of
from predictions.admin.export import ExportingAdmin
from predictions.models import BatchRun, Prediction, PredictionJob, PublicationPointer, Stage
from predictions.pages.numbers import NBSP
from predictions.services.reading import counterparts
from soccerpredict.access.models import ApiClient
from soccerpredict.back_office.admin import (
    EstimatingPaginator,
    ReadOnlyAdmin,
    UncountedChangeList,
    badge,
    facts,
    list_of,
    once,
)

OTHER = {Stage.CHAMPION: Stage.CHALLENGER, Stage.CHALLENGER: Stage.CHAMPION}
JOB_COLOURS = {"Queued": "info", "Running": "info", "Succeeded": "success", "Failed": "danger"}


class LeagueFilter(DropdownFilter):  # type: ignore[misc]
    """By league, through the index of a match's predictions."""

    title = "league"
    parameter_name = "league"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found = Tournament.objects.select_related("region").order_by("region__name", "tier", "name")
        return [(str(one.pk), f"{one.region.name}: {one.name}") for one in found]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Prediction]
    ) -> QuerySet[Prediction]:
        league = self.value()
        if league not in dict(self.lookup_choices):
            return queryset
        seasons = list(Season.objects.filter(tournament=league).values_list("pk", flat=True))
        return queryset.filter(match__in=Match.objects.filter(season__in=seasons).values("pk"))


class ComparingList(UncountedChangeList):
    """Reads what stands beside all rows of the page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        page: list[Any] = list(self.result_list)  # type: ignore[has-type]
        ids = [prediction.match_id for prediction in page]
        said, priced = counterparts.published(ids), counterparts.market(ids)
        for prediction in page:
            other = OTHER[Stage(prediction.batch.stage)]
            prediction.other = said.get((other, prediction.match_id))
            prediction.market = priced.get(prediction.match_id)
        self.result_list = page


@admin.register(Prediction)
class PredictionAdmin(PredictionColumns, ExportingAdmin, OfMatchAdmin):
    list_display = (
        "match",
        "stage",
        "predicted",
        "other_stage",
        "market",
        "model_version",
        "computed_at",
        "sample",
    )
    list_select_related = (*OfMatchAdmin.list_select_related, "batch__model_version")
    list_filter = ("batch__stage", "in_sample", LeagueFilter, ("start_time_utc", DaysFilter))
    indexed_lookups = ("match__id__exact", "batch__id__exact")
    search_help_text = (
        f"Words of the teams' names, or a match's number; of its newest {MOST_MATCHES} matches. "
        "Filters alone look through what is published now; a batch run leads to all of its own."
    )
    actions = ("export_csv", "export_parquet")
    fields = (
        "match",
        "start_time_utc",
        ("home", "draw", "away"),
        ("model_version", "stage", "computed_at", "sample"),
        "batch",
        "course",
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ComparingList]:
        return ComparingList

    def recent(self, queryset: QuerySet[Prediction]) -> QuerySet[Prediction]:
        batches = PublicationPointer.objects.values_list("batch_id", flat=True)
        return queryset.filter(batch__in=list(batches))

    @admin.display(description="home/draw/away")
    def predicted(self, prediction: Prediction) -> str | None:
        return in_short((prediction.proba_home, prediction.proba_draw, prediction.proba_away))

    @admin.display(description="other stage", empty_value="-")
    def other_stage(self, prediction: Prediction) -> str | None:
        return in_short(getattr(prediction, "other", None))

    @admin.display(description="market", empty_value="-")
    def market(self, prediction: Prediction) -> str | None:
        return in_short(getattr(prediction, "market", None))

    @admin.display(description="")
    @once
    def course(self, prediction: Prediction) -> str:
        return course_of(prediction.match)


def in_short(proba: Sequence[float] | None) -> str | None:
    """Home, draw and away in whole per cent."""
    return "/".join(f"{part:.0%}"[:-1] for part in proba) + f"{NBSP}%" if proba else None


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
