"""What is published of a batch run."""

from django.contrib import admin
from django.db.models import BinaryField, QuerySet
from django.http import HttpRequest

from predictions.admin.columns import Staged
from predictions.models import InsightBlock, Publication, PublicationPointer
from soccerpredict.back_office.admin import ReadOnlyAdmin

BODIES = [field.name for field in Publication._meta.fields if isinstance(field, BinaryField)]


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


@admin.register(InsightBlock)
class InsightBlockAdmin(ReadOnlyAdmin):
    list_display = ("number", "model_version", "digest")
    list_select_related = ("model_version",)
    search_fields = ("=number",)
    search_help_text = "A match id divided by the size of a block."
    ordering = ("model_version", "number")
    fields = (("number", "model_version"), "digest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[InsightBlock]:
        """Without the records and the names in each."""
        found: QuerySet[InsightBlock] = super().get_queryset(request)
        return found.select_related("model_version").defer("packed", "facts")
