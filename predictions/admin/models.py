"""Model versions and the names under which they serve."""

from django.contrib import admin
from django.db.models import BigIntegerField, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.safestring import SafeString

from predictions.admin.columns import STAGE_COLOURS, Staged
from predictions.models import AliasChange, ModelVersion, Stage
from soccerpredict.http.admin import ReadOnlyAdmin, badge, facts


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
