"""Odds, models, predictions and what is published of them, in the admin: to be read."""

from typing import Any

from django.contrib import admin
from django.db.models import BigIntegerField, BinaryField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RelatedDropdownFilter

from livescores.admin import MatchAdmin, named
from livescores.models import Match
from predictions.models import (
    AliasChange,
    BatchRun,
    BettingRun,
    Bookmaker,
    ModelVersion,
    Odds,
    OddsSource,
    Prediction,
    PredictionJob,
    PriceMoment,
    Publication,
    PublicationPointer,
    QuarantinedOdds,
    RegionReturn,
    Stage,
)
from predictions.services import closing_line, quarantine
from predictions.services.closing_line import ClosingPrice, NoClosingPrice
from soccerpredict.access.models import ApiClient
from soccerpredict.http.admin import (
    BigTableAdmin,
    DecidedAdmin,
    EstimatingPaginator,
    KeptAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    badge,
    facts,
    list_of,
    minute,
    page_of,
    percent,
)

MOST_MATCHES = 300  # newest ones that a search for their odds or predictions looks at
BODIES = [field.name for field in Publication._meta.fields if isinstance(field, BinaryField)]
STAGE_COLOURS = {"Champion": "success", "Challenger": "info"}
DECISION_COLOURS = {"Waiting": "warning", "Released": "success", "Discarded": "info"}
JOB_COLOURS = {"Queued": "info", "Running": "info", "Succeeded": "success", "Failed": "danger"}


class PredictionColumns:
    """What a list of predictions shows of each, on its own page or a match's."""

    @admin.display(description="home")
    def home(self, prediction: Prediction) -> str:
        return percent(prediction.proba_home)

    @admin.display(description="draw")
    def draw(self, prediction: Prediction) -> str:
        return percent(prediction.proba_draw)

    @admin.display(description="away")
    def away(self, prediction: Prediction) -> str:
        return percent(prediction.proba_away)

    @admin.display(description="model")
    def model_version(self, prediction: Prediction) -> SafeString:
        return page_of(prediction.batch.model_version)

    @badge("stage", STAGE_COLOURS)
    def stage(self, prediction: Prediction) -> str:
        return prediction.batch.get_stage_display()

    @admin.display(description="computed (UTC)")
    def computed_at(self, prediction: Prediction) -> str:
        return minute(prediction.batch.computed_at)

    @badge("sample", {"in sample": "warning"})
    def sample(self, prediction: Prediction) -> str:
        return "in sample" if prediction.in_sample else "out of sample"


class Prices:
    """The three columns of whatever holds odds."""

    @admin.display(description="home")
    def home(self, odds: Odds) -> str:
        return f"{odds.odd_home:.2f}"

    @admin.display(description="draw")
    def draw(self, odds: Odds) -> str:
        return f"{odds.odd_draw:.2f}"

    @admin.display(description="away")
    def away(self, odds: Odds) -> str:
        return f"{odds.odd_away:.2f}"


class Staged:
    """The column of the alias under which something serves."""

    @badge("stage", STAGE_COLOURS, ordering="stage")
    def alias(self, row: Any) -> str:
        return str(row.get_stage_display())


class OfMatchAdmin(BigTableAdmin):
    """A big table about matches: searched by the newest matches that the words mean."""

    list_select_related: tuple[str, ...] = ("match__home_team", "match__away_team")
    search_fields = ("match__home_team__name", "match__away_team__name")
    search_help_text = (
        f"Words of the teams' names, or a match's number; of its newest {MOST_MATCHES} matches. "
        "Filters alone look through the newest rows."
    )

    def search(self, queryset: QuerySet[Any], search_term: str) -> QuerySet[Any]:
        matches = Match.objects.filter(named(search_term)).order_by("-start_time_utc", "-id")
        return queryset.filter(match__in=list(matches.values_list("pk", flat=True)[:MOST_MATCHES]))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the names also on a row's own page, which knows no list_select_related."""
        found: QuerySet[Any] = super().get_queryset(request)
        return found.select_related(*self.list_select_related)


@admin.register(Odds)
class OddsAdmin(Prices, OfMatchAdmin):
    list_display = ("id", "match", "bookmaker", "kind", "home", "draw", "away", "captured")
    list_select_related = (*OfMatchAdmin.list_select_related, "bookmaker")
    list_filter = ("kind", "moment", ("bookmaker", RelatedDropdownFilter))
    indexed_lookups = ("match__id__exact",)
    fields = (
        "match",
        ("bookmaker", "kind", "source"),
        ("home", "draw", "away"),
        ("captured_at", "moment", "recorded_at"),
    )

    @admin.display(description="captured (UTC)")
    def captured(self, odds: Odds) -> str:
        return minute(odds.captured_at)


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


@admin.register(Bookmaker)
class BookmakerAdmin(KeptAdmin):
    list_display = ("code", "name", "kind", "priority")
    list_filter = ("kind",)
    search_fields = ("code", "name")


@admin.register(OddsSource)
class OddsSourceAdmin(KeptAdmin):
    list_display = ("name", "may_pass_on", "note", "first_seen_at")
    list_filter = ("may_pass_on",)
    search_fields = ("name", "note")
    readonly_fields = ("first_seen_at",)

    def get_readonly_fields(
        self, request: HttpRequest, obj: OddsSource | None = None
    ) -> tuple[str, ...]:
        """The name, too: prices say by it where they come from."""
        return (*self.readonly_fields, "name") if obj else self.readonly_fields


@admin.register(QuarantinedOdds)
class QuarantinedOddsAdmin(DecidedAdmin):
    list_display = ("as_read", "match", "bookmaker", "kind", "reason", "place", "found", "decision")
    list_filter = ("state", "source", "kind", ("bookmaker", RelatedDropdownFilter))
    list_select_related = ("match__home_team", "match__away_team", "bookmaker")
    search_fields = ("match__home_team__name", "match__away_team__name", "reason", "file")
    ordering = ("-found_at", "-id")
    actions = ("release", "discard")
    fields = (
        "match",
        ("bookmaker", "kind", "source"),
        ("as_read", "reason"),
        ("place", "found_at"),
        ("captured_at", "moment"),
        ("decision", "decided_by", "decided_at"),
        "decision_reason",
        "released_as",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuarantinedOdds]:
        found: QuerySet[QuarantinedOdds] = super().get_queryset(request)
        return found.select_related(*self.list_select_related, "released_as")

    @admin.display(description="read at")
    def place(self, row: QuarantinedOdds) -> str:
        return f"{row.file}:{row.line}" if row.line else row.file

    @admin.display(description="found (UTC)", ordering="found_at")
    def found(self, row: QuarantinedOdds) -> str:
        return minute(row.found_at)

    @badge("decision", DECISION_COLOURS, ordering="state")
    def decision(self, row: QuarantinedOdds) -> str:
        return row.get_state_display()

    @admin.action(description="Release: take these prices for true", permissions=["decide"])
    def release(
        self, request: HttpRequest, queryset: QuerySet[QuarantinedOdds]
    ) -> HttpResponseBase | None:
        def decide(row: QuarantinedOdds, reason: str) -> None:
            quarantine.release(row.pk, by=request.user.get_username(), reason=reason)

        consequence = "Cards, models and simulations use these prices from now on:"
        return self.decided(request, queryset, decide, title="Release", consequence=consequence)

    @admin.action(description="Discard: leave these prices out for good", permissions=["decide"])
    def discard(
        self, request: HttpRequest, queryset: QuerySet[QuarantinedOdds]
    ) -> HttpResponseBase | None:
        def decide(row: QuarantinedOdds, reason: str) -> None:
            quarantine.discard(row.pk, by=request.user.get_username(), reason=reason)

        consequence = "Nothing will ever use these prices, and no import asks again:"
        return self.decided(request, queryset, decide, title="Discard", consequence=consequence)


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = (
        "label",
        "serves_as",
        "recipe_class",
        "trained_until",
        "n_matches",
        "registered_at",
    )
    list_filter = ("recipe", "recipe_class")
    search_fields = ("recipe", "run_id", "version")
    ordering = ("-registered_at", "-id")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("label", "serves_as", "recipe_class"),
                    ("trained_until", "n_matches", "n_features"),
                    "registered_at",
                )
            },
        ),
        ("Metrics", {"fields": ("metrics_table",)}),
        ("Parameters", {"fields": ("parameters_table",)}),
        (
            "Where it comes from",
            {
                "fields": (
                    ("name", "version"),
                    "run_id",
                    "uri",
                    "artifact_digest",
                    ("dataset_version", "code_version"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelVersion]:
        found: QuerySet[ModelVersion] = super().get_queryset(request)
        return found.annotate(**{stage.value: holder_of(stage) for stage in Stage})

    @admin.display(description="model")
    def label(self, version: ModelVersion) -> str:
        return str(version)

    @badge("serves as", STAGE_COLOURS)
    def serves_as(self, version: ModelVersion) -> str:
        held = [stage.label for stage in Stage if getattr(version, stage.value) == version.pk]
        return ", ".join(held)

    @admin.display(description="")
    def metrics_table(self, version: ModelVersion) -> SafeString:
        return facts(version.metrics)

    @admin.display(description="")
    def parameters_table(self, version: ModelVersion) -> SafeString:
        return facts(version.parameters)


def holder_of(stage: Stage) -> Subquery:
    """The id of the version that a stage names now, read once for the whole list."""
    newest = AliasChange.objects.current(stage)
    return Subquery(newest.values("model_version_id"), output_field=BigIntegerField())


@admin.register(AliasChange)
class AliasChangeAdmin(Staged, ReadOnlyAdmin):
    list_display = ("changed_at", "alias", "model_version", "previous", "changed_by", "reason")
    list_filter = ("stage",)
    list_select_related = ("model_version", "previous")
    search_fields = ("changed_by", "reason", "model_version__recipe")
    fields = (
        ("alias", "model_version", "previous"),
        ("changed_at", "changed_by"),
        "reason",
        "evidence_table",
    )

    @admin.display(description="evidence")
    def evidence_table(self, change: AliasChange) -> SafeString:
        return facts(change.evidence)


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


@admin.register(Publication)
class PublicationAdmin(Staged, ReadOnlyAdmin):
    list_display = ("published_at", "alias", "batch", "n_predictions", "etag")
    list_filter = ("stage",)
    list_select_related = ("batch",)
    search_fields = ("etag",)
    ordering = ("-published_at",)
    fields = (("alias", "published_at"), "batch", "n_predictions", "etag")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publication]:
        """Without the bodies, which are megabytes each."""
        found: QuerySet[Publication] = super().get_queryset(request)
        return found.defer(*BODIES)


@admin.register(PublicationPointer)
class PublicationPointerAdmin(Staged, ReadOnlyAdmin):
    list_display = ("alias", "publication", "batch", "swapped_at")
    search_fields = ("stage",)
    list_filter = ("stage",)
    ordering = ("stage",)
    fields = ("alias", "publication", "batch", "swapped_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PublicationPointer]:
        """Without the publications' bodies."""
        found: QuerySet[PublicationPointer] = super().get_queryset(request)
        return found.select_related("publication", "batch").defer(
            *(f"publication__{body}" for body in BODIES)
        )


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


@admin.register(BettingRun)
class BettingRunAdmin(Staged, ReadOnlyAdmin):
    list_display = ("computed_at", "alias", "batch", "n_matches", "returns")
    list_filter = ("stage",)
    list_select_related = ("batch",)
    search_fields = ("batch__model_version__recipe",)
    ordering = ("-computed_at",)
    fields = (("alias", "computed_at"), "batch", ("n_matches", "returns"))

    def returns(self, run: BettingRun) -> SafeString:
        return list_of(RegionReturn, "by region", run__id__exact=run.pk)


@admin.register(RegionReturn)
class RegionReturnAdmin(ReadOnlyAdmin):
    list_display = (
        "region",
        "strategy",
        "bookmaker",
        "min_edge",
        "n_matches",
        "n_bets",
        "n_won",
        "staked_units",
        "profit_units",
        "roi",
        "interval",
        "run",
    )
    list_filter = (
        "strategy",
        "min_edge",
        ("region", RelatedDropdownFilter),
        ("bookmaker", RelatedDropdownFilter),
    )
    list_select_related = ("region", "bookmaker", "run")
    search_fields = ("region__name",)
    ordering = ("-run", "region__name", "strategy", "min_edge")
    fields = (
        ("run", "region", "bookmaker"),
        ("strategy", "min_edge"),
        ("n_matches", "n_bets", "n_won"),
        ("staked_units", "profit_units"),
        ("roi", "interval"),
    )

    @admin.display(description="staked", ordering="staked")
    def staked_units(self, returned: RegionReturn) -> str:
        return f"{returned.staked:,.2f}"

    @admin.display(description="profit", ordering="profit")
    def profit_units(self, returned: RegionReturn) -> str:
        return f"{returned.profit:+,.2f}"

    @admin.display(description="ROI", empty_value="no bets")
    def roi(self, returned: RegionReturn) -> str | None:
        return f"{returned.profit / returned.staked:+.1%}" if returned.staked else None

    @admin.display(description="90 % interval")
    def interval(self, returned: RegionReturn) -> str | None:
        if returned.roi_ci_low is None or returned.roi_ci_high is None:
            return None
        return f"{returned.roi_ci_low:+.1f} to {returned.roi_ci_high:+.1f} %"


class PredictionInline(PredictionColumns, ReadOnlyInline):
    model = Prediction
    fields = ("home", "draw", "away", "model_version", "stage", "computed_at", "sample")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prediction]:
        found: QuerySet[Prediction] = super().get_queryset(request)
        return found.select_related("batch__model_version")


class OddsInline(Prices, ReadOnlyInline):
    model = Odds
    fields = ("bookmaker", "kind", "home", "draw", "away", "captured_at", "moment", "source")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Odds]:
        found: QuerySet[Odds] = super().get_queryset(request)
        return found.select_related("bookmaker")


# livescores knows nothing of predictions; here a match's page gets what was thought of it.
admin.site.unregister(Match)


@admin.register(Match)
class PredictedMatchAdmin(MatchAdmin):
    inlines = (PredictionInline, OddsInline)
    readonly_fields: tuple[str, ...] = (*MatchAdmin.readonly_fields, "closing_line")

    def get_fieldsets(
        self, request: HttpRequest, obj: Match | None = None
    ) -> list[tuple[str | None, dict[str, Any]]]:
        market = [("Closing line", {"fields": ("closing_line",)})] if obj else []
        return [*super().get_fieldsets(request, obj), *market]

    @admin.display(description="")
    def closing_line(self, match: Match) -> SafeString:
        """Each bookmaker's last price before kick-off and its origin, or why there is none."""
        answers = closing_line.of_match(match)
        return facts({answer.bookmaker: in_words(answer) for answer in answers})


def in_words(answer: ClosingPrice | NoClosingPrice) -> str:
    if isinstance(answer, NoClosingPrice):
        return answer.reason
    prices = " / ".join(f"{price:.2f}" for price in answer.prices)
    how = PriceMoment(answer.moment).label
    return f"{prices}, {answer.kind} of {answer.source}, {minute(answer.captured_at)} UTC ({how})"
