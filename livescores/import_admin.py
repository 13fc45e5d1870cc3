"""What imports did, what they refused and changed, and where sources stand, in the admin."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString

from livescores import table_page
from livescores.admin_search import MOST_DIGITS, MOST_WORDS, OfTeamAdmin
from livescores.import_filters import RoutineFilter
from livescores.models import ClubRating, ImportChange, ImportRejection, ImportReport, SourcePage
from soccerpredict.back_office.admin import (
    WINDOW,
    BigTableAdmin,
    EstimatingPaginator,
    ReadOnlyAdmin,
    ReadOnlyInline,
    badge,
    facts,
    list_of,
    page_of,
)

IMPORT_COLOURS = {"Running": "info", "Done": "success", "Failed": "danger", "Undone": "warning"}
MOST_RANGES = 5


class ImportRejectionInline(ReadOnlyInline):
    model = ImportRejection
    fields = ("what", "file", "line", "reason")


@admin.register(ImportReport)
class ImportReportAdmin(ReadOnlyAdmin):
    list_display = (
        "started_at",
        "source",
        "state",
        "files",
        "rows_read",
        "inserted",
        "updated",
        "rejected",
        "odds_inserted",
        "odds_rejected",
    )
    list_filter = ("status", "source", RoutineFilter)
    search_fields = ("source",)
    ordering = ("-started_at",)
    inlines = (ImportRejectionInline,)
    readonly_fields = ("what_changed",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.table)
        return [path("table/", view, name="livescores_table"), *super().get_urls()]

    def table(self, request: HttpRequest) -> HttpResponse:
        """What a mapping makes of any table; nothing of it is stored."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "title": "Any table"}
        return table_page.respond(request, context)

    @badge("status", IMPORT_COLOURS, ordering="status")
    def state(self, report: ImportReport) -> str:
        return report.get_status_display()

    @admin.display(description="what changed")
    def what_changed(self, report: ImportReport) -> SafeString | str:
        if not report.keeps_changes:
            return "not kept"
        return list_of(ImportChange, "Row by row", report__id__exact=report.pk)


@admin.register(ImportRejection)
class ImportRejectionAdmin(ReadOnlyAdmin):
    list_display = ("file", "line", "what", "reason", "report")
    list_filter = ("what",)
    list_select_related = ("report",)
    search_fields = ("file", "reason")
    ordering = ("-id",)
    paginator = EstimatingPaginator

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRejection]:
        found: QuerySet[ImportRejection] = super().get_queryset(request)
        return found.select_related("report")


@admin.register(SourcePage)
class SourcePageAdmin(ReadOnlyAdmin):
    list_display = ("url", "source", "asked_at", "changed_at")
    list_filter = ("source",)
    search_fields = ("url",)
    ordering = ("source", "url")


@admin.register(ImportChange)
class ImportChangeAdmin(BigTableAdmin):
    list_display = ("table", "kind", "rows", "at", "import_report")
    list_select_related = ("report",)
    list_filter = ("kind",)
    indexed_lookups = ("report__id__exact",)
    search_fields = ("table", "key")
    search_help_text = (
        f"A row's number, words of its table's name; among the newest {WINDOW:,} changes."
    )
    fields = ("table", "kind", "rows", "at", "import_report", "was", "became")
    readonly_fields = fields

    def search(self, queryset: QuerySet[ImportChange], search_term: str) -> QuerySet[ImportChange]:
        """Without an index: what is asked now and then need not slow down every import."""
        meant = Q()
        for word in search_term.split()[:MOST_WORDS]:
            if word.isdecimal() and len(word) <= MOST_DIGITS:
                meant &= Q(key=word) | Q(_holds(int(word)))
            else:
                meant &= Q(table__icontains=word)
        return self.recent(queryset).filter(meant)

    @admin.display(description="rows")
    def rows(self, change: ImportChange) -> str:
        """Their numbers; a match list may have been met in a hundred pieces."""
        if not change.ids:
            return change.key
        shown = [
            f"{one.lower}" if one.upper - one.lower == 1 else f"{one.lower} to {one.upper - 1}"
            for one in change.ids[:MOST_RANGES]
        ]
        more = len(change.ids) - len(shown)
        return ", ".join(shown) + (f" and {more} more" if more else "")

    @admin.display(description="import")
    def import_report(self, change: ImportChange) -> SafeString | str:
        return page_of(change.report) if change.report else "none: a person, or a job"

    @admin.display(description="was")
    def was(self, change: ImportChange) -> SafeString:
        return facts(change.before)

    @admin.display(description="became")
    def became(self, change: ImportChange) -> SafeString:
        return facts(change.after)


def _holds(row: int) -> Func:
    """Whether a change's ranges have this row in them."""
    sides = (F("ids"), Cast(Value(row), BigIntegerField()))
    return Func(
        *sides, template="(%(expressions)s)", arg_joiner=" @> ", output_field=BooleanField()
    )


@admin.register(ClubRating)
class ClubRatingAdmin(OfTeamAdmin):
    list_display = ("team", "source", "rating", "first_day", "last_day")
