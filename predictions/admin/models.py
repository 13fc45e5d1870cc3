"""Model versions and the names under which they serve."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import BigIntegerField, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from predictions.admin import model_card
from predictions.admin.columns import STAGE_COLOURS, Staged
from predictions.admin.gates import newest_findings
from predictions.models import AliasChange, ModelVersion, Retirement, Stage
from predictions.pages import contest
from predictions.services.live import live_requests
from predictions.services.versions import retirement
from soccerpredict.back_office.admin import ReadOnlyAdmin, badge, facts, number, once
from soccerpredict.back_office.decisions import DecidedAdmin

MOST_COMPARED = 6


@admin.register(ModelVersion)
class ModelVersionAdmin(DecidedAdmin):
    list_display = (
        "label",
        "serves_as",
        "recipe_class",
        "trained_until",
        number("n_matches", "matches"),
        "log_loss",
        "registered_at",
        "retired",
    )
    list_filter = ("recipe", "recipe_class", ("retirement", admin.EmptyFieldListFilter))
    search_fields = ("recipe", "run_id", "version")
    ordering = ("-registered_at", "-id")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("label", "serves_as", "recipe_class"),
                    ("trained_until", "evaluated_until", "n_matches", "n_features"),
                    "registered_at",
                )
            },
        ),
        ("Model card", {"fields": ("card", "retired")}),
        ("Beside the other stage", {"fields": ("beside",)}),
        ("Metrics", {"fields": ("metrics_table",)}),
        ("Reliability", {"fields": ("diagram",)}),
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

    actions = ("examine_as_champion", "examine_as_challenger", "compare", "retire")
    list_before_template = "admin/contest.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {"contest": contest.current(), "is_missed": True, **(extra_context or {})}
        shown: HttpResponse = super().changelist_view(request, more)
        return shown

    @admin.action(description="Compare side by side", permissions=["view"])
    def compare(
        self, request: HttpRequest, queryset: QuerySet[ModelVersion]
    ) -> HttpResponseBase | None:
        versions = list(queryset[:MOST_COMPARED])
        if len(versions) < 2:
            self.message_user(request, "Choose two versions or more.", messages.WARNING)
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Versions side by side",
            "back": request.get_full_path(),
            **model_card.compared(versions),
        }
        return TemplateResponse(request, "admin/compare.html", context)

    def evidence(self, version: ModelVersion) -> SafeString | str:
        return newest_findings(version)

    @admin.action(description="Retire: never serve again", permissions=["decide"])
    def retire(
        self, request: HttpRequest, queryset: QuerySet[ModelVersion]
    ) -> HttpResponseBase | None:
        def decide(version: ModelVersion, reason: str) -> None:
            retirement.retire(version=version, by=request.user.get_username(), reason=reason)

        consequence = "No stage may be served by these versions from now on:"
        return self.decided(request, queryset, decide, title="Retire", consequence=consequence)

    @admin.action(description="Examine beside the champion", permissions=["decide"])
    def examine_as_champion(
        self, request: HttpRequest, queryset: QuerySet[ModelVersion]
    ) -> HttpResponseBase | None:
        return self._examined(request, queryset, Stage.CHAMPION)

    @admin.action(description="Examine beside the challenger", permissions=["decide"])
    def examine_as_challenger(
        self, request: HttpRequest, queryset: QuerySet[ModelVersion]
    ) -> HttpResponseBase | None:
        return self._examined(request, queryset, Stage.CHALLENGER)

    def _examined(
        self, request: HttpRequest, queryset: QuerySet[ModelVersion], stage: Stage
    ) -> HttpResponseBase | None:
        def decide(version: ModelVersion, reason: str) -> str:
            by = request.user.get_username()
            return live_requests.examination(version.version, stage.value, by, reason)

        consequence = f"A gate report will say whether it may serve as {stage.value}:"
        asked = self.decided(request, queryset, decide, title="Examine", consequence=consequence)
        return asked or HttpResponseRedirect(reverse("admin:predictions_gatereport_changelist"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelVersion]:
        found: QuerySet[ModelVersion] = super().get_queryset(request)
        held = {stage.value: holder_of(stage) for stage in Stage}
        return found.select_related("retirement").annotate(**held)

    @admin.display(description="hold-out log-loss")
    def log_loss(self, version: ModelVersion) -> str:
        return model_card.shown(version.metrics.get("holdout_log_loss"))

    @badge("retired", {"Retired": "warning"})
    def retired(self, version: ModelVersion) -> str | None:
        return "Retired" if hasattr(version, "retirement") else None

    @admin.display(description="")
    @once
    def card(self, version: ModelVersion) -> str:
        return model_card.card(version)

    @admin.display(description="")
    @once
    def beside(self, version: ModelVersion) -> str:
        return model_card.beside(version)

    @admin.display(description="")
    @once
    def diagram(self, version: ModelVersion) -> str:
        return model_card.diagram(version)

    @admin.display(description="model")
    def label(self, version: ModelVersion) -> str:
        return str(version)

    @badge("serves as", STAGE_COLOURS)
    def serves_as(self, version: ModelVersion) -> str:
        held = [stage.label for stage in Stage if getattr(version, stage.value) == version.pk]
        return ", ".join(held)

    @admin.display(description="")
    def metrics_table(self, version: ModelVersion) -> SafeString:
        return facts(dict(sorted(version.metrics.items())))

    @admin.display(description="")
    def parameters_table(self, version: ModelVersion) -> SafeString:
        return facts(dict(sorted(version.parameters.items())))


def holder_of(stage: Stage) -> Subquery:
    """The id of the version that a stage names now, read once for the whole list."""
    newest = AliasChange.objects.current(stage)
    return Subquery(newest.values("model_version_id"), output_field=BigIntegerField())


@admin.register(AliasChange)
class AliasChangeAdmin(Staged, DecidedAdmin):
    list_display = (
        "changed_at",
        "alias",
        "model_version",
        "previous",
        "changed_by",
        "reason",
        "forced",
    )
    list_filter = ("stage", "forced")
    actions = ("roll_back",)
    list_select_related = ("model_version", "previous")
    search_fields = ("changed_by", "reason", "model_version__recipe")
    fields = (
        ("alias", "model_version", "previous"),
        ("changed_at", "changed_by", "forced"),
        "reason",
        "evidence_table",
    )

    @admin.display(description="evidence")
    def evidence_table(self, change: AliasChange) -> SafeString:
        return facts(change.evidence)

    def evidence(self, change: AliasChange) -> SafeString | str:
        """Of the version that would serve again."""
        if change.previous is None:
            return "No version served the stage before."
        return format_html(
            "<p>Back to: {}</p>{}", change.previous, newest_findings(change.previous)
        )

    @admin.action(description="Roll back to the version before", permissions=["decide"])
    def roll_back(
        self, request: HttpRequest, queryset: QuerySet[AliasChange]
    ) -> HttpResponseBase | None:
        def decide(change: AliasChange, reason: str) -> str:
            by, seen = request.user.get_username(), change.model_version.version
            return live_requests.rollback(change.stage, by, reason, seen=seen)

        consequence = "The stage is served by the version before from now on, instead of by:"
        return self.decided(request, queryset, decide, title="Roll back", consequence=consequence)


@admin.register(Retirement)
class RetirementAdmin(ReadOnlyAdmin):
    list_display = ("retired_at", "model_version", "retired_by", "reason")
    list_select_related = ("model_version",)
    search_fields = ("retired_by", "reason", "model_version__recipe")
    fields = ("model_version", ("retired_at", "retired_by"), "reason")
