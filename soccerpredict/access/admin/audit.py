"""Who changed what: Django's own log of the admin, to be read, never changed."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from soccerpredict.back_office.admin import EstimatingPaginator, ReadOnlyAdmin, badge, link, minute

DEEDS = {ADDITION: "Added", CHANGE: "Changed", DELETION: "Deleted"}
COLOURS = {"Added": "success", "Changed": "info", "Deleted": "danger"}


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "user", "deed", "content_type", "row", "message")
    list_display_links = ("at",)
    list_filter = ("action_flag", ("user", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "content_type")
    search_fields = ("user__username", "object_repr", "change_message")
    ordering = ("-action_time", "-id")
    sortable_by = ("at",)
    paginator = EstimatingPaginator
    show_facets = admin.ShowFacets.NEVER
    fields = (("at", "user", "deed"), ("content_type", "object_id"), "row", "message")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        found: QuerySet[LogEntry] = super().get_queryset(request)
        return found.select_related(*self.list_select_related)

    @admin.display(description="when (UTC)", ordering="action_time")
    def at(self, entry: LogEntry) -> str:
        return minute(entry.action_time)

    @badge("what", COLOURS)
    def deed(self, entry: LogEntry) -> str:
        return DEEDS[entry.action_flag]

    @admin.display(description="of")
    def row(self, entry: LogEntry) -> SafeString | str:
        address = None if entry.is_deletion() else entry.get_admin_url()
        return link(address, entry.object_repr) if address else entry.object_repr

    @admin.display(description="in words")
    def message(self, entry: LogEntry) -> Any:
        return entry.get_change_message()
