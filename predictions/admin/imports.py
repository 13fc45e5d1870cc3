"""An import's page, with the way back: which takes what is known of predictions, too."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from livescores.import_admin import ImportReportAdmin
from livescores.models import ImportReport
from predictions.services.undoing import service
from soccerpredict.back_office.decisions import DecidedAdmin

# livescores knows nothing of predictions, without which nothing is undone.
admin.site.unregister(ImportReport)


@admin.register(ImportReport)
class UndoableImportAdmin(DecidedAdmin, ImportReportAdmin):
    actions = ("undo", "undo_with_later")
    longest_reason = service.MOST_REASON

    @admin.action(description="Undo", permissions=["decide"])
    def undo(
        self, request: HttpRequest, reports: QuerySet[ImportReport]
    ) -> HttpResponseBase | None:
        return self._undone(request, reports, with_later=False)

    @admin.action(description="Undo, with later imports that build on it", permissions=["decide"])
    def undo_with_later(
        self, request: HttpRequest, reports: QuerySet[ImportReport]
    ) -> HttpResponseBase | None:
        return self._undone(request, reports, with_later=True)

    def _undone(
        self, request: HttpRequest, reports: QuerySet[ImportReport], *, with_later: bool
    ) -> HttpResponseBase | None:
        def decide(report: ImportReport, reason: str) -> str:
            by = request.user.get_username()
            undone = service.undo(report.pk, by=by, why=reason, with_later=with_later)
            for other in undone:
                if other.pk != report.pk:
                    self.log_change(request, other, f"Undo: with import {report.pk}: {reason}")
            return " ".join(map(service.sentence, undone))

        consequence = "What these imports inserted goes, and what they updated is as before:"
        newest_first = reports.order_by("-pk")
        return self.decided(request, newest_first, decide, title="Undo", consequence=consequence)
